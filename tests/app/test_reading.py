"""Bodies become programs; the small ones asked for last are kept."""

from __future__ import annotations

import json

import pytest

from app import reading
from app.errors import RequestError
from app.reading import is_deeper_than, program_of
from app.settings import Settings
from engine.errors import LimitError


def body(source: str) -> bytes:
    return json.dumps({"source": source}).encode()


def test_the_same_small_body_gives_the_same_program() -> None:
    assert program_of(body("x = 1"), Settings()) is program_of(body("x = 1"), Settings())


def test_a_program_is_not_kept_for_other_limits() -> None:
    program_of(body("x = [1, 2, 3]"), Settings())
    with pytest.raises(LimitError):
        program_of(body("x = [1, 2, 3]"), Settings(tensor_entries=2))


def test_a_long_program_is_not_kept() -> None:
    text = body("x = 1\n" + "x = x * x\n" * 40)
    assert program_of(text, Settings()) is not program_of(text, Settings())


def test_few_programs_are_kept() -> None:
    for number in range(200):
        program_of(body(f"x = {number}"), Settings())
    assert len(reading._RECENT) < 100


def test_depth_is_counted_in_levels() -> None:
    assert not is_deeper_than([[1]], 2)
    assert is_deeper_than([[[1]]], 2)
    assert is_deeper_than({"a": {"b": [1]}}, 2)


@pytest.mark.parametrize("text", [b"{", b'{"source": 1}', b"[" * 100])
def test_what_is_no_request_is_refused(text: bytes) -> None:
    with pytest.raises(RequestError):
        program_of(text, Settings())
