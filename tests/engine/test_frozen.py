"""Records are dataclasses: equal by their fields, with a hash, without a dictionary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import Span


def test_records_are_equal_and_hash_by_their_fields() -> None:
    span = Span(1, 2, 3, 4)
    assert span == Span(1, 2, 3, 4) != replace(span, line=2)
    assert len({span, Span(1, 2, 3, 4)}) == 1


def test_a_record_has_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        Span(1, 2, 3, 4).other = 5  # type: ignore[attr-defined]
