"""A shape error says what was likely meant, where that is sure to fit."""

from __future__ import annotations

import pytest

import engine
from engine.errors import ShapeError

LEAVES = "W = [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]\nx = [1, 2, 3]\nu = [1, 2, 3, 4]\n"


@pytest.mark.parametrize(
    ("statement", "suggestion"),
    [
        ("y = W @ x", "W.T @ x"),
        ("y = tanh(W @ x + u)", "W.T @ x"),
        ("y = u @ W", "u @ W.T"),
        ("y = (W * 2) @ (W + 1)", "(W * 2).T @ (W + 1)"),
        ("y = W + x", "W + x[:, None]"),
        ("y = x * W", "x[:, None] * W"),
        ("y = W - W.T", "W - W.T.T"),
        ("x += W", "x[:, None] + W"),
        ("def f(M, v):\n    return M @ v\ny = f(W, x)", "M.T @ v"),
    ],
)
def test_a_suggestion_fits(statement: str, suggestion: str) -> None:
    with pytest.raises(ShapeError) as caught:
        engine.prepare(LEAVES + statement)
    assert caught.value.hint == f"Did you mean `{suggestion}`?"


def test_what_fits_the_whole_statement_comes_first() -> None:
    source = "A = [[1, 2, 3], [4, 5, 6]]\nB = [[1, 2, 3], [4, 5, 6]]\nc = [1, 2]\n"
    with pytest.raises(ShapeError) as caught:
        engine.prepare(source + "y = A @ B + c")
    assert caught.value.hint == "Did you mean `A @ B.T`?"


@pytest.mark.parametrize("statement", ["y = x @ u", "y = x + u", "y = concat([W, x])"])
def test_nothing_is_guessed(statement: str) -> None:
    with pytest.raises(ShapeError) as caught:
        engine.prepare(LEAVES + statement)
    assert "Did you mean" not in caught.value.hint
