"""The trace of mere numbers is that of arrays: the same events, in the same order."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.events import Event, JacobianEvent
from engine.sweeps.columns import Column
from engine.trace import _events

UNARY = ("-{}", "exp({})", "tanh({})", "abs({})", "relu({})", "sin({})", "3 * {}", "sqrt({})")
BINARY = ("{} + {}", "{} - {}", "{} * {}", "{} / {}", "maximum({}, {})", "{} ** {}")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Statements of one to three ops over the numbers before them."""
    lines = [f"x{i} = {draw(st.sampled_from([-2, -0.5, 0, 0.7, 1, 3]))}" for i in range(2)]
    for i in range(2, draw(st.integers(3, 8))):
        text = f"x{draw(st.integers(0, i - 1))}"
        for form in draw(st.lists(st.sampled_from(UNARY + BINARY), min_size=1, max_size=3)):
            text = f"({form.format(text, f'x{draw(st.integers(0, i - 1))}')})"
        lines.append(f"x{i} = {text}")
    return "\n".join(lines)


def by_arrays(program: engine.Program) -> list[Event]:
    run = program.run
    return list(run.backend.stepwise(_events(run, count(1))))


def plain(event: Any) -> Any:
    """What of an event is not a number, and the numbers."""
    fields = {name: getattr(event, name) for name in type(event).__slots__}
    value = fields.pop("value", None)
    if isinstance(event, JacobianEvent):
        jacobian = fields.pop("jacobian")
        fields["pattern"] = (jacobian.structure, jacobian.stored, jacobian.nonzero)
        value = jacobian.dense()
    return fields, value


def assert_same(program: engine.Program) -> None:
    between = list(program.events())[1:-1]
    for found, expected in zip(between, by_arrays(program), strict=True):
        (fields, value), (told, number) = plain(found), plain(expected)
        assert (type(found), fields) == (type(expected), told)
        assert np.shape(value) == np.shape(number)
        np.testing.assert_allclose(value, number, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("granularity", ["statement", "op"])
@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_examples_are_traced_alike(example: engine.Example, granularity: str) -> None:
    program = engine.prepare(example.source, output=example.output, granularity=granularity)
    if program.run.floats is not None:
        assert_same(program)


@given(programs(), st.sampled_from(["statement", "op"]))
def test_any_program_over_numbers_is_traced_alike(source: str, granularity: str) -> None:
    try:
        program = engine.prepare(source, granularity=granularity)
    except engine.EngineError:
        return
    assert_same(program)


@pytest.mark.parametrize(
    ("source", "by_columns"),
    [
        ("x = 2\ny = x * 3 + exp(x)", True),
        ("x = 2\ny = relu(x)", True),
        ("x = 0\ny = 1 / x", False),
        ("x = 1e200\ny = x * x", False),
        ("x = [1, 2]\ny = x * x", False),
        ("x = 1\ny = (x > 0) * x", False),
    ],
)
def test_columns_are_used_where_every_number_is_finite(source: str, by_columns: bool) -> None:
    steps = list(engine.prepare(source).steps())
    assert any(isinstance(step, Column) for step in steps) == by_columns


def test_a_weight_is_where_the_sweep_starts() -> None:
    program = engine.prepare("x = 2\ny = x * x", gradient=5.0)
    assert program.run.floats is not None
    assert_same(program)
