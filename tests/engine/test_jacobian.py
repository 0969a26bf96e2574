"""Structures, their names, their counts and their windows."""

from __future__ import annotations

import tracemalloc
from time import perf_counter

import numpy as np
import pytest

from engine.backend import backend
from engine.errors import LimitError
from engine.jacobians.jacobian import Jacobian, Labelled, Zero
from engine.jacobians.pattern import Pattern
from engine.ops import OPS
from engine.sweeps.local import local_rule

CPU = backend("cpu")


def edge(op: str, slot: int, *shapes: tuple[int, ...], **attrs: object) -> Labelled:
    """The local Jacobian of an op at positive values that count up."""
    inputs = [np.arange(1.0, np.prod(shape) + 1).reshape(shape) for shape in shapes]
    out = np.asarray(OPS[op].forward(np, *inputs, **attrs))
    rule = local_rule(OPS[op], slot, shapes, out.shape, attrs)
    return rule.jacobian(CPU, np.dtype("float64"), inputs, out)


@pytest.mark.parametrize(
    ("jacobian", "structure", "stored", "nonzero"),
    [
        (edge("add", 0, (), ()), "identity", 1, 1),
        (edge("mul", 0, (), ()), "diagonal", 1, 1),
        (edge("add", 0, (3,), (3,)), "identity", 1, 3),
        (edge("sub", 1, (3,), (3,)), "scaled_identity", 1, 3),
        (edge("mul", 0, (3,), ()), "scaled_identity", 1, 3),
        (edge("mul", 1, (3,), ()), "dense", 3, 3),
        (edge("mul", 0, (3,), (3,)), "diagonal", 3, 3),
        (edge("sigmoid", 0, (2, 3)), "diagonal", 6, 6),
        (edge("add", 1, (2, 3), (3,)), "broadcast", 1, 6),
        (edge("add", 1, (3,), ()), "broadcast", 1, 3),
        (edge("mul", 1, (2, 3), (3,)), "broadcast", 6, 6),
        (edge("sum", 0, (2, 3)), "sum", 1, 6),
        (edge("sum", 0, (2, 3), axis=0), "sum", 1, 6),
        (edge("transpose", 0, (2, 3)), "permutation", 1, 6),
        (edge("transpose", 0, (3,)), "identity", 1, 3),
        (edge("matmul", 0, (2, 3), (3,)), "kronecker", 3, 6),
        (edge("matmul", 1, (2, 3), (3,)), "dense", 6, 6),
        (edge("matmul", 0, (2, 3), (3, 4)), "kronecker", 12, 24),
        (edge("matmul", 1, (2, 3), (3, 4)), "kronecker", 6, 24),
        (edge("matmul", 0, (3,), (3,)), "dense", 3, 3),
    ],
)
def test_every_edge_has_its_natural_structure(
    jacobian: Jacobian, structure: str, stored: int, nonzero: int
) -> None:
    assert (jacobian.structure, jacobian.stored, jacobian.nonzero) == (structure, stored, nonzero)
    assert np.count_nonzero(jacobian.dense()) == nonzero


def test_a_window_is_a_part_of_the_whole() -> None:
    jacobian = edge("matmul", 0, (4, 3), (3, 5))
    np.testing.assert_array_equal(jacobian.window((3, 9), (2, 7)), jacobian.dense()[3:9, 2:7])


def test_a_window_of_an_infinite_entry_leaves_the_zeros_alone() -> None:
    pattern = Pattern.of((0,), (0,), (0,), {0: 2})
    jacobian = Labelled(np, np.dtype("float64"), (2,), (2,), pattern, np.array([np.inf, 1.0]))
    np.testing.assert_array_equal(jacobian.dense(), [[np.inf, 0], [0, 1]])


def test_a_jacobian_of_eight_gigabytes_is_read_through_a_window() -> None:
    n = 1024
    jacobian = edge("matmul", 0, (n, n), (n,))
    assert jacobian.shape == (n, n * n) and jacobian.stored == n
    tracemalloc.start()
    started = perf_counter()
    row = jacobian.row(5)[None, 5 * n : 6 * n]
    corner = jacobian.window((0, 12), (0, 12))
    seconds = perf_counter() - started
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(row[0], np.arange(1.0, n + 1))
    np.testing.assert_array_equal(corner[0], np.arange(1.0, 13))
    assert peak < 64 * 2**20
    assert seconds < 1


def test_dense_refuses_above_its_cap() -> None:
    with pytest.raises(LimitError) as caught:
        edge("matmul", 0, (1024, 1024), (1024,)).dense()
    assert caught.value.params["asked"] == 1024**3


def test_zero_pulls_and_pushes_nothing() -> None:
    zero = Zero(np, np.dtype("float64"), (2,), (3,))
    assert (zero.structure, zero.stored, zero.nonzero) == ("zero", 0, 0)
    assert zero.left(np.ones((4, 2))).shape == (4, 3)
    assert zero.right(np.ones((4, 3))).shape == (4, 2)
    assert not zero.dense().any()
