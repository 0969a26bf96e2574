"""The framing of a stream is the one that the client likes best."""

from __future__ import annotations

import pytest

from app.errors import RequestError
from app.wire.framing import DEFAULT, choose_framing


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/jsonl"),
        ("*/*", "application/jsonl"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/event-stream", "text/event-stream"),
        ("text/html, application/json;q=0.5", "application/json"),
        ("application/json;q=0.2, text/event-stream;q=0.9", "text/event-stream"),
        ("TEXT/*", "text/event-stream"),
        ("application/json;q=zero, */*;q=0.1", "application/jsonl"),
    ],
)
def test_the_framing_is_the_one_accepted(accept: str | None, media_type: str) -> None:
    assert choose_framing(accept).media_type == media_type


@pytest.mark.parametrize("accept", ["text/html", "application/jsonl;q=0", "", ";;,"])
def test_what_cannot_be_produced_is_refused(accept: str) -> None:
    if accept == "":
        assert choose_framing(accept) is DEFAULT
        return
    with pytest.raises(RequestError) as caught:
        choose_framing(accept)
    assert caught.value.status == 406
