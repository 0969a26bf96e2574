"""Graphs of numbers on Python floats give what arrays give, infinities included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine

SOURCES = [
    "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3",
    "x = 0.7\ny = exp(x) * tanh(x) / (1 + x ** 2) - sigmoid(-x) * 3",
    "x = 0\ny = 1 / x + x",
    "x = 0\ny = log(x)\nz = exp(-y)",
    "x = 800\ny = exp(x) - exp(x)",
    "x = -2\ny = x ** 0.5 * 2",
    "x = 2\nw = 5\nspare = w * w\ny = x * x",
]


def arrays(program: engine.Program) -> tuple[Any, Any]:
    """The same program by the way of arrays."""
    return program._sweep_arrays({})


@pytest.mark.parametrize("source", SOURCES)
def test_floats_and_arrays_agree(source: str) -> None:
    program = engine.prepare(source)
    values, adjoints = program.sweep()
    expected_values, expected_adjoints = arrays(program)
    for i in range(1, len(expected_values)):
        np.testing.assert_allclose(float(values[i]), float(expected_values[i]), rtol=1e-14)
        assert (adjoints[i] is None) == (expected_adjoints[i] is None)
        if adjoints[i] is not None:
            np.testing.assert_allclose(
                np.ravel(adjoints[i]), np.ravel(expected_adjoints[i]), rtol=1e-14
            )


def test_the_tape_is_used_where_it_can_be() -> None:
    assert engine.prepare(SOURCES[0])._tape is not None
    assert engine.prepare("x = [1, 2]\ny = sum(x)")._tape is None
    assert engine.prepare(SOURCES[0], dtype="float32")._tape is None


def test_leaves_may_be_given_anew_each_time() -> None:
    program = engine.prepare(SOURCES[0])
    for u1 in (2.0, 10.0):
        result = program.evaluate({"u1": np.asarray(u1)})
        assert float(result.values["u4"]) == 3 * (u1 + 3)
    assert float(program.evaluate().values["u4"]) == 15
