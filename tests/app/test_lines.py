"""The quick way to write events writes what the plain way does, to the byte."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from app.wire.encode import encode
from app.wire.lines import Lines
from engine.events import AccumulateEvent, AdjointEvent, EdgeRef, TermEvent, ValueEvent
from engine.sweeps.columns import Column

NUMBERS = [1.0, -0.0, 0.1, 1e300, 5e-324, 1e16, 123456789.0, float("nan"), float("inf")]


@pytest.mark.parametrize("granularity", ["statement", "op"])
@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_every_event_of_an_example_is_written_alike(example: Any, granularity: str) -> None:
    program = engine.prepare(source=example.source, output=example.output, granularity=granularity)
    lines = Lines()
    for event in program.events():
        assert lines.write(event) == encode(event)


@pytest.mark.parametrize("granularity", ["statement", "op"])
@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_columns_are_written_as_their_events_are(example: Any, granularity: str) -> None:
    program = engine.prepare(source=example.source, output=example.output, granularity=granularity)
    lines = Lines()
    for step in program.steps():
        if isinstance(step, Column):
            assert lines.column(step) == [encode(event) for event in step]


@pytest.mark.parametrize("source", ["x = -2\ny = relu(x) * abs(x)\nz = log(x) + 1 / (x - x)"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_kinks_and_numbers_that_are_not_finite_are_written_alike(source: str, dtype: str) -> None:
    lines = Lines()
    for event in engine.prepare(source=source, dtype=dtype).events():
        assert lines.write(event) == encode(event)


@pytest.mark.parametrize("mode", [{"mode": "forward", "tangents": {"x": 1}}, {}])
def test_both_modes_are_written_alike(mode: Any) -> None:
    lines = Lines()
    for event in engine.prepare(source="x = 2\ny = sin(x) * x", **mode).events():
        assert lines.write(event) == encode(event)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (2,), (0, 3), (40, 40)])
@pytest.mark.parametrize("number", NUMBERS)
def test_tensors_of_every_shape_are_written_alike(shape: Any, number: float) -> None:
    lines, array = Lines(), np.full(shape, number)
    via = EdgeRef('ỹ"', "b", 1)
    for event in (
        ValueEvent(3, 'ỹ"', array),
        ValueEvent(4, "x", number),
        AdjointEvent(5, "x", array),
        TermEvent(6, "x", via, array),
        AccumulateEvent(7, "x", array, 2),
    ):
        assert lines.write(event) == encode(event)
