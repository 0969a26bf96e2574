"""The output as a function of one node."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.probes.differences import Probe, base_values, downstream


def probe(source: str, name: str, **options: object) -> Probe:
    program = engine.prepare(source, granularity="op", **options)  # type: ignore[arg-type]
    return Probe(program.run, program.run.fine.id_of[name], base_values(program.run))


def test_a_probe_moves_what_follows_and_nothing_else() -> None:
    program = engine.prepare("x = 2\ny = 3\na = x * x\nb = y + 1\nc = a + b", granularity="op")
    fine = program.run.fine
    moved = downstream(fine, fine.id_of["x"], fine.id_of["c"])
    assert [(node.name, slots) for node, slots in moved] == [("a", (0, 1)), ("c", (0,))]


def test_a_computed_node_is_varied_as_if_it_were_given() -> None:
    found = probe("x = 2\na = x * x\nb = a * x", "a")
    assert found.at(np.array([10.0])).tolist() == [20.0]


def test_a_weight_vector_makes_one_row() -> None:
    found = probe("x = [1, 2]\ny = x * x", "x", gradient=[1, 10])
    assert found.at(np.array([3.0, 1.0])).tolist() == [19.0]


def test_what_is_detached_stays_and_a_condition_follows() -> None:
    held = probe("x = 3\ny = detach(x) * x", "x")
    assert held.at(np.array([5.0])).tolist() == [15.0]
    followed = probe("x = 1\ny = where(x > 2, 10 * x, x)", "x")
    assert followed.at(np.array([3.0])).tolist() == [30.0]


def test_the_step_is_what_was_added_and_not_what_was_asked_for() -> None:
    found = probe("x = 1e6\ny = 2 * x", "x").difference(np.array([1.0]), 1e-9)
    assert found.central[0] == 2.0


def test_a_step_too_small_for_the_number_gives_no_slope() -> None:
    found = probe("x = 1e6\ny = 3 * x", "x")
    with np.errstate(all="ignore"):
        assert not np.isfinite(found.difference(np.array([1.0]), 1e-14).central[0])


def test_differences_are_float64_in_a_run_of_float32() -> None:
    found = probe("x = 0.5\ny = exp(x)", "x", dtype="float32")
    slope = found.difference(np.array([1.0]), found.entry_step(0)).central[0]
    assert slope == pytest.approx(np.exp(0.5), rel=1e-9)
