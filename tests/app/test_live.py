"""A real server on a real socket: slow readers, readers that leave, and an end in time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.serving import started

pytestmark = pytest.mark.slow

LONG = "x = 1.0\ny0 = x * 1.0\n" + "".join(f"y{i} = y{i - 1} * x\n" for i in range(1, 1_500))


@pytest.fixture
def port(address: str) -> int:
    """The port of a server that goes on."""
    return int(address.rpartition(":")[2])


@pytest.fixture
def server() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server's port and its process."""
    with started() as (address, process):
        yield int(address.rpartition(":")[2]), process
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


def test_a_reader_that_stops_reading_holds_nobody_up(port: int) -> None:
    stuck = [ask(port, LONG) for _ in range(8)]
    for connection in stuck:
        assert connection.recv(1_024)
    assert max(is_well(port) for _ in range(20)) < 1.0
    for connection in stuck:
        connection.close()


def test_a_reader_that_leaves_is_forgotten(port: int) -> None:
    for _ in range(12):
        connection = ask(port, LONG)
        connection.recv(1_024)
        connection.close()
    assert is_well(port) < 2.0


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


HEAVY = "x = 2.0\nA = broadcast_to(x, (800, 800))\nB = A @ A\ny = sum(B)"
"""One step of it takes a good part of a second, which no event can interrupt."""


def test_the_event_loop_serves_others_while_big_jobs_run(port: int) -> None:
    is_well(port)
    connections = [ask(port, source) for source in (LONG, HEAVY) for _ in range(6)]
    waits = sorted(is_well(port) for _ in range(40))
    assert waits[len(waits) // 2] < 0.1
    for connection in connections:
        connection.close()


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return set()
    children = {int(child) for child in text.split()}
    return children.union(*(descendants(child) for child in children))


def all_gone(pids: set[int], seconds: float) -> bool:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into Linux's /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_its_server(
    server: tuple[int, subprocess.Popen[str]], number: signal.Signals
) -> None:
    port, process = server
    connections = [ask(port, source) for source in (LONG, HEAVY) for _ in range(4)]
    assert connections[0].recv(1_024)
    family = descendants(process.pid)
    assert len(family) > 2
    process.send_signal(number)
    process.wait(timeout=10)
    assert all_gone(family, 2)
    for connection in connections:
        connection.close()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into Linux's /proc")
def test_a_client_whose_worker_is_killed_is_told_at_once_and_the_next_is_served(
    server: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = server
    connection = ask(port, LONG)
    received = connection.recv(1_024)
    workers = [pid for pid in descendants(process.pid) if not descendants(pid)]
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    killed = time.perf_counter()
    while not received.endswith(b"0\r\n\r\n"):
        received += connection.recv(2**20)
    assert time.perf_counter() - killed < 0.5
    assert b'"kind":"failed"' in received
    assert b'"code":"server.worker"' in received
    connection.close()
    with ask(port, LONG) as again:
        assert b"200 OK" in again.recv(1_024)


def test_several_web_processes_serve_one_port() -> None:
    with started("--workers", "2") as (address, process):
        connection = ask(int(address.rpartition(":")[2]), LONG)
        assert connection.recv(1_024)
        family = descendants(process.pid)
        process.terminate()
        process.wait(timeout=10)
        assert all_gone(family, 3)
        connection.close()
