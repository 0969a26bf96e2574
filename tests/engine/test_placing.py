"""JAX's functional updates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.language.parse import parse_partial


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("x.at[1].set(5.0)", [1, 5, 3]),
        ("x.at[1:].add(x[0])", [1, 3, 4]),
        ("x.at[0].multiply(4)", [4, 2, 3]),
        ("x.at[:].set([0.0, 1.0, 2.0])", [0, 1, 2]),
    ],
)
def test_an_update_is_another_tensor(call: str, expected: Any) -> None:
    found = engine.prepare(f"x = jnp.array([1.0, 2.0, 3.0])\ny = {call}").evaluate().values
    np.testing.assert_array_equal(found["y"], expected)
    np.testing.assert_array_equal(found["x"], [1, 2, 3])


def test_places_that_are_named_twice_are_refused() -> None:
    (error,) = parse_partial("x = zeros(3)\ny = x.at[[0, 0]].set(1.0)")[1]
    assert error.code == "syntax.inplace"
