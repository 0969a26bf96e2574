"""Tensors, indices and keywords as source text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.forms import written
from engine.language.parse import parse


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (np.inf, "full((), inf)"),
        ([[1.0, -np.inf]], "[[1, -inf]]"),
        (np.zeros((0, 3)), "zeros(0, 3)"),
        (np.zeros((2, 0)), "zeros(2, 0)"),
    ],
    ids=str,
)
def test_a_tensor_is_written_so_that_it_reads_back(value: Any, text: str) -> None:
    array = np.asarray(value, dtype=float)
    assert written.tensor(array) == text
    (back,) = parse(f"x = {text}").literal_of.values()
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize("text", ["0", "-1, 2:", "::2, ...", "None, [0, 1]", "1:2:-1", "[]", "()"])
def test_an_index_is_written_as_it_was(text: str) -> None:
    (node,) = (n for n in parse(f"x = [[1, 2], [3, 4]]\ny = x[{text}]").graph if n.inputs)
    assert written.index(node.attrs["index"]) == text


def test_numbers_for_float_may_be_infinite() -> None:
    assert written.argument(2.0) == "2"
    assert written.argument(-np.inf) == '"-inf"'
