r"""Local Jacobians as structures: never dense unless asked.

`J` of the edge j → i has shape (d_i, d_j) over row-major vec. Every class knows how to multiply:
`left(P)` is P·J (the reverse sweep), `right(t)` is J·t (the forward sweep); rows, columns, windows
and the dense matrix follow from these two.

`Labelled` is the common form: labels name the axes of the output and of the input; a label on both
sides is a Kronecker delta, and `value` holds what varies. One form covers identity, diagonal,
permutation, broadcast, sum, Kronecker, block-diagonal and dense (`pattern`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from engine.backend import Array
from engine.einsum import Labels, arrange
from engine.errors import LimitError
from engine.graph import Shape
from engine.jacobians.pattern import Pattern, multiplier

__all__ = ["DENSE_CAP", "Jacobian", "Labelled", "Zero", "dense"]

DENSE_CAP = 2**18
"""Entries (2 MiB of float64) above which `dense` refuses."""


class Jacobian(ABC):
    """A local Jacobian of shape (d_i, d_j), held as structure.

    out_shape, in_shape: shapes of u_i and u_j. dtype: of the entries.
    """

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape

    @property
    def shape(self) -> tuple[int, int]:
        """(d_i, d_j)."""
        return prod(self.out_shape), prod(self.in_shape)

    @property
    @abstractmethod
    def structure(self) -> str:
        """The name of the structure."""

    @property
    @abstractmethod
    def stored(self) -> int:
        """How many numbers are stored."""

    @property
    @abstractmethod
    def nonzero(self) -> int:
        """How many entries may differ from zero."""

    @abstractmethod
    def left(self, cotangents: Array) -> Array:
        """P·J. cotangents: (m, *out_shape); returns (m, *in_shape)."""

    @abstractmethod
    def right(self, tangents: Array) -> Array:
        """J·t. tangents: (k, *in_shape); returns (k, *out_shape)."""

    def window(self, rows: tuple[int, int], columns: tuple[int, int]) -> Array:
        """Return the entries of a half-open range of rows and of columns, without forming the
        rest."""
        d_out, d_in = self.shape
        height, width = rows[1] - rows[0], columns[1] - columns[0]
        if width < height:
            units = self._units(columns, d_in).reshape(width, *self.in_shape)
            return self.right(units).reshape(width, d_out).T[rows[0] : rows[1]]
        units = self._units(rows, d_out).reshape(height, *self.out_shape)
        return self.left(units).reshape(height, d_in)[:, columns[0] : columns[1]]

    def _units(self, chosen: tuple[int, int], size: int) -> Array:
        """Return the unit vectors of a half-open range, one a row."""
        xp, (first, last) = self.xp, chosen
        units = xp.zeros((last - first, size), dtype=self.dtype)
        units[xp.arange(last - first), xp.arange(first, last)] = 1
        return units

    def row(self, position: int) -> Array:
        """Return one row, shape (d_j,)."""
        return self.window((position, position + 1), (0, self.shape[1]))[0]

    def column(self, position: int) -> Array:
        """Return one column, shape (d_i,)."""
        return self.window((0, self.shape[0]), (position, position + 1))[:, 0]

    def dense(self, cap: int = DENSE_CAP) -> Array:
        """Return the whole matrix. Raises LimitError above `cap` entries."""
        d_out, d_in = self.shape
        if d_out * d_in > cap:
            raise LimitError(
                "limit.exceeded",
                asked=d_out * d_in,
                unit="entries",
                limit="a dense Jacobian",
                allowed=cap,
            )
        return self.window((0, d_out), (0, d_in))


@dataclass(frozen=True, slots=True, eq=False)
class Labelled(Jacobian):
    """A Jacobian given by a pattern of labels and the array that varies (None when `pattern.value`
    is None)."""

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape
    pattern: Pattern
    value: Array | None = None

    @property
    def structure(self) -> str:
        return self.pattern.structure

    @property
    def stored(self) -> int:
        return self.pattern.stored

    @property
    def nonzero(self) -> int:
        return self.pattern.nonzero

    def left(self, cotangents: Array) -> Array:
        multiply = multiplier(self.pattern, True)
        return multiply(self.xp, cotangents, self.value, self.in_shape)

    def right(self, tangents: Array) -> Array:
        multiply = multiplier(self.pattern, False)
        return multiply(self.xp, tangents, self.value, self.out_shape)

    def window(self, rows: tuple[int, int], columns: tuple[int, int]) -> Array:
        """Read the entries off the pattern: a product with unit vectors makes 0 · ∞ a NaN."""
        xp, pattern, sizes = self.xp, self.pattern, dict(self.pattern.sizes)
        if not sizes:  # a single entry
            entry: Array = pattern.scale
            if self.value is not None and pattern.value is not None:
                entry = self.value * entry
            return xp.asarray(entry, dtype=self.dtype).reshape(1, 1)[slice(*rows), slice(*columns)]
        down = _unravel(xp.arange(*rows)[:, None], pattern.out, sizes)
        across = _unravel(xp.arange(*columns)[None, :], pattern.in_, sizes)
        nonzero = xp.ones((rows[1] - rows[0], columns[1] - columns[0]), dtype=bool)
        for label in down.keys() & across.keys():
            nonzero &= down[label] == across[label]
        entries = xp.asarray(pattern.scale, dtype=self.dtype)
        if self.value is not None and pattern.value is not None:
            place = across | down
            entries = self.value[tuple(place[label] for label in pattern.value)] * entries
        return xp.where(nonzero, entries, xp.zeros((), dtype=self.dtype))

    def row(self, position: int) -> Array:
        return self._line(position, self.pattern.out, self.pattern.in_)

    def column(self, position: int) -> Array:
        return self._line(position, self.pattern.in_, self.pattern.out)

    def _line(self, position: int, across: Labels, along: Labels) -> Array:
        """Fix the labels across; what is left of the entries lies along, at their deltas."""
        xp, pattern, sizes = self.xp, self.pattern, dict(self.pattern.sizes)
        place = _unravel(position, across, sizes)
        line = xp.zeros([sizes[label] for label in along], dtype=self.dtype)
        where = tuple(place.get(label, slice(None)) for label in along)
        entries = xp.asarray(pattern.scale, dtype=self.dtype)
        if self.value is not None and pattern.value is not None:
            cut = self.value[tuple(place.get(label, slice(None)) for label in pattern.value)]
            rest = [label for label in pattern.value if label not in place]
            entries = arrange(cut, rest, [label for label in along if label not in place]) * entries
        line[where] = entries
        return line.reshape(-1)


def _unravel(flat: Array, labels: Labels, sizes: Mapping[int, int]) -> dict[int, Array]:
    """Return the index along each label of row-major flat indices."""
    index: dict[int, Array] = {}
    for label in reversed(labels):
        index[label] = flat % max(sizes[label], 1)
        flat = flat // max(sizes[label], 1)
    return index


@dataclass(frozen=True, slots=True, eq=False)
class Zero(Jacobian):
    """The Jacobian of an op that does not vary with this input."""

    xp: Any
    dtype: Any
    out_shape: Shape
    in_shape: Shape

    @property
    def structure(self) -> str:
        return "zero"

    @property
    def stored(self) -> int:
        return 0

    @property
    def nonzero(self) -> int:
        return 0

    def left(self, cotangents: Array) -> Array:
        return self.xp.zeros((cotangents.shape[0], *self.in_shape), dtype=self.dtype)

    def right(self, tangents: Array) -> Array:
        return self.xp.zeros((tangents.shape[0], *self.out_shape), dtype=self.dtype)


def dense(xp: Any, dtype: Any, out_shape: Shape, in_shape: Shape, matrix: Array) -> Labelled:
    """Return a Jacobian without structure. matrix: (d_i, d_j)."""
    sizes = [size for size in (*out_shape, *in_shape) if size != 1]
    rows = sum(size != 1 for size in out_shape)
    out, in_ = tuple(range(rows)), tuple(range(rows, len(sizes)))
    pattern = Pattern(out, in_, (*out, *in_), tuple(enumerate(sizes)))
    return Labelled(xp, dtype, out_shape, in_shape, pattern, matrix.reshape(sizes))
