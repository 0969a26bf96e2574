"""Statements that change something: what Python changes with it changes as well."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.language.parse import parse, parse_partial


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("y = x\ny += 1\nz = x * 1", [2.0, 3.0]),
        ("y = x.copy()\ny += 1\nz = x * 1", [1.0, 2.0]),
        ("y = x * 1\ny += 1\nz = x * 1", [1.0, 2.0]),
        ("a = 1.0\nb = a\nb += 1\nz = x * a", [1.0, 2.0]),
        ("def f(u):\n    u = u * 2\n    u += 1\n    return u\ny = f(x)\nz = x + y", [4.0, 7.0]),
    ],
)
def test_names_of_one_array_change_together(lines: str, expected: Any) -> None:
    found = engine.prepare(f"x = np.array([1.0, 2.0])\n{lines}").evaluate().values
    np.testing.assert_array_equal(found["z"], expected)


def test_a_weighted_backward_is_a_weighted_sum() -> None:
    text = "x = torch.tensor([2.0, 3.0], requires_grad=True)\nQ = x ** 2\n"
    program = engine.prepare(f"{text}Q.backward(gradient=torch.tensor([1.0, 0.5]))")
    found = program.evaluate()
    assert found.output == "output"
    assert found.gradients is not None
    np.testing.assert_array_equal(found.gradients["x"], [4.0, 3.0])


def test_a_gradient_of_another_shape_is_an_error() -> None:
    (error,) = parse_partial("x = [2.0, 3.0]\nx.backward(torch.ones(3))")[1]
    assert error.code == "option.shape"


def test_only_a_cleared_gradient_allows_a_second_pass() -> None:
    text = "x = 2.0\ny = x ** 2\nz = x ** 3\ny.backward()\n"
    assert parse(f"{text}x.grad.zero_()\nz.backward()").output == "z"
    (error,) = parse_partial(f"{text}z.backward()")[1]
    assert error.code == "syntax.again"
