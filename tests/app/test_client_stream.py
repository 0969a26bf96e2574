"""Events come out whole, wherever their bytes were cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.client.stream import events_of

STREAM = (
    b'id: 0\ndata: {"kind":"graph","note":"a\xe2\x80\xa8b"}\n\n'
    b": ping\n\nretry: 1000\n\n"
    b'id: 1\ndata: {"kind":"value"}\n\nid: 2\ndata:{"kind":"finished"}\n\n'
)


@given(st.sets(st.integers(0, len(STREAM))))
def test_the_events_do_not_depend_on_where_the_bytes_are_cut(cuts: set[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    chunks = [STREAM[a:b] for a, b in pairwise(places)]
    assert [event["kind"] for event in events_of(chunks)] == ["graph", "value", "finished"]


@given(st.integers(0, len(STREAM) - 1))
def test_an_event_that_is_cut_is_left_out(length: int) -> None:
    found = [event["kind"] for event in events_of([STREAM[:length]])]
    assert found == ["graph", "value", "finished"][: len(found)]
    assert len(found) < 3


def test_a_line_separator_within_a_text_separates_nothing() -> None:
    assert next(events_of([STREAM]))["note"] == "a\u2028b"
