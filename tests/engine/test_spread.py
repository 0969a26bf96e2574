"""`*hs` is written out where its length is known, and refused where it is too long for a call."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.errors import LimitError


@pytest.mark.parametrize("call", ["stack([*h])", "stack(h[0], *h)", "max(*h)"])
def test_a_call_of_more_entries_than_an_op_takes_names_the_limit(call: str) -> None:
    with pytest.raises(LimitError) as caught:
        engine.prepare(f"x = 2\nh = [x] * 1001\ny = {call}")
    told = {"asked": 1001, "unit": "operands", "limit": "an op", "allowed": 1000}
    assert caught.value.params == told
    assert caught.value.span is not None


def test_a_list_that_is_spread_into_a_list_makes_no_nodes() -> None:
    spread = engine.prepare("x = 2\nh = [x * 1, x * 2]\nt = [*h, x, *h]\ny = stack(t)")
    plain = engine.prepare("x = 2\nh = [x * 1, x * 2]\ny = stack([h[0], h[1], x, h[0], h[1]])")
    assert spread.parsed is not None
    assert plain.parsed is not None
    assert len(spread.parsed.graph) == len(plain.parsed.graph)
    assert np.array_equal(spread.evaluate().values["y"], plain.evaluate().values["y"])


def test_a_spread_list_is_no_other_name_of_the_first() -> None:
    program = engine.prepare("x = 2\nh = [x]\nt = [*h]\nt.append(x * 3)\ny = stack(h).sum()")
    assert program.evaluate().values["y"] == 2.0


def test_the_limit_of_a_list_holds_for_what_is_spread_into_it() -> None:
    with pytest.raises(LimitError) as caught:
        engine.prepare("x = 2\nh = [x] * 15000\nt = [*h, *h]")
    assert caught.value.params["limit"] == "a list"


def test_a_list_in_a_list_counts_once() -> None:
    values = engine.prepare("x = 2\nh = [x] * 15000\nt = [h]\ny = t[0][0] * 3").evaluate().values
    assert values["y"] == 6.0
