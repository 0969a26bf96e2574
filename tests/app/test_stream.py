"""Streams are coalesced, held back by slow readers and always ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.settings import Settings
from app.wire.framing import FRAMINGS
from app.wire.lines import Lines
from app.wire.stream import Chunks
from engine.events import Event, FinishedEvent, ValueEvent


def some(count: int, array: Any = 1.0) -> Iterator[Event]:
    for seq in range(count - 1):
        yield ValueEvent(seq, "x", array)
    yield FinishedEvent(count - 1, count - 1, 1, 0, 0, 0, 0.0)


def drain(chunks: Chunks) -> list[bytes]:
    parts = [chunks.first()]
    while not chunks.done:
        parts.append(chunks.following())
    return parts


def lines(parts: list[bytes]) -> list[Any]:
    return [json.loads(line) for line in b"".join(parts).splitlines()]


PATIENT = Settings(flush_seconds=60)


def test_the_first_chunk_is_one_event() -> None:
    first, *_ = drain(Chunks(some(50), Lines(), PATIENT))
    assert first.count(b"\n") == 1


def test_following_chunks_are_filled() -> None:
    parts = drain(Chunks(some(3_000), Lines(), PATIENT))
    assert all(32 * 1024 <= len(part) < 34 * 1024 for part in parts[1:-1])
    assert [event["seq"] for event in lines(parts)] == list(range(3_000))


def test_a_chunk_is_sent_when_its_first_event_is_old() -> None:
    parts = drain(Chunks(some(10), Lines(), Settings(flush_seconds=1e-9)))
    assert [part.count(b"\n") for part in parts] == [1] * 10 + [0]


def test_a_chunk_is_computed_only_when_it_is_asked_for() -> None:
    computed = []

    def events() -> Iterator[Event]:
        for event in some(3_000):
            computed.append(event.seq)
            yield event

    chunks = Chunks(events(), Lines(), PATIENT)
    chunks.first()
    assert computed == [0]
    chunks.following()
    assert len(computed) < 1_000


def broken(error: Exception) -> Iterator[Event]:
    yield ValueEvent(0, "x", 1.0)
    raise error


def test_a_failure_mid_stream_is_the_last_event(caplog: pytest.LogCaptureFixture) -> None:
    *_, last = lines(drain(Chunks(broken(ZeroDivisionError("secret")), Lines(), PATIENT)))
    assert (last["kind"], last["seq"]) == ("failed", 1)
    assert last["problem"]["code"] == "server.error"
    assert "secret" not in json.dumps(last)
    assert "after its first byte" in caplog.text


def test_a_run_that_takes_too_long_is_stopped() -> None:
    settings = Settings(seconds=1e-9)
    *_, last = lines(drain(Chunks(some(10_000), Lines(), settings)))
    assert last["problem"]["code"] == "limit.seconds"


@pytest.mark.parametrize("media_type", FRAMINGS)
def test_every_framing_carries_the_same_events(media_type: str) -> None:
    text = b"".join(drain(Chunks(some(5), Lines(FRAMINGS[media_type]), PATIENT))).decode()
    if media_type == "application/json":
        events = json.loads(text)
    elif media_type == "text/event-stream":
        blocks = [block.split("\n") for block in text.strip().split("\n\n")]
        assert [block[0] for block in blocks] == [f"id: {seq}" for seq in range(5)]
        assert [block[1] for block in blocks if len(block) > 2] == ["retry: 1000"]
        events = [json.loads(block[-1].removeprefix("data: ")) for block in blocks]
    else:
        events = [json.loads(line) for line in text.splitlines()]
    assert [event["seq"] for event in events] == list(range(5))


def test_an_array_is_closed_after_a_failure() -> None:
    parts = drain(Chunks(broken(ValueError()), Lines(FRAMINGS["application/json"]), PATIENT))
    assert [event["kind"] for event in json.loads(b"".join(parts))] == ["value", "failed"]


@pytest.mark.parametrize("media_type", ["application/jsonl", "text/event-stream"])
@pytest.mark.parametrize("after", [0, 7, 48, 49])
def test_a_stream_after_an_event_is_the_rest_of_it(media_type: str, after: int) -> None:
    framing = FRAMINGS[media_type]
    whole = b"".join(drain(Chunks(some(50), Lines(framing), PATIENT)))
    rest = b"".join(drain(Chunks(some(50), Lines(framing), PATIENT, after)))
    assert rest == framing.after.join(whole.split(framing.after)[after + 1 :])
