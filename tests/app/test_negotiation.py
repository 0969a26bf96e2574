"""Accept headers choose as RFC 9110 says, and entity tags compare."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.errors import RequestError
from app.wire.negotiation import choose, matches_tag

OFFERED = ("application/jsonl", "application/x-ndjson", "text/event-stream", "application/json")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/jsonl"),
        ("", "application/jsonl"),
        ("*/*", "application/jsonl"),
        ("text/*", "text/event-stream"),
        ("application/json", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json;q=0.5, text/event-stream;q=0.6", "text/event-stream"),
        ("application/json, text/event-stream", "application/json"),
        ("text/event-stream, application/json", "text/event-stream"),
        ("application/json;q=0.2, */*;q=0.1", "application/json"),
        ("*/*, application/jsonl;q=0, application/x-ndjson;q=0", "text/event-stream"),
        ("application/*;q=0.3, application/json;q=0.4", "application/json"),
        ("text/html, */*;q=0.01", "application/jsonl"),
    ],
)
def test_the_best_of_what_is_offered_is_chosen(accept: str | None, chosen: str) -> None:
    assert choose(accept, OFFERED) == chosen


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "*/*;q=0", "application/json;q=2", ";;;", "q=1"]
)
def test_what_cannot_be_made_is_refused(accept: str) -> None:
    with pytest.raises(RequestError) as caught:
        choose(accept, OFFERED)
    assert caught.value.status == 406


@pytest.mark.parametrize(
    ("header", "same"),
    [("*", True), ('"a"', True), ('W/"a"', True), ('"b", "a"', True), ('"ab"', False), ("", False)],
)
def test_tags_are_compared_weakly(header: str, same: bool) -> None:
    assert matches_tag(header, '"a"') is same


@pytest.mark.parametrize("name", ["graph", "evaluate", "trace", "window", "check"])
def test_every_operation_refuses_a_type_it_cannot_make(client: TestClient, name: str) -> None:
    answer = client.post(f"/api/v1/{name}", json={"source": "x = 1"}, headers={"Accept": "a/b"})
    assert answer.status_code == 406
    assert answer.json()["code"] == "request.accept"
    assert "Accept" in answer.headers["vary"]
