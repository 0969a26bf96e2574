"""Structured Jacobians beyond labels: index maps, diagonal minus low rank, and mere operators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Shape
from engine.jacobians.jacobian import Jacobian

__all__ = ["DiagonalLowRank", "Operator", "Selection", "Transposed"]


@dataclass(frozen=True, slots=True, eq=False)
class Selection(Jacobian):
    """Each entry of the output is a weighted sum of a few entries of the input.

    index: (n, f) flat positions in the input, -1 for none; weight: the same shape, or None for 1.
    block: how many consecutive entries move together, so that d_i = n · block and positions count
    blocks. unique: whether no entry of the input is chosen twice, so that nothing need be summed.
    """

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape
    index: Array
    weight: Array | None = None
    block: int = 1
    unique: bool = False

    @property
    def structure(self) -> str:
        whole = self.unique and self.weight is None and self.shape[0] == self.shape[1]
        return "permutation" if whole and bool((self.index >= 0).all()) else "selection"

    @property
    def stored(self) -> int:
        return int(self.index.size) * (1 if self.weight is None else 2)

    @property
    def nonzero(self) -> int:
        return int((self.index >= 0).sum()) * self.block

    def left(self, cotangents: Array) -> Array:
        xp, rows, count = self.xp, cotangents.shape[0], prod(self.in_shape) // max(self.block, 1)
        spread = cotangents.reshape(rows, self.index.shape[0], 1, self.block)
        if self.weight is not None:
            spread = spread * self.weight[..., None]
        spread = xp.broadcast_to(spread, (rows, *self.index.shape, self.block))
        target, spread = self.index.ravel(), spread.reshape(rows, self.index.size, self.block)
        present = target >= 0
        if not bool(present.all()):
            target, spread = target[present], spread[:, present]
        result = xp.zeros((rows, count, self.block), dtype=spread.dtype)
        if self.unique:
            result[:, target] = spread
        else:
            flat = (xp.arange(rows)[:, None] * count + target).ravel()
            _add_at(xp, result.reshape(-1, self.block), flat, spread.reshape(-1, self.block))
        return result.reshape(rows, *self.in_shape)

    def right(self, tangents: Array) -> Array:
        xp, rows = self.xp, tangents.shape[0]
        if not tangents.size:
            return xp.zeros((rows, *self.out_shape), dtype=tangents.dtype)
        absent = self.index < 0
        blocks = tangents.reshape(rows, -1, self.block)
        chosen = blocks[:, xp.where(absent, 0, self.index)]
        if self.weight is not None:
            chosen = chosen * self.weight[..., None]
        zero = xp.zeros((), dtype=chosen.dtype)
        present = xp.where(absent[..., None], zero, chosen)
        return present.sum(axis=2).reshape(rows, *self.out_shape)

    def window(self, rows: tuple[int, int], columns: tuple[int, int]) -> Array:
        """Read the entries off the index: a product with unit vectors makes 0 · ∞ a NaN."""
        xp, row, column = self.xp, self.xp.arange(*rows), self.xp.arange(*columns)
        block = max(self.block, 1)
        index, within = self.index[row // block][:, :, None], row[:, None, None] % block
        chosen = (index == column // block) & (index >= 0) & (within == column % block)
        one = xp.ones((), dtype=self.dtype)
        weight = one if self.weight is None else self.weight[row // block][:, :, None]
        return xp.where(chosen, weight, xp.zeros((), dtype=self.dtype)).sum(axis=1)


def _add_at(xp: Any, blocks: Array, index: Array, values: Array) -> None:
    """Add in place, an index given twice counting twice; one number at a time is much faster."""
    if blocks.shape[1] == 1:
        xp.add.at(blocks.reshape(-1), index, values.reshape(-1))
    else:
        xp.add.at(blocks, index, values)


class Transposed(Jacobian):
    """The transpose of a Jacobian: of an op that undoes a selection by summing entries back."""

    def __init__(self, inner: Jacobian) -> None:
        self.inner = inner
        self.xp, self.dtype = inner.xp, inner.dtype
        self.out_shape, self.in_shape = inner.in_shape, inner.out_shape

    @property
    def structure(self) -> str:
        return self.inner.structure

    @property
    def stored(self) -> int:
        return self.inner.stored

    @property
    def nonzero(self) -> int:
        return self.inner.nonzero

    def left(self, cotangents: Array) -> Array:
        return self.inner.right(cotangents)

    def right(self, tangents: Array) -> Array:
        return self.inner.left(tangents)

    def window(self, rows: tuple[int, int], columns: tuple[int, int]) -> Array:
        """The transpose of the window with rows and columns exchanged."""
        return self.inner.window(columns, rows).T


@dataclass(frozen=True, slots=True, eq=False)
class DiagonalLowRank(Jacobian):
    """Blocks diag(d) - Σ_r u_r v_rᵀ over `axes`, one block for each index of the other axes.

    Output and input have the same shape. view: the shape under which the blocks lie, where it is
    another one. diagonal, and each u and v, broadcast to it.
    """

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape
    axes: tuple[int, ...]
    diagonal: Array
    pairs: Sequence[tuple[Array, Array]]
    view: Shape = ()

    @property
    def structure(self) -> str:
        return "diagonal_low_rank"

    @property
    def stored(self) -> int:
        arrays = [self.diagonal, *(array for pair in self.pairs for array in pair)]
        return sum(int(self.xp.asarray(array).size) for array in arrays)

    @property
    def nonzero(self) -> int:
        seen = self._seen
        return prod(seen) * prod(seen[axis] for axis in self.axes)

    @property
    def _seen(self) -> Shape:
        return self.view or self.out_shape

    def left(self, cotangents: Array) -> Array:
        return self._apply(cotangents, [(v, u) for u, v in self.pairs])

    def right(self, tangents: Array) -> Array:
        return self._apply(tangents, self.pairs)

    def window(self, rows: tuple[int, int], columns: tuple[int, int]) -> Array:
        """Read the entries off the blocks: a product with unit vectors makes 0 · ∞ a NaN."""
        xp, seen = self.xp, self._seen
        down, across = xp.arange(*rows)[:, None], xp.arange(*columns)[None, :]
        row, column = xp.unravel_index(down, seen or (1,)), xp.unravel_index(across, seen or (1,))
        merged = {axis % len(seen) for axis in self.axes}
        same = down == down
        for axis in range(len(seen)):
            if axis not in merged:
                same = same & (row[axis] == column[axis])
        zero = xp.zeros((), dtype=self.dtype)
        entries = xp.where(down == across, self._at(self.diagonal, row), zero)
        for u, v in self.pairs:
            entries = entries - self._at(u, row) * self._at(v, column)
        return xp.where(same, entries, zero)

    def _at(self, array: Array, place: tuple[Array, ...]) -> Array:
        return self.xp.broadcast_to(array, self._seen or (1,))[place]

    def _apply(self, stack: Array, pairs: Sequence[tuple[Array, Array]]) -> Array:
        seen, count = self._seen, stack.shape[0]
        axes = tuple(axis % len(seen) + 1 for axis in self.axes)
        stack = stack.reshape(count, *seen)
        sums = [_sum_of_products(stack, v, axes) for _, v in pairs]
        if len(pairs) == 1 and pairs[0][0] is self.diagonal:
            result = stack - sums[0]
            result *= self.diagonal
            return result.reshape(count, *self.out_shape)
        result = stack * self.diagonal
        for (u, _), total in zip(pairs, sums, strict=True):
            result -= u * total
        return result.reshape(count, *self.out_shape)


def _sum_of_products(stack: Array, other: Array, axes: tuple[int, ...]) -> Array:
    """Sum stack · other over axes, which stay with length 1: over the last one by scalar products,
    which form no array of the size of the stack."""
    last = stack.ndim - 1
    if axes == (last,) and other.shape[-1:] == stack.shape[-1:]:
        return (stack[..., None, :] @ other[..., None])[..., 0]
    return (stack * other).sum(axis=axes, keepdims=True)


@dataclass(frozen=True, slots=True, eq=False)
class Operator(Jacobian):
    """A Jacobian that is only ever applied: two functions on stacks, and what is known of it."""

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape
    name: str
    pull: Callable[[Array], Array] = field(repr=False)
    push: Callable[[Array], Array] = field(repr=False)
    stored_count: int = 0
    nonzero_count: int | None = None

    @property
    def structure(self) -> str:
        return self.name

    @property
    def stored(self) -> int:
        return self.stored_count

    @property
    def nonzero(self) -> int:
        return prod(self.shape) if self.nonzero_count is None else self.nonzero_count

    def left(self, cotangents: Array) -> Array:
        return self.pull(cotangents)

    def right(self, tangents: Array) -> Array:
        return self.push(tangents)
