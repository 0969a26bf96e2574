"""The algebra of local Jacobians: the product along a path, the sum over paths, structures kept
where they can be.

With these two, the local Jacobian of a closed group is the reverse sweep over its members
(`contract`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from engine.backend import Array
from engine.einsum import Labels, arrange, product, reduce
from engine.graph import Shape
from engine.jacobians.jacobian import Jacobian, Labelled, Zero, dense
from engine.jacobians.pattern import Pattern

__all__ = ["PathSum", "Product", "add", "compose", "identity", "join"]

_WORTH_KEEPING = 4096
"""A product of this many numbers is always multiplied out; a larger one only if it does not grow
fourfold."""


class Product(Jacobian):
    """A product kept as its factors, because the multiplied-out form would store much more.

    factors: from the output to the input; those of a product among them stand in its place, as a
    path may be longer than Python's stack is deep.
    """

    def __init__(self, *factors: Jacobian) -> None:
        self.factors: tuple[Jacobian, ...] = tuple(
            part for each in factors for part in (each.factors if type(each) is Product else [each])
        )
        self.xp, self.dtype = self.factors[0].xp, self.factors[0].dtype
        self.out_shape, self.in_shape = self.factors[0].out_shape, self.factors[-1].in_shape

    @property
    def structure(self) -> str:
        return "product"

    @property
    def stored(self) -> int:
        return sum(factor.stored for factor in self.factors)

    @property
    def nonzero(self) -> int:
        """An upper bound: every entry, unless the matrix is small enough to count."""
        d_out, d_in = self.shape
        if d_out * d_in > _WORTH_KEEPING:
            return d_out * d_in
        return int((self.dense() != 0).sum())

    def left(self, cotangents: Array) -> Array:
        for factor in self.factors:
            cotangents = factor.left(cotangents)
        return cotangents

    def right(self, tangents: Array) -> Array:
        for factor in reversed(self.factors):
            tangents = factor.right(tangents)
        return tangents


class PathSum(Jacobian):
    """The sum of the Jacobians of several paths whose structures do not merge into one.

    paths: those of a sum among them stand in its place, as in `Product`.
    """

    def __init__(self, *paths: Jacobian) -> None:
        self.paths: tuple[Jacobian, ...] = tuple(
            part for each in paths for part in (each.paths if type(each) is PathSum else [each])
        )
        self.xp, self.dtype = self.paths[0].xp, self.paths[0].dtype
        self.out_shape, self.in_shape = self.paths[0].out_shape, self.paths[0].in_shape

    @property
    def structure(self) -> str:
        return "path_sum"

    @property
    def stored(self) -> int:
        return sum(path.stored for path in self.paths)

    @property
    def nonzero(self) -> int:
        """An upper bound, as paths may touch the same entries."""
        return min(prod(self.shape), sum(path.nonzero for path in self.paths))

    def left(self, cotangents: Array) -> Array:
        return _total(path.left(cotangents) for path in self.paths)

    def right(self, tangents: Array) -> Array:
        return _total(path.right(tangents) for path in self.paths)


def _total(arrays: Iterator[Array]) -> Array:
    total = next(arrays)
    for each in arrays:
        total = total + each
    return total


def identity(like: Jacobian) -> Labelled:
    """Return the identity on the output space of `like`."""
    sizes = tuple(enumerate(size for size in like.out_shape if size != 1))
    labels = tuple(label for label, _ in sizes)
    pattern = Pattern(labels, labels, None, sizes)
    return Labelled(like.xp, like.dtype, like.out_shape, like.out_shape, pattern)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two patterns multiplied, and the labels of both factors' values and of the result's in one
    numbering."""

    pattern: Pattern
    outer_value: Labels | None
    inner_value: Labels | None
    value: Labels | None


@lru_cache(maxsize=8192)
def join(outer: Pattern, inner: Pattern) -> Joined | None:
    """Return the pattern of outer · inner, or None when their axes in between do not match."""
    outer_sizes, inner_sizes = dict(outer.sizes), dict(inner.sizes)
    if [outer_sizes[label] for label in outer.in_] != [inner_sizes[label] for label in inner.out]:
        return None
    rename = dict(zip(inner.out, outer.in_, strict=True))
    for label in inner_sizes:
        rename.setdefault(label, len(outer_sizes) + len(rename) + max(outer_sizes, default=0))
    in_ = tuple(rename[label] for label in inner.in_)
    sizes = outer_sizes | {rename[label]: size for label, size in inner_sizes.items()}
    inner_value = None if inner.value is None else tuple(rename[label] for label in inner.value)
    return _joined_pattern(outer, in_, sizes, inner_value, (inner.scale, inner.gate))


def _joined_pattern(
    outer: Pattern,
    in_: Labels,
    sizes: dict[int, int],
    inner_value: Labels | None,
    inner: tuple[float, bool],
) -> Joined:
    """All labels are already in one numbering; those in neither `out` nor `in_` are summed."""
    inner_scale, inner_gate = inner
    kept = tuple(dict.fromkeys((*outer.out, *in_)))
    summed = [label for label in outer.in_ if label not in kept]
    present = {*(outer.value or ()), *(inner_value or ())}
    scale = (
        outer.scale * inner_scale * prod(sizes[label] for label in summed if label not in present)
    )
    value: Labels | None = None
    if outer.value is not None or inner_value is not None:
        value = tuple(label for label in kept if label in present)
    gate = outer.gate or inner_gate
    pattern = Pattern.of(outer.out, in_, value, sizes, scale, gate)
    return Joined(pattern, outer.value, inner_value, value)


def compose(outer: Jacobian, inner: Jacobian) -> Jacobian:
    """Return outer · inner. outer: (d_k, d_i); inner: (d_i, d_j)."""
    if isinstance(outer, Zero) or isinstance(inner, Zero):
        return Zero(outer.xp, outer.dtype, outer.out_shape, inner.in_shape)
    if not isinstance(outer, Labelled) or not isinstance(inner, Labelled):
        return _product(outer, inner)
    if _is_identity(outer.pattern):
        return _relabelled(inner, outer.pattern.scale, outer.out_shape, inner.in_shape)
    if _is_identity(inner.pattern):
        return _relabelled(outer, inner.pattern.scale, outer.out_shape, inner.in_shape)
    joined = join(outer.pattern, inner.pattern)
    if joined is None or _grows(joined.pattern, outer, inner):
        return _product(outer, inner)
    value = _joined_value(joined, outer, inner)
    return Labelled(outer.xp, outer.dtype, outer.out_shape, inner.in_shape, joined.pattern, value)


def _product(outer: Jacobian, inner: Jacobian) -> Jacobian:
    """Multiply out what is small; keep the rest as factors."""
    if isinstance(outer, Labelled) and outer.structure == "identity":
        same = outer.out_shape == inner.out_shape
        return inner if same else Product(outer, inner)
    if max(prod(outer.shape), prod(inner.shape), outer.shape[0] * inner.shape[1]) > _WORTH_KEEPING:
        return Product(outer, inner)
    value = outer.dense() @ inner.dense()
    return dense(outer.xp, outer.dtype, outer.out_shape, inner.in_shape, value)


def _is_identity(pattern: Pattern) -> bool:
    return pattern.out == pattern.in_ and pattern.value is None


def _relabelled(jacobian: Labelled, scale: float, out_shape: Shape, in_shape: Shape) -> Labelled:
    """Multiply by a scaled identity. Labels speak of vec, so a reshape changes shapes alone."""
    old = jacobian.pattern
    if scale == 1 and (jacobian.out_shape, jacobian.in_shape) == (out_shape, in_shape):
        return jacobian
    pattern = Pattern(old.out, old.in_, old.value, old.sizes, old.scale * scale, old.gate)
    return Labelled(jacobian.xp, jacobian.dtype, out_shape, in_shape, pattern, jacobian.value)


def _grows(pattern: Pattern, outer: Labelled, inner: Labelled) -> bool:
    return pattern.stored > max(_WORTH_KEEPING, 4 * (outer.stored + inner.stored))


def _joined_value(joined: Joined, outer: Labelled, inner: Labelled) -> Array | None:
    wanted = joined.value
    if wanted is None:
        return None
    if joined.outer_value is None or joined.inner_value is None:
        single = inner if joined.outer_value is None else outer
        labels = joined.inner_value if joined.outer_value is None else joined.outer_value
        assert labels is not None and single.value is not None
        value, labels = reduce(single.value, labels, wanted)
        return arrange(value, labels, wanted)
    value, labels = outer.value, joined.outer_value
    if inner.pattern.gate and inner.value is not None:
        value, labels = _behind(outer, labels, inner.value, joined.inner_value)
    return product(outer.xp, value, labels, inner.value, joined.inner_value, wanted)


def _behind(
    outer: Labelled, labels: Labels, gate: Array, gate_labels: Labels
) -> tuple[Array, Labels]:
    """Return the outer entries, 0 where the gate before them is closed: 0 times infinity is none
    of its business."""
    wide = tuple(dict.fromkeys((*labels, *gate_labels)))
    closed = arrange(gate == 0, gate_labels, wide)
    return outer.xp.where(closed, 0.0, arrange(outer.value, labels, wide)), wide


def add(first: Jacobian, second: Jacobian) -> Jacobian:
    """Return first + second, two paths between the same nodes."""
    if isinstance(first, Zero):
        return second
    if isinstance(second, Zero):
        return first
    if (
        isinstance(first, Labelled)
        and isinstance(second, Labelled)
        and (first.pattern.out, first.pattern.in_) == (second.pattern.out, second.pattern.in_)
    ):
        return _add_alike(first, second)
    if "dense" in (first.structure, second.structure):
        return _add_dense(first, second)
    return PathSum(first, second)


def _add_alike(first: Labelled, second: Labelled) -> Labelled:
    a, b = first.pattern, second.pattern
    if a.value is None and b.value is None:
        pattern = Pattern(a.out, a.in_, None, a.sizes, a.scale + b.scale)
        return Labelled(first.xp, first.dtype, first.out_shape, first.in_shape, pattern)
    kept = tuple(dict.fromkeys((*a.out, *a.in_)))
    varies = {*(a.value or ()), *(b.value or ())}
    labels = tuple(label for label in kept if label in varies)
    value = _scaled(first, labels) + _scaled(second, labels)
    pattern = Pattern(a.out, a.in_, labels, a.sizes, gate=a.gate and b.gate)
    return Labelled(first.xp, first.dtype, first.out_shape, first.in_shape, pattern, value)


def _scaled(jacobian: Labelled, labels: Labels) -> Array:
    pattern = jacobian.pattern
    if jacobian.value is None or pattern.value is None:
        return jacobian.xp.full((1,) * len(labels), pattern.scale, dtype=jacobian.dtype)
    arranged = arrange(jacobian.value, pattern.value, labels)
    return arranged if pattern.scale == 1 else arranged * pattern.scale


def _add_dense(first: Jacobian, second: Jacobian) -> Labelled:
    """One of the two stores every entry already, so the sum may too."""
    whole = prod(first.shape)
    value = first.dense(whole) + second.dense(whole)
    return dense(first.xp, first.dtype, first.out_shape, first.in_shape, value)
