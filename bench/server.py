"""Two servers to compare, each a process of its own: ours, and FastAPI with an empty answer."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from fastapi import FastAPI

__all__ = ["Client", "empty_app", "running"]

EMPTY = """
import uvicorn
from bench.server import empty_app
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(empty_app(), log_level="warning")).run(sockets=[listener])
"""
REST = 0.001
"""Seconds between two requests, in which a server ends what it does after an answer: otherwise the
other one would be measured beside that."""

OURS = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]


def empty_app() -> FastAPI:
    """The least that FastAPI can do."""
    app = FastAPI()

    @app.post("/")
    async def empty() -> None:
        return None

    return app


@contextmanager
def running(ours: bool) -> Iterator[int]:
    """Start a server and give its port."""
    command = OURS if ours else [sys.executable, "-c", EMPTY]
    unlimited = {**os.environ, "BACKPROP_LAB_REQUESTS_PER_MINUTE": "0"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=unlimited
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[^ ]+:(\d+)", process.stdout.readline())
            assert found is not None
            yield int(found[1])
        finally:
            process.terminate()
            process.wait(timeout=10)


class Client:
    """A raw connection that is kept open, so that only the server's time is measured."""

    def __init__(self, port: int, path: str, body: bytes) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        self.body = body

    def first(self, mark: bytes) -> float:
        """Seconds until the answer contains `mark`; the rest is read outside the clock."""
        return self._ask(mark)[0]

    def whole(self) -> float:
        """Seconds until the whole answer is here."""
        return self._ask(b"")[1]

    def _ask(self, mark: bytes) -> tuple[float, float]:
        request = f"{self._head}Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body
        _wait(REST)
        start = perf_counter()
        self._socket.sendall(request)
        received = bytearray()
        first = 0.0
        while not _is_whole(received):
            part = self._socket.recv(1 << 20)
            if not part:
                raise ConnectionError("the server hung up")
            received += part
            if not first and mark in received:
                first = perf_counter() - start
        return first, perf_counter() - start


def _wait(seconds: float) -> None:
    """Not asleep: a processor that wakes up is slow at first."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass


def _is_whole(received: bytearray) -> bool:
    if b"\r\n\r\n" not in received:
        return False
    head, _, body = bytes(received[:2048]).partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if length:
        return len(received) >= len(head) + 4 + int(length[1])
    return received.endswith(b"\r\n0\r\n\r\n") or body == b"0\r\n\r\n"
