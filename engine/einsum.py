"""Products of labelled arrays: the one primitive behind every structured Jacobian.

A labelled array is an array with one integer label an axis. `product` multiplies two of them and
sums every label that is not wanted in the result, through a (batched) matrix product. How to
arrange the axes for that is worked out once for each pattern of labels.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import lru_cache
from math import prod
from typing import Any

from engine.backend import Array

__all__ = ["Labels", "arrange", "arranger", "plan", "product", "reduce"]

Labels = tuple[int, ...]
Shape = tuple[int, ...]
Arranger = Callable[[Array], Array]
Multiplier = Callable[[Any, Array, Array], Array]


def reduce(array: Array, labels: Sequence[int], keep: Container[int]) -> tuple[Array, Labels]:
    """Sum the axes of `array` whose label is not in `keep`; return it with the labels left."""
    axes = tuple(axis for axis, label in enumerate(labels) if label not in keep)
    if not axes:
        return array, tuple(labels)
    return array.sum(axis=axes), tuple(label for label in labels if label in keep)


def arrange(array: Array, labels: Sequence[int], order: Sequence[int]) -> Array:
    """Return `array` with its axes in `order`, with an axis of length 1 where it lacks a label."""
    return arranger(tuple(labels), tuple(order))(array)


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
    return plan(tuple(a_labels), tuple(b_labels), tuple(out))(xp, a, b)


@lru_cache(maxsize=4096)
def plan(a_labels: Labels, b_labels: Labels, out: Labels) -> Multiplier:
    """Return `product` for these labels, as a function (xp, a, b)."""
    a_alone = [axis for axis, label in enumerate(a_labels) if label not in (*out, *b_labels)]
    b_alone = [axis for axis, label in enumerate(b_labels) if label not in (*out, *a_labels)]
    if a_alone or b_alone:
        return _summed_first(a_labels, b_labels, out, tuple(a_alone), tuple(b_alone))
    summed = tuple(label for label in a_labels if label in b_labels and label not in out)
    if not summed:
        left, right = arranger(a_labels, out), arranger(b_labels, out)
        return lambda xp, a, b: left(a) * right(b)
    return _matrix_product(a_labels, b_labels, summed, out)


def _summed_first(
    a_labels: Labels, b_labels: Labels, out: Labels, a_alone: Labels, b_alone: Labels
) -> Multiplier:
    """Labels that only one operand has, and nobody wants, are summed before multiplying."""
    a_rest = tuple(label for axis, label in enumerate(a_labels) if axis not in a_alone)
    b_rest = tuple(label for axis, label in enumerate(b_labels) if axis not in b_alone)
    rest = plan(a_rest, b_rest, out)
    return lambda xp, a, b: rest(xp, a.sum(axis=a_alone), b.sum(axis=b_alone))


def _matrix_product(a_labels: Labels, b_labels: Labels, summed: Labels, out: Labels) -> Multiplier:
    """Both operands become (stacks of) matrices, and BLAS does the work."""
    batch = tuple(label for label in out if label in a_labels and label in b_labels)
    rows = tuple(label for label in out if label not in b_labels)
    columns = tuple(label for label in out if label not in a_labels)
    if len(rows) > 1 and not batch and out == (rows[0], *columns, *rows[1:]) and columns:
        stack, rest = rows[:1], rows[1:]
        a_first = _matrices(a_labels, stack, summed, rest)
        b_then = _matrices(b_labels, (), columns, summed)
        return _multiplier(b_then, a_first, (*stack, *columns, *rest), out, swap=True)
    if len(rows) == 2 and batch and len(columns) == len(summed) == 1 and out[0] == rows[0]:
        stacked = _stack_in_front(a_labels, b_labels, (rows, batch, summed, columns), out)
        if stacked is not None:
            return stacked
    left = _matrices(a_labels, batch, rows, summed)
    right = _matrices(b_labels, batch, summed, columns)
    return _multiplier(left, right, (*batch, *rows, *columns), out, swap=False)


def _stack_in_front(
    a_labels: Labels, b_labels: Labels, parts: tuple[Labels, Labels, Labels, Labels], out: Labels
) -> Multiplier | None:
    """A stack of batches of matrices by a batch of matrices: matmul broadcasts over the stack, and
    nothing needs to be copied into one piece. None where the result has other axes last."""
    (stack, row), batch, summed, columns = parts
    lead = (stack, *batch)
    if out == (*lead, row, *columns):
        left = _matrices(a_labels, lead, (row,), summed)
        return _multiplier(left, _matrices(b_labels, batch, summed, columns), out, out, swap=False)
    if out == (*lead, *columns, row):
        right = _matrices(a_labels, lead, summed, (row,))
        return _multiplier(_matrices(b_labels, batch, columns, summed), right, out, out, swap=True)
    return None


def _multiplier(
    left: _Matrices, right: _Matrices, labels: Labels, out: Labels, *, swap: bool
) -> Multiplier:
    last = None if labels == out else arranger(labels, out)
    plain = left.plain and right.plain
    groups = (left.lead, left.first, right.lead, right.first)

    def multiply(xp: Any, a: Array, b: Array) -> Array:
        first, second = (b, a) if swap else (a, b)
        first, second = left.arrange(first), right.arrange(second)
        if plain:
            result = first @ second
        else:
            rows, columns, whole = _merged(groups, first.shape, second.shape, swap)
            result = xp.matmul(first.reshape(rows), second.reshape(columns)).reshape(whole)
        return result if last is None else last(result)

    return multiply


class _Matrices:
    """An operand as stacks of matrices: `lead` axes, then two groups of axes merged into two."""

    __slots__ = ("arrange", "first", "lead", "plain")

    def __init__(self, arranged: Arranger, lead: int, first: int, second: int) -> None:
        self.arrange, self.lead, self.first = arranged, lead, first
        self.plain = first == second == 1 or (lead == 0 and {first, second} == {0, 1})


@lru_cache(maxsize=8192)
def _merged(
    groups: tuple[int, int, int, int], a: Shape, b: Shape, swap: bool
) -> tuple[Shape, Shape, Shape]:
    """Return the shapes of both operands as stacks of matrices, and of their product with no axes
    merged. groups: how many axes lead, and how many come next, in `a` and in `b`."""
    a_lead, a_first, b_lead, b_first = groups
    outer, a_inner = a[a_lead : a_lead + a_first], a[a_lead + a_first :]
    b_outer, inner = b[b_lead : b_lead + b_first], b[b_lead + b_first :]
    lead = b[:b_lead] if swap else a[:a_lead]
    rows = (*a[:a_lead], prod(outer), prod(a_inner))
    columns = (*b[:b_lead], prod(b_outer), prod(inner))
    return rows, columns, (*lead, *outer, *inner)


def _matrices(labels: Labels, lead: Labels, first: Labels, second: Labels) -> _Matrices:
    arranged = arranger(labels, (*lead, *first, *second))
    return _Matrices(arranged, len(lead), len(first), len(second))


@lru_cache(maxsize=4096)
def arranger(labels: Labels, order: Labels) -> Arranger:
    """Return `arrange` for these labels, as a function of the array."""
    present = tuple(label for label in order if label in labels)
    moves = None if present == labels else tuple(labels.index(label) for label in present)
    if len(present) == len(order):
        return (lambda array: array) if moves is None else (lambda array: array.transpose(moves))
    where = tuple(slice(None) if label in labels else None for label in order)
    if moves is None:
        return lambda array: array[where]
    return lambda array: array.transpose(moves)[where]
