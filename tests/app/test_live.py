"""A real server on a real socket: slow readers, readers that leave, and an end in time."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow

LONG = "x = 1.0\ny0 = x * 1.0\n" + "".join(f"y{i} = y{i - 1} * x\n" for i in range(1, 1_500))


@pytest.fixture
def server() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server's port and its process."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[^ ]+:(\d+)", process.stdout.readline())
            assert found
            yield int(found[1]), process
        finally:
            process.kill()


def ask(port: int, source: str) -> socket.socket:
    body = json.dumps({"source": source}).encode()
    head = (
        "POST /api/v1/trace HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect(("127.0.0.1", port))
    connection.sendall(head.encode() + body)
    return connection


def is_well(port: int) -> float:
    start = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as response:
        assert response.status == 200
    return time.perf_counter() - start


def test_a_reader_that_stops_reading_holds_nobody_up(
    server: tuple[int, subprocess.Popen[str]],
) -> None:
    port, _ = server
    stuck = [ask(port, LONG) for _ in range(8)]
    for connection in stuck:
        assert connection.recv(1_024)
    assert max(is_well(port) for _ in range(20)) < 1.0
    for connection in stuck:
        connection.close()


def test_a_reader_that_leaves_is_forgotten(server: tuple[int, subprocess.Popen[str]]) -> None:
    port, process = server
    for _ in range(30):
        connection = ask(port, LONG)
        connection.recv(1_024)
        connection.close()
    assert is_well(port) < 2.0
    assert process.poll() is None


def test_a_server_with_an_open_stream_ends_in_time(
    server: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = server
    connection = ask(port, LONG)
    assert connection.recv(1_024)
    start = time.perf_counter()
    process.terminate()
    process.wait(timeout=10)
    assert time.perf_counter() - start < 5.0
    connection.close()


def test_the_event_loop_serves_others_while_a_long_program_is_read(
    server: tuple[int, subprocess.Popen[str]],
) -> None:
    port, _ = server
    connections = [ask(port, LONG) for _ in range(2)]
    assert max(is_well(port) for _ in range(10)) < 1.0
    for connection in connections:
        connection.close()
