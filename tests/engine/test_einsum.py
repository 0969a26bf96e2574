"""Products of labelled arrays against numpy.einsum over every small pattern of labels."""

from __future__ import annotations

from itertools import product as every
from typing import Any

import numpy as np
import pytest

from engine.einsum import arrange, product, reduce

SIZES = {0: 2, 1: 3, 2: 4}
SUBSETS: list[tuple[int, ...]] = [
    (),
    (0,),
    (1,),
    (0, 1),
    (1, 0),
    (0, 2),
    (2, 1),
    (0, 1, 2),
    (2, 0, 1),
]


def array(rng: np.random.Generator, labels: tuple[int, ...], factor: int = 1) -> Any:
    return rng.normal(size=tuple(SIZES[label] * factor for label in labels))


@pytest.mark.parametrize("factor", [1, 8], ids=["small", "through-matmul"])
def test_product_agrees_with_einsum(rng: np.random.Generator, factor: int) -> None:
    for left, right in every(SUBSETS, SUBSETS):
        a, b = array(rng, left, factor), array(rng, right, factor)
        present = sorted({*left, *right})
        for out in ([], present[:1], present[::-1], present):
            expected = np.einsum(a, list(left), b, list(right), out)
            np.testing.assert_allclose(
                product(np, a, left, b, right, out), expected, rtol=1e-10, atol=1e-9
            )


def test_product_of_empty_axes_is_zero_not_an_error() -> None:
    result = product(np, np.ones((2, 0)), (0, 1), np.ones((0, 3)), (1, 2), (0, 2))
    np.testing.assert_array_equal(result, np.zeros((2, 3)))


def test_reduce_sums_what_is_not_kept() -> None:
    summed, labels = reduce(np.arange(6.0).reshape(2, 3), (0, 1), {1})
    assert labels == (1,)
    np.testing.assert_array_equal(summed, [3, 5, 7])


def test_arrange_inserts_an_axis_for_a_label_it_lacks() -> None:
    assert arrange(np.ones((2, 3)), (0, 1), (1, 2, 0)).shape == (3, 1, 2)


@pytest.mark.parametrize(
    ("left", "right", "out"),
    [
        ((9, 0, 1, 2), (0, 2, 3), (9, 0, 1, 3)),
        ((9, 0, 2, 1), (0, 2, 3), (9, 0, 3, 1)),
        ((9, 0, 1, 2), (0, 3, 2), (9, 0, 3, 1)),
        ((0, 9, 1, 2), (2, 0, 3), (9, 0, 1, 3)),
        ((9, 0, 1, 2), (0, 2, 3), (0, 9, 1, 3)),
    ],
)
def test_a_stack_of_batches_by_a_batch(
    rng: np.random.Generator, left: tuple[int, ...], right: tuple[int, ...], out: tuple[int, ...]
) -> None:
    sizes = {9: 5, 0: 2, 1: 3, 2: 4, 3: 6}
    a, b = (rng.normal(size=[sizes[label] for label in labels]) for labels in (left, right))
    expected = np.einsum(a, list(left), b, list(right), list(out))
    np.testing.assert_allclose(product(np, a, left, b, right, out), expected)
