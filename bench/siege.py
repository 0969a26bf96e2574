"""How a server fares while it is abused: `python -m bench.siege` prints a table.

Attackers come from 127.0.0.2, in a process of their own; somebody else, from 127.0.0.1, asks for
`/healthz` and sends the worked example in turn, and how long each answer takes is what counts.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ATTACKER, VISITOR = "127.0.0.2", "127.0.0.1"
DEADLINE = 2.0
SIGMOIDS = "".join(f"y{i} = sigmoid(y{i - 1})\n" for i in range(1, 31))
WORKED = json.dumps({"source": "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"}).encode()
CHAIN = json.dumps({"source": "y0 = 0.5\n" + SIGMOIDS}).encode()

Attack = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Outcome:
    """What became of one siege. p50, p99, worst: milliseconds of the visitor's requests; held:
    attackers' connections still open after the deadlines; failed: visitor's requests not answered.
    """

    attack: str
    requests: int
    failed: int
    p50: float
    p99: float
    worst: float
    held: int


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """The bytes of one request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def idle(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Say nothing."""
    await reader.read()


async def slow_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send one byte of a head now and then."""
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
    await _drip(reader, writer)


async def slow_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Promise a body, and send one byte of it now and then."""
    writer.write(request("POST", "/api/v1/graph", b" " * 10_000)[:200])
    await _drip(reader, writer)


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not reader.at_eof():
        writer.write(b"y")
        await writer.drain()
        try:
            await asyncio.wait_for(reader.read(1_024), 0.5)
        except TimeoutError:
            continue


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask again as soon as there is an answer."""
    sent = request("POST", "/api/v1/evaluate", CHAIN)
    while not reader.at_eof():
        writer.write(sent)
        await reader.readuntil(b"\r\n\r\n")
        await reader.read(65_536)


async def pages(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask for pages, which no rate limits."""
    while not reader.at_eof():
        writer.write(request("GET", "/docs"))
        await reader.read(2**20)


ATTACKS: dict[str, tuple[Attack, int]] = {
    "nobody": (idle, 0),
    "idle connections": (idle, 200),
    "slow heads": (slow_head, 200),
    "slow bodies": (slow_body, 200),
    "flood of evaluations": (flood, 64),
    "flood of pages": (pages, 64),
}
"""Each attack by name, and over how many connections."""


async def _attack(port: int, attack: Attack, connections: set[asyncio.StreamWriter]) -> None:
    """One attacker; who is turned away from a flood comes back."""
    while True:
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(ATTACKER, 0)
            )
            connections.add(writer)
            try:
                await attack(reader, writer)
            finally:
                connections.discard(writer)
                writer.close()
        except (OSError, asyncio.IncompleteReadError):
            pass
        if attack not in (flood, pages):
            return
        await asyncio.sleep(0.01)


def _besiege(port: int, name: str, seconds: float, held: multiprocessing.Queue[int]) -> None:
    attack, count = ATTACKS[name]
    connections: set[asyncio.StreamWriter] = set()

    async def all_of_them() -> None:
        tasks = [asyncio.create_task(_attack(port, attack, connections)) for _ in range(count)]
        await asyncio.sleep(seconds)
        held.put(len(connections))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(all_of_them())


async def _visit(port: int, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of each request of an ordinary visitor, and how many failed."""
    took: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds
    kinds = [request("GET", "/healthz"), request("POST", "/api/v1/graph", WORKED)]
    while time.perf_counter() < end:
        start = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(VISITOR, 0)
            )
            writer.write(kinds[len(took) % 2])
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            failed += not answer.startswith(b"HTTP/1.1 200")
            writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            failed += 1
        took.append((time.perf_counter() - start) * 1e3)
        await asyncio.sleep(0.01)
    return took, failed


def besiege(port: int, name: str, seconds: float) -> Outcome:
    """Attack a server while somebody visits it."""
    context = multiprocessing.get_context("spawn")
    held: multiprocessing.Queue[int] = context.Queue()
    attackers = context.Process(target=_besiege, args=(port, name, seconds, held))
    attackers.start()
    took, failed = asyncio.run(_visit(port, seconds))
    attackers.join()
    took.sort()
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    return Outcome(name, len(took), failed, p50, p99, took[-1], held.get())


@contextmanager
def server(**settings: str) -> Iterator[int]:
    """A server's port; settings: by their environment variables."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    given = {
        "BACKPROP_LAB_HEAD_SECONDS": str(DEADLINE),
        "BACKPROP_LAB_BODY_SECONDS": str(DEADLINE),
        "BACKPROP_LAB_REQUESTS_PER_MINUTE": "1000",
        **settings,
    }
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    environment = {**os.environ, **given}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **quiet) as process:  # type: ignore[call-overload]
        try:
            found = re.search(r"http://[^ ]+:(\d+)", process.stdout.readline())
            assert found
            asyncio.run(_visit(int(found[1]), 0.2))  # what is made at first use is made now
            yield int(found[1])
        finally:
            process.terminate()


def main() -> None:
    """Print what each attack does to others."""
    print("| attack | connections | requests | failed | p50 ms | p99 ms | worst ms | held |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, (_, count) in ATTACKS.items():
        with server() as port:
            seen = besiege(port, name, DEADLINE * 3)
        figures = f"{seen.p50:.1f} | {seen.p99:.1f} | {seen.worst:.1f} | {seen.held}"
        print(f"| {name} | {count} | {seen.requests} | {seen.failed} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
