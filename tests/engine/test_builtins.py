"""Functions that mean something of their own in Python."""

from __future__ import annotations

import numpy as np
import pytest

import engine


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("y = max(x, 0)", 2.0),
        ("y = max(0, x)", 2.0),
        ("y = min(x, 1.5)", 1.5),
        ("y = max(0, 1 - x * 3)", 0.0),
        ("y = max(x - 5, -1)", -1.0),
        ("y = max(x, z)", 3.0),
        ("y = max(v, 0)", 4.0),
        ("y = max(v, -1)", 4.0),
        ("y = max(v * 2, 0)", 8.0),
        ("y = max(v)", 4.0),
        ("y = x.item() * x", 4.0),
    ],
)
def test_the_larger_of_two_numbers_is_pythons(line: str, expected: float) -> None:
    program = engine.prepare(f"x = 2.0\nz = 3.0\nv = [1.0, 4.0]\n{line}")
    assert np.isclose(program.evaluate().values["y"], expected)


@pytest.mark.parametrize("call", ["max(0, v)", "max(v, x)", "min(v, 0.5)", "max([x, z], v)"])
def test_of_tensors_python_has_no_larger_one(call: str) -> None:
    with pytest.raises(engine.EngineError) as error:
        engine.prepare(f"x = 2.0\nz = 3.0\nv = [1.0, 4.0]\ny = {call}")
    assert error.value.code == "op.larger"
