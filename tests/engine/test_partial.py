"""The good part of a program beside its errors."""

from __future__ import annotations

import pytest

import engine
from engine.errors import OptionError


def test_the_good_part_runs() -> None:
    source = "x = 2.0\ny = x * x\nz = foo(y)\nu = z + 1\nv = y + 1\n"
    program, errors = engine.prepare_partial(source)
    assert program is not None
    assert program.evaluate().values["v"] == 5
    assert [(e.code, e.span and e.span.line) for e in errors] == [("op.misspelled", 3)]


def test_shapes_that_do_not_fit_leave_the_rest() -> None:
    source = (
        "W = [[1.0, 2.0]]\nx = [1.0, 2.0, 3.0]\na = W @ x + 1\nb = tanh(a)\nc = x * 2\nd = x @ W"
    )
    program, errors = engine.prepare_partial(source)
    assert program is not None
    assert program.graph_event.order == ("W", "x", "c.1", "c") or "c" in program.graph_event.order
    assert not {"a", "b", "d"} & set(program.graph_event.order)
    assert [e.span.line for e in errors if e.span] == [3, 6]


def test_a_whole_program_has_no_errors() -> None:
    program, errors = engine.prepare_partial("x = 2.0\ny = x * x")
    assert program is not None and errors == ()


def test_nothing_good_is_no_program() -> None:
    program, errors = engine.prepare_partial("x = ")
    assert program is None and [e.code for e in errors] == ["syntax.incomplete"]


def test_an_option_that_does_not_fit_is_left_out() -> None:
    program, errors = engine.prepare_partial("x = 2.0\ny = foo(x)\nz = x * 3", output="y")
    assert program is not None and program.graph_event.output == "z"
    assert [e.code for e in errors] == ["option.node", "op.misspelled"]


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(OptionError):
        engine.prepare_partial("x = 2.0", mode="sideways")


def test_at_most_eight_errors_are_told() -> None:
    _, errors = engine.prepare_partial("\n".join(f"y{i} = 2 ^ 3" for i in range(30)))
    assert len(errors) == 8
