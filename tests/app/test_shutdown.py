"""A server that is told to stop ends its streams with a last event, and is gone in time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.app.serving import started

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no signals between processes"),
]

LONG = f"x = {[[0.5] * 60] * 60}\n" + "".join(f"y{i} = x * {i}.5\n" for i in range(400))
LONG += "z = " + " + ".join(f"y{i}" for i in range(400)) + "\nw = sum(z)\n"
STREAMS = 12


@pytest.fixture
def server() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server's port and its process."""
    with started() as (address, process):
        yield int(address.rpartition(":")[2]), process
        process.kill()


def ask(port: int) -> socket.socket:
    """A stream whose client has read its beginning, and no more."""
    body = json.dumps({"source": LONG}).encode()
    head = (
        "POST /api/v1/trace HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", port))
    connection.sendall(head.encode() + body)
    assert b" 200 OK" in connection.recv(512, socket.MSG_WAITALL)
    return connection


def last_kind(connection: socket.socket) -> str:
    """The kind of the last event of a stream that is whole."""
    tail = b""
    while part := connection.recv(2**20):
        tail = (tail + part)[-65_536:]
    connection.close()
    assert tail.endswith(b"\r\n0\r\n\r\n")
    lines = [line for line in tail.split(b"\n") if line.startswith(b'{"kind"')]
    return str(json.loads(lines[-1])["kind"])


def test_streams_end_with_an_event_and_the_server_in_time(
    server: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = server
    connections = [ask(port) for _ in range(STREAMS)]
    start = time.perf_counter()
    process.terminate()
    with ThreadPoolExecutor(STREAMS) as readers:
        kinds = list(readers.map(last_kind, connections))
    process.wait(timeout=10)
    assert time.perf_counter() - start < 5.0
    assert set(kinds) <= {"finished", "failed"}
    assert process.returncode == -signal.SIGTERM


def test_a_client_that_does_not_read_is_cut_off_in_time_without_a_complaint(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    with log.open("w") as errors, started(errors=errors) as (address, process):
        connections = [ask(int(address.rpartition(":")[2])) for _ in range(3)]
        start = time.perf_counter()
        process.terminate()
        process.wait(timeout=10)
        assert time.perf_counter() - start < 5.0
        for connection in connections:
            connection.close()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["route"] for line in lines] == ["/api/v1/trace"] * 3
    assert {line["level"] for line in lines} == {"info"}


def test_an_idle_server_stops_at_once(server: tuple[int, subprocess.Popen[str]]) -> None:
    port, process = server
    with socket.create_connection(("127.0.0.1", port)):
        time.sleep(0.3)
        start = time.perf_counter()
        process.terminate()
        process.wait(timeout=10)
        assert time.perf_counter() - start < 2.0
