"""What is long goes compressed to whoever takes that; streams stay streams."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

LONG = {"source": "x = 2\n" + "\n".join(f"y{i} = x * {i}" for i in range(40))}
GZIP, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}


def events(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("address", ["/lab", "/docs", "/api/v1/ops", "/openapi.json"])
def test_long_answers_are_compressed(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=GZIP)
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert int(answer.headers["content-length"]) < len(answer.content) / 2
    assert answer.content == client.get(address, headers=PLAIN).content


def test_each_coding_has_its_tag_and_is_not_sent_twice(client: TestClient) -> None:
    tags = [client.get("/api/v1/ops", headers=each).headers["etag"] for each in (GZIP, PLAIN)]
    assert tags[0] != tags[1]
    for tag, headers in zip(tags, (GZIP, PLAIN), strict=True):
        again = client.get("/api/v1/ops", headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_a_compressed_trace_has_the_same_events(client: TestClient) -> None:
    packed, plain = (
        client.post("/api/v1/trace", json=LONG, headers=headers) for headers in (GZIP, PLAIN)
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert events(packed.text)[:-1] == events(plain.text)[:-1]


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        ("text/event-stream", LONG),
        ("application/octet-stream", {**LONG, "what": "value", "node": "y1"}),
    ],
)
def test_events_for_browsers_and_bytes_are_never_compressed(
    client: TestClient, accept: str, body: dict[str, str]
) -> None:
    address = "/api/v1/window" if "what" in body else "/api/v1/trace"
    answer = client.post(address, json=body, headers={**GZIP, "Accept": accept})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
