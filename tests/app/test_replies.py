"""Answers reach the client whole or chunk by chunk, and end with it."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import anyio
import pytest

from app.evaluators import Started
from app.wire.replies import reply


class Endless:
    """A stream that never ends by itself."""

    media_type = "application/jsonl"
    headers: ClassVar[dict[str, str]] = {"Cache-Control": "no-store"}
    first = b"first\n"
    done = False
    closed = 0

    async def following(self) -> bytes:
        await anyio.sleep(0)
        return b"more\n"

    def close(self) -> None:
        self.closed += 1


async def answered(started: Started, leave_after: int) -> list[Any]:
    """What is sent to a client that leaves after some messages."""
    sent: list[Any] = []
    left = anyio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) == leave_after:
            left.set()

    with anyio.fail_after(5):
        await reply(started)({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)
    return sent


def test_a_client_that_leaves_ends_the_computation() -> None:
    started = Endless()
    sent = anyio.run(answered, started, 3)
    assert sent[1]["body"] == b"first\n"
    assert started.closed >= 1


def test_a_client_that_has_left_already_ends_the_computation_too() -> None:
    started = Endless()
    anyio.run(answered, started, 1)
    assert started.closed >= 1


def test_an_answer_whose_beginning_cannot_be_sent_is_closed() -> None:
    started = Endless()

    async def send(_: Any) -> None:
        raise OSError

    async def visit() -> None:
        await reply(started)({"type": "http"}, anyio.sleep_forever, send)

    with pytest.raises(OSError):  # noqa: PT011 - it has no text
        anyio.run(visit)
    assert started.closed >= 1


def test_the_event_loop_can_write_the_first_event_before_the_next_is_computed() -> None:
    turns: list[str] = []

    class Watched(Endless):
        async def following(self) -> bytes:
            turns.append("computed")
            self.done = True
            return b"more\n"

    async def visit() -> None:
        async def send(message: Any) -> None:
            if message.get("body") == b"first\n":
                asyncio.get_running_loop().call_soon(turns.append, "written")

        await reply(Watched())({"type": "http"}, anyio.sleep_forever, send)

    asyncio.run(visit())
    assert turns == ["written", "computed"]


def test_an_answer_that_is_done_goes_whole() -> None:
    started = Endless()
    started.done = True
    start, body = anyio.run(answered, started, 9)
    assert (b"content-length", b"6") in start["headers"]
    assert (b"cache-control", b"no-store") in start["headers"]
    assert body["body"] == b"first\n"
    assert started.closed >= 1
