"""Statements are counted once, and weighed before what is in them is carried out."""

from __future__ import annotations

import pytest

import engine
from engine.errors import LimitError
from engine.language.build import Builder
from engine.language.define import library
from engine.language.outline import statements
from engine.language.scope import Scope
from engine.language.syntax import Statement
from engine.language.tally import Tally


def loop(rounds: int) -> Statement:
    (made,) = statements(f"for i in range({rounds}):\n    pass")
    assert isinstance(made, Statement)
    return made


def test_too_many_statements_name_the_limit_and_what_was_asked() -> None:
    tally = Tally(Builder(), engine.Limits(nodes=5), library)
    tally.count(10)
    with pytest.raises(LimitError) as caught:
        tally.count(1)
    assert caught.value.params == {
        "asked": 11,
        "unit": "statements",
        "limit": "an unrolled program",
        "allowed": 10,
    }


def test_a_loop_is_weighed_before_its_first_round() -> None:
    tally = Tally(Builder(), engine.Limits(nodes=50), library)
    with pytest.raises(LimitError), tally.weighed(loop(100), Scope(), 100):
        pytest.fail("carried out")


def test_a_short_loop_inside_what_is_weighed_is_not_weighed_again() -> None:
    tally = Tally(Builder(), engine.Limits(nodes=50), library)
    with tally.weighed(loop(10), Scope(), 10), tally.weighed(loop(60), Scope(), 60):
        tally.count(1)
    with pytest.raises(LimitError), tally.weighed(loop(60), Scope(), 60):
        pytest.fail("carried out")


def test_weighing_does_not_ask_for_the_numbers_of_leaves() -> None:
    program = engine.prepare(
        "n = 3\nx = 2\nfor i in range(4):\n    if i > 5:\n        x = x * n\ny = x * n"
    )
    assert program.parsed is not None
    assert program.parsed.fixed == frozenset()
