"""Ops that move entries, multiply matrices, slide kernels: the natural structure of each edge."""

from __future__ import annotations

import numpy as np
import pytest

from engine.jacobians.jacobian import Jacobian
from tests.engine.test_structures import edge

RNG = np.random.default_rng(7)
X = RNG.normal(size=(2, 3))
CUBE = RNG.normal(size=(2, 3, 4))
IMAGES, KERNELS = RNG.normal(size=(2, 2, 4, 4)), RNG.normal(size=(3, 2, 2, 2))
REGULAR = np.array([[3.0, 1.0], [0.5, 2.0]])
REST = ("slice", 1, None, None)

EDGES = [
    (edge("reshape", 0, X, shape=(3, 2)), "identity", 1, 6),
    (edge("flatten", 0, CUBE), "identity", 1, 24),
    (edge("unsqueeze", 0, X, axis=1), "identity", 1, 6),
    (edge("permute", 0, CUBE, axes=(2, 0, 1)), "permutation", 1, 24),
    (edge("unbind", 0, X, axis=1), "permutation", 1, 6),
    (edge("split", 0, CUBE, sections=2, axis=2), "permutation", 1, 24),
    (edge("flip", 0, X), "permutation", 6, 6),
    (edge("roll", 0, X, shift=1), "permutation", 6, 6),
    (edge("sort", 0, X), "permutation", 6, 6),
    (edge("tile", 0, X, reps=(2, 2)), "broadcast", 1, 24),
    (edge("repeat", 0, X, repeats=2, axis=0), "broadcast", 1, 12),
    (edge("getitem", 0, X, index=(REST, 0)), "selection", 1, 1),
    (edge("put", 0, X[0], shape=(2, 3), index=(1,)), "selection", 3, 3),
    (edge("pad", 0, X, pad=1), "selection", 6, 6),
    (edge("concat", 1, X, X), "selection", 6, 6),
    (edge("take", 0, X, [1, 1, 0], axis=0), "selection", 3, 9),
    (edge("embedding", 1, [1, 1, 0], X), "selection", 3, 9),
    (edge("gather", 0, X, [[0], [2]], axis=1), "selection", 2, 2),
    (edge("diagonal", 0, X), "selection", 2, 2),
    (edge("trace", 0, X), "selection", 2, 2),
    (edge("triu", 0, X), "diagonal", 6, 6),
    (edge("matmul", 0, X, X.T), "kronecker", 6, 12),
    (edge("matmul", 1, X, X[0]), "dense", 6, 6),
    (edge("matmul", 0, CUBE, CUBE.transpose(0, 2, 1)), "block_diagonal", 24, 72),
    (edge("matmul", 1, CUBE, CUBE[0].T), "kronecker", 24, 72),
    (edge("linear", 0, X, CUBE[0].T), "kronecker", 12, 24),
    (edge("linear", 1, X, CUBE[0].T), "kronecker", 6, 24),
    (edge("linear", 2, X, CUBE[0].T, np.ones(4)), "broadcast", 1, 8),
    (edge("outer", 0, X[0], X[1]), "kronecker", 3, 9),
    (edge("conv2d", 0, IMAGES, KERNELS), "toeplitz", 24, 432),
    (edge("conv2d", 1, IMAGES, KERNELS), "kronecker", 144, 432),
    (edge("conv2d", 2, IMAGES, KERNELS, np.ones(3)), "broadcast", 1, 54),
    (edge("conv2d", 0, IMAGES, KERNELS, padding=1), "toeplitz", 24, 768),
    (edge("max_pool2d", 0, IMAGES, kernel_size=2), "selection", 16, 16),
    (edge("avg_pool2d", 0, IMAGES, kernel_size=2), "sum", 1, 64),
    (edge("avg_pool2d", 0, IMAGES, kernel_size=3, stride=1), "selection", 288, 144),
    (edge("solve", 0, REGULAR, X), "factored", 10, 24),
    (edge("solve", 1, REGULAR, X[:, 0]), "dense", 4, 4),
    (edge("inv", 0, REGULAR), "factored", 4, 16),
    (edge("det", 0, REGULAR), "dense", 4, 4),
    (edge("cholesky", 0, REGULAR), "factored", 4, 16),
]


def _name(found: object) -> str:
    return found.structure if isinstance(found, Jacobian) else str(found)


@pytest.mark.parametrize(("jacobian", "structure", "stored", "nonzero"), EDGES, ids=_name)
def test_every_edge_keeps_its_natural_structure(
    jacobian: Jacobian, structure: str, stored: int, nonzero: int
) -> None:
    assert (jacobian.structure, jacobian.stored, jacobian.nonzero) == (structure, stored, nonzero)


@pytest.mark.parametrize("jacobian", [each[0] for each in EDGES], ids=_name)
def test_the_nonzero_entries_are_as_many_as_it_says_or_fewer(jacobian: Jacobian) -> None:
    found = np.count_nonzero(jacobian.dense())
    exact = jacobian.structure not in ("factored", "diagonal")
    assert found == jacobian.nonzero if exact else found <= jacobian.nonzero


@pytest.mark.parametrize("jacobian", [each[0] for each in EDGES], ids=_name)
def test_a_window_is_a_piece_of_the_dense_matrix(jacobian: Jacobian) -> None:
    d_out, d_in = jacobian.shape
    rows, columns = (d_out // 3, d_out), (0, (d_in + 1) // 2)
    piece = jacobian.dense()[rows[0] : rows[1], columns[0] : columns[1]]
    np.testing.assert_array_almost_equal_nulp(jacobian.window(rows, columns), piece, nulp=4)


def test_an_infinite_cotangent_leaves_what_was_not_chosen_alone() -> None:
    jacobian = edge("getitem", 0, X, index=(0, 1))
    pulled = jacobian.left(np.array([np.inf]))
    np.testing.assert_array_equal(pulled[0], [[0, np.inf, 0], [0, 0, 0]])


def test_a_determinant_has_a_gradient_where_the_matrix_is_singular() -> None:
    row = edge("det", 0, np.diag([0.0, 2.0, 3.0])).dense()
    np.testing.assert_allclose(row.reshape(3, 3), np.diag([6.0, 0.0, 0.0]), atol=1e-14)
