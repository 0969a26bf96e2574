"""Products of labelled arrays: the one primitive behind every structured Jacobian.

A labelled array is an array with one integer label an axis. `product` multiplies two of them and
sums every label that is not wanted in the result, through a (batched) matrix product where that
pays.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from engine.backend import Array

__all__ = ["Labels", "arrange", "product", "reduce"]

Labels = tuple[int, ...]

_SMALL = 4096
"""Below this many multiplications one einsum call is cheaper than arranging a matrix product."""


def reduce(array: Array, labels: Sequence[int], keep: Container[int]) -> tuple[Array, Labels]:
    """Sum the axes of `array` whose label is not in `keep`; return it with the labels left."""
    axes = tuple(axis for axis, label in enumerate(labels) if label not in keep)
    if not axes:
        return array, tuple(labels)
    return array.sum(axis=axes), tuple(label for label in labels if label in keep)


def arrange(array: Array, labels: Sequence[int], order: Sequence[int]) -> Array:
    """Return `array` with its axes in `order`, with an axis of length 1 where it lacks a label."""
    present = [label for label in order if label in labels]
    moved = (
        array.transpose([labels.index(label) for label in present])
        if present != list(labels)
        else array
    )
    if len(present) == len(order):
        return moved
    sizes = dict(zip(present, moved.shape, strict=True))
    return moved.reshape([sizes.get(label, 1) for label in order])


def product(
    xp: Any,
    a: Array,
    a_labels: Sequence[int],
    b: Array,
    b_labels: Sequence[int],
    out: Sequence[int],
) -> Array:
    """Multiply `a` by `b` and sum every label that is not in `out`.

    a, b: one axis a label, no label twice. Every label of `out` is in `a` or `b`. Returns one axis
    a label of `out`.
    """
    wanted = set(out)
    a, a_labels = reduce(a, a_labels, wanted | set(b_labels))
    b, b_labels = reduce(b, b_labels, wanted | set(a_labels))
    summed = [label for label in a_labels if label in b_labels and label not in wanted]
    if not summed:
        return arrange(a, a_labels, out) * arrange(b, b_labels, out)
    if a.size * b.size <= _SMALL**2 and _volume(a, a_labels, b, b_labels) <= _SMALL:
        return xp.einsum(a, list(a_labels), b, list(b_labels), list(out))
    return _matrix_product(xp, (a, a_labels), (b, b_labels), summed, out)


def _volume(a: Array, a_labels: Sequence[int], b: Array, b_labels: Sequence[int]) -> int:
    sizes = dict(zip(a_labels, a.shape, strict=True)) | dict(zip(b_labels, b.shape, strict=True))
    volume = 1
    for size in sizes.values():
        volume *= size
    return volume


def _matrix_product(
    xp: Any,
    left: tuple[Array, Sequence[int]],
    right: tuple[Array, Sequence[int]],
    summed: list[int],
    out: Sequence[int],
) -> Array:
    """Arrange both as stacks of matrices (batch, free, summed) and let BLAS do the work."""
    (a, a_labels), (b, b_labels) = left, right
    batch = [label for label in a_labels if label in b_labels and label not in summed]
    rows = [label for label in a_labels if label not in b_labels]
    columns = [label for label in b_labels if label not in a_labels]
    sizes = dict(zip(a_labels, a.shape, strict=True)) | dict(zip(b_labels, b.shape, strict=True))
    lead = [sizes[label] for label in batch]
    a = arrange(a, a_labels, [*batch, *rows, *summed]).reshape(
        *lead, _count(rows, sizes), _count(summed, sizes)
    )
    b = arrange(b, b_labels, [*batch, *summed, *columns]).reshape(*lead, _count(summed, sizes), -1)
    result = xp.matmul(a, b)
    labels = [*batch, *rows, *columns]
    return arrange(result.reshape([sizes[label] for label in labels]), labels, out)


def _count(labels: Sequence[int], sizes: dict[int, int]) -> int:
    count = 1
    for label in labels:
        count *= sizes[label]
    return count
