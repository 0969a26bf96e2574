"""Structures beyond labels: their names, their counts, and that every way to read one agrees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.backend import backend
from engine.jacobians.jacobian import Jacobian
from engine.jacobians.structures import DiagonalLowRank, Operator, Selection
from engine.ops import OPS
from engine.sweeps.local import local_rule

CPU = backend("cpu")
FLOAT = np.dtype("float64")


def edge(op: str, slot: int, *inputs: Any, **attrs: Any) -> Jacobian:
    """The local Jacobian of an op at given values."""
    arrays = [np.asarray(each, dtype=np.float64) for each in inputs]
    with CPU.quiet():
        out = np.asarray(OPS[op].forward(np, *arrays, **attrs))
        rule = local_rule(OPS[op], slot, [each.shape for each in arrays], out.shape, attrs)
        return rule.jacobian(CPU, FLOAT, arrays, out)


X = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.5]])
ROW = np.array([1.5, -0.5, 2.0])
TIED = np.array([[2.0, 2.0, 1.0], [0.0, 3.0, -1.0]])
FOUR = np.arange(16.0).reshape(2, 4, 2) ** 1.5
ONES = np.ones(4)
STATS = (np.zeros(3), np.ones(3), ROW, np.zeros(3))

EDGES = [
    (edge("mean", 0, X), "sum", 1, 6),
    (edge("mean", 0, X, axis=1), "sum", 1, 6),
    (edge("var", 0, X), "dense", 6, 6),
    (edge("std", 0, X, axis=0), "block_diagonal", 6, 6),
    (edge("norm", 0, X, axis=1, keepdims=True), "block_diagonal", 6, 6),
    (edge("prod", 0, X, axis=1), "block_diagonal", 6, 6),
    (edge("logsumexp", 0, X), "dense", 6, 6),
    (edge("max", 0, TIED, axis=1), "selection", 2, 2),
    (edge("amax", 0, TIED, axis=1), "selection", 8, 3),
    (edge("min", 0, X), "selection", 1, 1),
    (edge("argmax", 0, X, axis=1), "zero", 0, 0),
    (edge("cumsum", 0, X, axis=1), "triangular", 1, 12),
    (edge("cumsum", 0, X, reverse=True), "triangular", 1, 21),
    (edge("cumprod", 0, [0.0, 2.0, 0.0, 3.0]), "triangular", 4, 10),
    (edge("softmax", 0, X), "diagonal_low_rank", 18, 18),
    (edge("log_softmax", 0, X), "diagonal_low_rank", 8, 18),
    (edge("softmin", 0, X, axis=0), "diagonal_low_rank", 18, 12),
    (edge("normalize", 0, X), "diagonal_low_rank", 14, 18),
    (edge("layer_norm", 0, X, ROW, ROW), "diagonal_low_rank", 25, 18),
    (edge("layer_norm", 1, X, ROW, ROW), "broadcast", 6, 6),
    (edge("layer_norm", 2, X, ROW, ROW), "broadcast", 1, 6),
    (edge("rms_norm", 0, X, ROW), "diagonal_low_rank", 18, 18),
    (edge("batch_norm", 0, X, *STATS), "diagonal", 3, 6),
    (edge("batch_norm", 0, X, *STATS, training=True), "diagonal_low_rank", 19, 12),
    (edge("group_norm", 0, FOUR, ONES, ONES, num_groups=2), "diagonal_low_rank", 65, 64),
    (edge("mse_loss", 0, X, ROW), "dense", 6, 6),
    (edge("mse_loss", 1, X, ROW), "dense", 3, 3),
    (edge("mse_loss", 0, X, ROW, reduction="none"), "diagonal", 6, 6),
    (edge("mse_loss", 1, X, ROW, reduction="none"), "broadcast", 6, 6),
    (edge("half_squared_error", 0, X, ROW), "dense", 6, 6),
    (edge("cross_entropy", 0, X, [0, 2]), "dense", 6, 6),
    (edge("cross_entropy", 0, X, [0, 2], reduction="none"), "block_diagonal", 6, 6),
    (edge("nll_loss", 0, X, [0, 2]), "selection", 4, 2),
    (edge("nll_loss", 0, X, [0, 2], reduction="none"), "selection", 4, 2),
]


def _name(found: object) -> str:
    return found.structure if isinstance(found, Jacobian) else str(found)


@pytest.mark.parametrize(("jacobian", "structure", "stored", "nonzero"), EDGES, ids=_name)
def test_every_op_keeps_its_natural_structure(
    jacobian: Jacobian, structure: str, stored: int, nonzero: int
) -> None:
    assert (jacobian.structure, jacobian.stored, jacobian.nonzero) == (structure, stored, nonzero)


@pytest.mark.parametrize("jacobian", [each[0] for each in EDGES], ids=_name)
def test_left_right_windows_and_the_dense_matrix_agree(jacobian: Jacobian) -> None:
    d_out, d_in = jacobian.shape
    dense = jacobian.dense()
    left = jacobian.left(np.eye(d_out).reshape(d_out, *jacobian.out_shape))
    right = jacobian.right(np.eye(d_in).reshape(d_in, *jacobian.in_shape))
    np.testing.assert_allclose(left.reshape(d_out, d_in), dense, rtol=1e-15, atol=1e-16)
    np.testing.assert_allclose(right.reshape(d_in, d_out).T, dense, rtol=1e-15, atol=1e-16)
    rows, columns = (d_out // 2, d_out), (d_in // 3, d_in)
    window = jacobian.window(rows, columns)
    np.testing.assert_allclose(window, dense[slice(*rows), slice(*columns)], rtol=1e-15)
    assert np.count_nonzero(dense) <= jacobian.nonzero


def test_ties_share_evenly_or_go_to_the_first() -> None:
    np.testing.assert_array_equal(
        edge("amax", 0, TIED, axis=1).dense(), [[0.5, 0.5, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0]]
    )
    np.testing.assert_array_equal(
        edge("max", 0, TIED, axis=1).dense(), [[1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0]]
    )


@pytest.mark.parametrize("op", ["softmax", "log_softmax", "layer_norm"])
def test_a_row_that_is_not_a_number_leaves_the_others_alone(op: str) -> None:
    spoiled = X.copy()
    spoiled[0, 0] = np.inf
    parameters = (ROW, ROW) if op == "layer_norm" else ()
    found = edge(op, 0, spoiled, *parameters).dense()
    expected = edge(op, 0, X, *parameters).dense()
    np.testing.assert_array_equal(found[:3, 3:], 0)
    np.testing.assert_array_equal(found[3:], expected[3:])


def test_a_long_running_sum_is_never_a_matrix() -> None:
    jacobian = edge("cumsum", 0, np.ones(200_000))
    np.testing.assert_array_equal(
        jacobian.window((3, 6), (4, 7)), [[0, 0, 0], [1, 0, 0], [1, 1, 0]]
    )
    assert jacobian.left(np.ones((1, 200_000)))[0, 0] == 200_000


def test_softmax_of_a_long_vector_stores_three_of_them() -> None:
    jacobian = edge("softmax", 0, np.linspace(-1, 1, 100_000))
    assert jacobian.stored == 300_000
    assert jacobian.shape == (100_000, 100_000)
    assert jacobian.window((0, 2), (99_998, 100_000)).shape == (2, 2)


def test_a_selection_skips_what_it_does_not_choose() -> None:
    index, weight = np.array([[2, -1], [0, 2]]), np.array([[3.0, 9.0], [4.0, 5.0]])
    selection = Selection(np, FLOAT, (2,), (3,), index, weight)
    np.testing.assert_array_equal(selection.dense(), [[0, 0, 3], [4, 0, 5]])
    assert (selection.stored, selection.nonzero) == (8, 3)


def test_blocks_may_lie_under_another_shape() -> None:
    jacobian = DiagonalLowRank(
        np, FLOAT, (4,), (4,), (1,), np.ones(()), [(np.ones(()), np.full((), 0.5))], (2, 2)
    )
    half = np.array([[0.5, -0.5], [-0.5, 0.5]])
    np.testing.assert_array_equal(jacobian.dense(), np.kron(np.eye(2), half))


def test_an_operator_is_what_its_two_functions_say() -> None:
    jacobian = Operator(
        np,
        FLOAT,
        (2,),
        (2,),
        "shear",
        lambda p: p @ [[1, 2], [0, 1]],
        lambda t: t @ [[1, 0], [2, 1]],
    )
    np.testing.assert_array_equal(jacobian.dense(), [[1, 2], [0, 1]])
    assert jacobian.nonzero == 4
