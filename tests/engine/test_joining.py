"""Stacks, borders and one-hot rows are those of NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.language.parse import parse_partial

HEAD = "a = np.array([1.0, 2.0])\nB = np.array([[3.0, 4.0], [5.0, 6.0]])\n"


@pytest.mark.parametrize(
    "call",
    [
        "np.vstack([a, B])",
        "np.vstack((a, a, a))",
        "np.vstack(B)",
        "np.hstack([a, a])",
        "np.hstack((B, B))",
        "np.column_stack((a, B, a))",
        "np.c_[np.ones(2), a]",
        "np.c_[B, a]",
        "np.r_[a, 1.0, a]",
        "np.r_[B, B]",
        "np.stack([np.hstack([a, 1.0])] * 2)",
        "np.pad(a, 1)",
        "np.pad(a, (0, 2))",
        "np.pad(B, ((1, 0), (0, 2)))",
        "np.pad(B, ((1,), (2,)))",
        "np.pad(B, 1, mode='edge')",
        "np.pad(B, ((0, 1), (1, 0)), 'constant', constant_values=2)",
    ],
)
def test_what_is_joined_is_what_numpy_joins(call: str) -> None:
    names = {"np": np, "a": np.array([1.0, 2.0]), "B": np.array([[3.0, 4.0], [5.0, 6.0]])}
    found = engine.prepare(f"{HEAD}y = {call}").evaluate().values["y"]
    np.testing.assert_array_equal(found, eval(call, names))


def test_one_hot_rows_are_those_of_the_identity() -> None:
    found = engine.prepare("t = [2, 0]\ny = F.one_hot(t, 3) * 1.0").evaluate().values["y"]
    np.testing.assert_array_equal(found, np.eye(3)[[2, 0]])


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("np.pad(B, ((1, 1), (1, 1), (1, 1)))", "shape.pad"),
        ("np.pad(a, a)", "create.arguments"),
        ("np.pad(a, 1, mode='mean')", "create.arguments"),
        ("F.one_hot([0, 1])", "create.arguments"),
        ("np.c_[0:3]", "syntax.unsupported"),
    ],
)
def test_what_is_not_known_says_how_to_write_it(call: str, code: str) -> None:
    assert [each.code for each in parse_partial(f"{HEAD}y = {call}")[1]] == [code]
