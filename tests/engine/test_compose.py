"""Products along a path and sums over paths agree with matrix algebra."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest

import engine
from engine.jacobians.compose import PathSum, Product, add, compose, identity
from engine.jacobians.jacobian import Jacobian, Zero
from tests.engine.test_jacobian import edge

SQUARE = [
    edge("add", 0, (3,), (3,)),
    edge("neg", 0, (3,)),
    edge("mul", 0, (3,), ()),
    edge("sigmoid", 0, (3,)),
    edge("transpose", 0, (3,)),
    edge("matmul", 1, (3, 3), (3,)),
    Zero(np, np.dtype("float64"), (3,), (3,)),
]
CHAINS: list[list[Jacobian]] = [
    [edge("sum", 0, (2, 4)), edge("sigmoid", 0, (2, 4)), edge("matmul", 0, (2, 3), (3, 4))],
    [edge("matmul", 1, (2, 3), (3, 4)), edge("add", 1, (3, 4), (4,))],
    [edge("matmul", 0, (2, 3), (3,)), edge("transpose", 0, (3, 2)), edge("tanh", 0, (3, 2))],
    [edge("sum", 0, (3, 4), axis=0), edge("add", 0, (3, 1), (4,))],
    [edge("add", 0, (), ()), edge("sum", 0, (5,)), edge("add", 1, (5,), ())],
    [edge("matmul", 0, (3,), (3,)), edge("mul", 1, (), (3,)), edge("neg", 0, (3,))],
]


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_of_structures_is_the_product_of_their_matrices(chain: list[Jacobian]) -> None:
    whole = chain[0]
    for inner in chain[1:]:
        whole = compose(whole, inner)
    expected = np.linalg.multi_dot([*(j.dense() for j in chain), np.eye(chain[-1].shape[1])])
    np.testing.assert_allclose(whole.dense(), expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("outer", SQUARE, ids=lambda j: j.structure)
@pytest.mark.parametrize("inner", SQUARE, ids=lambda j: j.structure)
def test_products_and_sums_of_square_structures(outer: Jacobian, inner: Jacobian) -> None:
    np.testing.assert_allclose(
        compose(outer, inner).dense(), outer.dense() @ inner.dense(), rtol=1e-13
    )
    np.testing.assert_allclose(add(outer, inner).dense(), outer.dense() + inner.dense(), rtol=1e-13)


def test_structure_survives_where_it_can() -> None:
    diagonal, kronecker = edge("sigmoid", 0, (2,)), edge("matmul", 0, (2, 3), (3,))
    assert compose(identity(kronecker), kronecker).structure == "kronecker"
    assert compose(diagonal, kronecker).structure == "block_diagonal"
    assert compose(diagonal, diagonal).structure == "diagonal"
    assert add(diagonal, diagonal).structure == "diagonal"
    assert add(diagonal, edge("matmul", 1, (2, 2), (2,))).structure == "dense"
    assert add(diagonal, edge("transpose", 0, (2,))).structure == "diagonal"


def test_a_product_that_would_grow_is_kept_as_factors() -> None:
    outer, inner = edge("matmul", 0, (9, 8), (8, 7)), edge("matmul", 1, (9, 10), (10, 8))
    kept = compose(outer, inner)
    assert isinstance(kept, Product)
    assert kept.stored == outer.stored + inner.stored
    rng = np.random.default_rng(1)
    cotangents, tangents = rng.normal(size=(2, 9, 7)), rng.normal(size=(2, 10, 8))
    expected = outer.dense(10**6) @ inner.dense(10**6)
    np.testing.assert_allclose(
        kept.left(cotangents).reshape(2, 80), cotangents.reshape(2, 63) @ expected
    )
    np.testing.assert_allclose(
        kept.right(tangents).reshape(2, 63), tangents.reshape(2, 80) @ expected.T
    )


def test_paths_of_different_structure_stay_side_by_side() -> None:
    paths = [edge("transpose", 0, (3, 3)), edge("sigmoid", 0, (3, 3))]
    both = add(*paths)
    assert isinstance(both, PathSum) and both.structure == "path_sum"
    np.testing.assert_allclose(both.dense(), sum(path.dense() for path in paths))
    np.testing.assert_allclose(compose(both, paths[1]).dense(), both.dense() @ paths[1].dense())
    for first, second in pairwise([both, *paths]):
        np.testing.assert_allclose(add(first, second).dense(), first.dense() + second.dense())


def test_sums_of_many_paths_do_not_exhaust_the_stack() -> None:
    source = "a = 0 + broadcast_to(1, (5000,))\nb = sum(a" + "+ flip(a) + cumsum(a)" * 300 + ")"
    gradients = engine.prepare(source).evaluate().gradients
    assert gradients is not None
    np.testing.assert_allclose(gradients["a"], 1 + 300 * (1 + np.arange(5000, 0, -1)))


def test_products_of_many_factors_do_not_exhaust_the_stack() -> None:
    flip, total = edge("flip", 0, (100,)), edge("cumsum", 0, (100,))
    path = reduce(compose, [flip, total, *[flip, flip] * 1000])
    assert isinstance(path, Product) and path.structure == "product"
    ones = np.ones((1, 100))
    np.testing.assert_allclose(path.left(ones)[0], np.arange(100, 0, -1))
    np.testing.assert_allclose(path.right(ones)[0], np.arange(100, 0, -1))
