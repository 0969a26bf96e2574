"""A stream that was cut goes on where it was cut, byte for byte; pings keep a slow one open."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import engine
from app.wire import replies

SSE = {"Accept": "text/event-stream"}
NAMES = [e.name for e in engine.EXAMPLES if len(e.source) < 600]


def stream(client: TestClient, body: Any, after: object = None, accept: str = "") -> Any:
    headers = {"Accept": accept or SSE["Accept"]}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    return client.post("/api/v1/trace", json=body, headers=headers)


def body_of(name: str) -> dict[str, Any]:
    example = next(e for e in engine.EXAMPLES if e.name == name)
    return {"source": example.source, "output": example.output}


def test_a_stream_cut_at_any_event_goes_on_byte_for_byte(client: TestClient) -> None:
    whole = stream(client, body_of("worked-example")).content
    ends = [match.end() for match in re.finditer(rb"\n\n", whole)]
    for seq, end in enumerate(ends[:-1]):
        assert stream(client, body_of("worked-example"), seq).content == whole[end:]


@pytest.mark.parametrize("accept", ["application/jsonl", "application/json"])
def test_other_framings_go_on_event_by_event(client: TestClient, accept: str) -> None:
    whole = stream(client, body_of("worked-example"), accept=accept).content
    events = [line.strip(b"[]") for line in whole.split(b"\n") if line.strip(b"[]")]
    for seq in range(len(events) - 2):
        rest = stream(client, body_of("worked-example"), seq, accept).content
        found = [line.strip(b"[]") for line in rest.split(b"\n") if line.strip(b"[]")]
        assert found[:-1] == events[seq + 1 : -1]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from(NAMES), cut=st.floats(0, 1), mode=st.sampled_from(["op", "statement"]))
def test_a_stream_cut_at_any_byte_goes_on_after_its_last_whole_event(
    client: TestClient, name: str, cut: float, mode: str
) -> None:
    body = {**body_of(name), "granularity": mode}
    whole = stream(client, body).content
    given = whole[: int(cut * len(whole))]
    held = given[: given.rfind(b"\n\n") + 2] if b"\n\n" in given else b""
    seen = re.findall(rb"^id: (\d+)$", held, re.MULTILINE)
    rest = stream(client, body, int(seen[-1]) if seen else None)
    assert held + rest.content == whole


def test_only_the_beginning_says_when_to_come_back(client: TestClient) -> None:
    whole = stream(client, body_of("worked-example")).text
    assert whole.startswith("id: 0\nretry: 1000\ndata: ")
    assert whole.count("retry:") == 1


def test_nothing_is_left_after_the_last_event(client: TestClient) -> None:
    last = int(re.findall(r"id: (\d+)", stream(client, body_of("worked-example")).text)[-1])
    rest = stream(client, body_of("worked-example"), last)
    assert (rest.status_code, rest.content) == (204, b"")
    array = stream(client, body_of("worked-example"), last, "application/json")
    assert array.json() == []


def test_lines_and_arrays_go_on_too(client: TestClient) -> None:
    whole = stream(client, body_of("worked-example"), accept="application/json").json()
    rest = stream(client, body_of("worked-example"), 4, "application/json").json()
    assert [event["seq"] for event in rest] == [event["seq"] for event in whole[5:]]
    lines = stream(client, body_of("worked-example"), 4, "application/jsonl").text.splitlines()
    assert json.loads(lines[0]) == whole[5]


@pytest.mark.parametrize("bad", ["99999", "-1", "1.5", "x", "٣", "1" * 50, "0x1"])
def test_a_number_that_names_no_event_is_refused(client: TestClient, bad: str) -> None:
    headers = [(b"Accept", b"text/event-stream"), (b"Last-Event-ID", bad.encode())]
    answer = client.post("/api/v1/trace", json=body_of("worked-example"), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "request.resume"
    assert len(answer.content) < 1000


def test_what_differs_from_run_to_run_is_in_lines_but_not_in_events(client: TestClient) -> None:
    lines = stream(client, body_of("worked-example"), accept="application/jsonl").text
    assert "seconds" in json.loads(lines.splitlines()[-1])
    text = stream(client, body_of("worked-example")).text
    assert "seconds" not in json.loads(text.strip().splitlines()[-1].removeprefix("data: "))


class Slow:
    """An answer whose second chunk is long in coming."""

    media_type = "text/event-stream"
    headers: Mapping[str, str] = MappingProxyType({})
    first = b"one"
    done = False

    async def following(self) -> bytes:
        await asyncio.sleep(0.25)
        self.done = True
        return b"two"

    def close(self) -> None:
        self.done = True


async def collected(chunks: AsyncIterator[Any]) -> list[bytes]:
    return [bytes(chunk) async for chunk in chunks]


def test_a_stream_that_waits_is_kept_open_by_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "PING_SECONDS", 0.1)
    reply = replies.StreamReply(Slow())
    sent = asyncio.run(collected(reply.body_iterator))  # type: ignore[arg-type]
    assert sent == [b"one", b": ping\n\n", b": ping\n\n", b"two"]


def test_lines_have_no_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "PING_SECONDS", 0.1)
    slow = Slow()
    slow.media_type = "application/jsonl"
    sent = asyncio.run(collected(replies.StreamReply(slow).body_iterator))  # type: ignore[arg-type]
    assert sent == [b"one", b"two"]
