"""A column is so many events, numbered one after the other."""

from __future__ import annotations

import engine
from engine.sweeps.columns import Column, events_of


def test_a_column_has_as_many_events_as_it_says_numbered_from_its_own() -> None:
    lines = ["x = 1", "y = 2", *(f"{'xy'[i % 2]} = y / x - {i}" for i in range(100))]
    program = engine.prepare("\n".join(lines), granularity="op")
    columns = [step for step in program.steps() if isinstance(step, Column)]
    assert len(columns) > 9
    for column in columns:
        numbers = [event.seq for event in column]
        assert numbers == list(range(column.seq, column.seq + len(column)))


def test_one_by_one_the_events_have_no_holes() -> None:
    program = engine.prepare("x = 1\ny = x * x")
    found = [event.seq for event in events_of(program.steps())]
    assert found == list(range(len(found)))
