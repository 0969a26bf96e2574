"""Structured Jacobians beyond labels: index maps, diagonal minus low rank, and mere operators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Shape
from engine.jacobian import Jacobian

__all__ = ["DiagonalLowRank", "Operator", "Selection"]


@dataclass(frozen=True, slots=True, eq=False)
class Selection(Jacobian):
    """Each entry of the output is a weighted sum of a few entries of the input.

    index: (d_i, f) flat positions in the input, -1 for none; weight: the same shape, or None for 1.
    """

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape
    index: Array
    weight: Array | None = None

    @property
    def structure(self) -> str:
        return "selection"

    @property
    def stored(self) -> int:
        return int(self.index.size) * (1 if self.weight is None else 2)

    @property
    def nonzero(self) -> int:
        return int((self.index >= 0).sum())

    def left(self, cotangents: Array) -> Array:
        rows, d_in = cotangents.shape[0], prod(self.in_shape)
        spread = cotangents.reshape(rows, prod(self.out_shape), 1) * self._weights()
        result = self.xp.zeros((rows, d_in), dtype=spread.dtype)
        target = self.xp.where(self.index < 0, 0, self.index).ravel()
        if d_in:
            self.xp.add.at(result, (slice(None), target), spread.reshape(rows, target.size))
        return result.reshape(rows, *self.in_shape)

    def right(self, tangents: Array) -> Array:
        rows, d_in = tangents.shape[0], prod(self.in_shape)
        if not d_in:
            return self.xp.zeros((rows, *self.out_shape), dtype=tangents.dtype)
        chosen = tangents.reshape(rows, d_in)[:, self.xp.where(self.index < 0, 0, self.index)]
        return (chosen * self._weights()).sum(axis=-1).reshape(rows, *self.out_shape)

    def _weights(self) -> Array:
        present = (self.index >= 0).astype(self.dtype)
        return present if self.weight is None else self.xp.where(self.index < 0, 0, self.weight)


@dataclass(frozen=True, slots=True, eq=False)
class DiagonalLowRank(Jacobian):
    """Blocks diag(d) - Σ_r u_r v_rᵀ over `axes`, one block for each index of the other axes.

    Output and input have the same shape; diagonal, and each u and v, broadcast to it.
    """

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape
    axes: tuple[int, ...]
    diagonal: Array
    pairs: Sequence[tuple[Array, Array]]

    @property
    def structure(self) -> str:
        return "diagonal_low_rank"

    @property
    def stored(self) -> int:
        arrays = [self.diagonal, *(array for pair in self.pairs for array in pair)]
        return sum(int(self.xp.asarray(array).size) for array in arrays)

    @property
    def nonzero(self) -> int:
        return prod(self.out_shape) * prod(self.out_shape[axis] for axis in self.axes)

    def left(self, cotangents: Array) -> Array:
        return self._apply(cotangents, [(v, u) for u, v in self.pairs])

    def right(self, tangents: Array) -> Array:
        return self._apply(tangents, self.pairs)

    def _apply(self, stack: Array, pairs: Sequence[tuple[Array, Array]]) -> Array:
        axes = tuple(axis % len(self.out_shape) + 1 for axis in self.axes)
        result = stack * self.diagonal
        for u, v in pairs:
            result = result - u * (stack * v).sum(axis=axes, keepdims=True)
        return result


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
