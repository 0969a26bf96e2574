"""NumPy and PyTorch call some things by one name and mean different ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.language.habits import even, pieces
from engine.language.parse import parse_partial

TORCH = "x = torch.tensor([[1.0, 5.0, 2.0], [3.0, 2.0, 9.0]], requires_grad=True)\n"
NUMPY = "x = np.array([[1.0, 5.0, 2.0], [3.0, 2.0, 9.0]])\n"
X = np.array([[1.0, 5.0, 2.0], [3.0, 2.0, 9.0]])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (TORCH + "y = x.max(dim=1)[0]", X.max(1)),
        (TORCH + "y = x.max(1)[0]", X.max(1)),
        (TORCH + "y = torch.max(x, 1)[0]", X.max(1)),
        (TORCH + "y = x.max(dim=1, keepdim=True).values", X.max(1, keepdims=True)),
        (TORCH + "y = x.min(dim=0).indices", X.argmin(0)),
        (TORCH + "y, i = torch.max(x, dim=0)\ny = y * 1", X.max(0)),
        (TORCH + "y, i = x.max(0)\ny = i * 1", X.argmax(0)),
        (TORCH + "y = torch.sort(x)[0]", np.sort(X)),
        (NUMPY + "y = x.max(1)[0]", X.max(1)[0]),
        (NUMPY + "y = x.max(axis=1)[0]", X.max(1)[0]),
        (TORCH + "y = x.std()", X.std(ddof=1)),
        (NUMPY + "y = x.std()", X.std()),
        (NUMPY + "y = x.var(0)", X.var(0)),
        (NUMPY + "y = x.std(dim=0)", X.std(0, ddof=1)),
        (TORCH + "y = x.repeat(2, 1)", np.tile(X, (2, 1))),
        (NUMPY + "y = x.repeat(2, 1)", X.repeat(2, 1)),
        (TORCH + "a, b, y = x.split(1, dim=1)\ny = y * 1", X[:, 2:]),
        (TORCH + "a, y = torch.split(x, 2, dim=1)\ny = y * 1", X[:, 2:]),
        (TORCH + "a, y = torch.split(x, [1, 2], 1)\ny = y * 1", X[:, 1:]),
        (NUMPY + "a, y = np.split(x, [1], axis=1)\ny = y * 1", X[:, 1:]),
        (NUMPY + "a, y = np.split(x, 2)\ny = y * 1", X[1:]),
        (NUMPY + "a, y = np.array_split(x, 2, axis=1)\ny = y * 1", X[:, 2:]),
        (NUMPY + "a, y = np.array_split(x, [1], axis=1)\ny = y * 1", X[:, 1:]),
        (NUMPY + "a, y, b = np.array_split(x, 3, axis=1)\ny = y * 1", X[:, 1:2]),
        (TORCH + "a, y = torch.chunk(x, 2, dim=1)\ny = y * 1", X[:, 2:]),
        (TORCH + "a, y = x.chunk(chunks=2, dim=-1)\ny = y * 1", X[:, 2:]),
        (TORCH + "a, y = x.chunk(2)\ny = y * 1", X[1:]),
    ],
)
def test_a_name_means_what_it_means_where_it_comes_from(source: str, expected: Any) -> None:
    values = engine.prepare(source).evaluate().values
    np.testing.assert_allclose([*values.values()][-1], expected)


@pytest.mark.parametrize("order", ["2", "ord=2", "1", "ord='nuc'"])
def test_a_norm_of_a_matrix_that_is_not_of_its_entries_is_refused(order: str) -> None:
    (error,) = parse_partial(NUMPY + f"y = np.linalg.norm(x, {order})")[1]
    assert error.code == "op.matrix"


@pytest.mark.parametrize("call", ["np.linalg.norm(x)", "np.linalg.norm(x, 'fro')", "norm(x, 2)"])
def test_other_norms_are_of_the_entries(call: str) -> None:
    program = engine.prepare(NUMPY + f"y = {call}")
    assert np.isclose(program.evaluate().values["y"], np.linalg.norm(X))


@pytest.mark.parametrize(
    ("split", "code"),
    [
        ("x.split([1, 1], dim=1)", "op.attribute"),
        ("x.split([-1, 4], dim=1)", "op.attribute"),
        ("x.split([], dim=1)", "op.attribute"),
        ("x.split(3, dim=5)", "shape.axis"),
        ("torch.ones(4000001).split(2)", "limit.exceeded"),
        ("x.split(0)", "shape.split"),
        ("x.chunk(0)", "shape.split"),
        ("torch.ones(3000).chunk(2001)", "limit.exceeded"),
    ],
)
def test_pieces_that_do_not_fit_have_an_error(split: str, code: str) -> None:
    with pytest.raises(engine.EngineError) as error:
        engine.prepare(TORCH + f"y = {split}")
    assert error.value.code == code


@pytest.mark.parametrize("length", range(8))
@pytest.mark.parametrize("count", range(1, 6))
def test_pieces_of_a_given_number_are_as_equal_as_can_be(length: int, count: int) -> None:
    ours = [np.array_split(np.arange(length), count)[i].size for i in range(count)]
    assert even(count, length, False) == ours
    chunks = even(count, length, True)
    assert sum(chunks) == length and len(chunks) <= count and len({*chunks[:-1]}) <= 1


def test_pieces_cover_what_is_cut() -> None:
    assert pieces(2, 5, True) == [(0, 2), (2, 4), (4, 5)]
    assert pieces((1, 4), 5, True) == [(0, 1), (1, 5)]
    assert pieces((1, 4), 5, False) == [(0, 1), (1, 4), (4, 5)]


def test_dropout_that_is_not_training_hands_on_what_it_is_given() -> None:
    program = engine.prepare(
        "x = [1.0, 2.0]\ny = F.dropout(x, 0.5, training=False)\nz = sum(y * y)"
    )
    gradients = program.evaluate().gradients
    assert gradients is not None
    np.testing.assert_array_equal(gradients["x"], [2, 4])
