"""Entries that are stored make a new node, unless Python would change another name with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.language.parse import parse_partial
from engine.probes.check import check

HEAD = "x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("x[0] = 7.0", [[7, 7, 7], [4, 5, 6]]),
        ("x[:, 1] = [8.0, 9.0]", [[1, 8, 3], [4, 9, 6]]),
        ("x[1, ::2] *= 10", [[1, 2, 3], [40, 5, 60]]),
        ("x[-1, -1] = x[0, 0]", [[1, 2, 3], [4, 5, 1]]),
        ("x[[1, 0], [0, 2]] = 0.0", [[1, 2, 0], [0, 5, 6]]),
        ("y = x.copy()\nx[0] = 0.0\nx = x + y", [[1, 2, 3], [8, 10, 12]]),
        ("h = x[0]\nx[1] = h", [[1, 2, 3], [1, 2, 3]]),
    ],
)
def test_a_tensor_with_other_entries_is_a_new_node(lines: str, expected: Any) -> None:
    program = engine.prepare(f"{HEAD}{lines}\nx = x * 1")
    found = program.evaluate().values
    np.testing.assert_array_equal(found[list(found)[-1]], expected)
    assert check(program).verdict == "ok"


@pytest.mark.parametrize(
    "lines",
    [
        "y = x\ny[0] = 1.0",
        "y = x.T\nx[0] = 1.0",
        "hs = [x]\nx[0] = 1.0",
        'p = {"x": x}\nx[0] = 1.0',
        "h = x.reshape(6)[1:]\nx[1] = 0.0",
        "def f(a):\n    a[0] = 1.0\n    return a\ny = f(x)",
    ],
)
def test_a_name_that_would_change_as_well_is_an_error(lines: str) -> None:
    (error,) = parse_partial(HEAD + lines)[1]
    assert error.code == "flow.shared"


def test_an_index_that_is_not_there_is_a_shape_error() -> None:
    (error,) = parse_partial(HEAD + "x[5] = 1.0")[1]
    assert error.code == "shape.index"


def test_an_entry_of_a_list_or_of_a_dictionary_is_replaced() -> None:
    found = engine.prepare("x = 2.0\nhs = [x, x]\nhs[1] = x * 5\ny = sum(hs)").evaluate()
    assert found.values["y"] == 12
    text = "xs = {}\nxs[0] = zeros(2)\nxs[0][1] = 3.0\ny = xs[0].sum()"
    assert engine.prepare(text).evaluate().values["y"] == 3
