"""P·J of one edge as a function made once: what a reverse sweep does when nobody looks at J.

From the same `LocalRule` as the Jacobian itself, so the two cannot differ by more than rounding.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from engine.backend import Array, Backend
from engine.einsum import plan
from engine.formula import OUT
from engine.graph import Shape
from engine.jacobians.pattern import Pattern, multiplier
from engine.sweeps.local import LocalRule, entries_of

__all__ = ["Diagonal", "Factored", "Pull", "is_diagonal", "kept_factored", "of_diagonal", "vjp_of"]

Pull = Callable[[Array, Sequence[Array], Array], Array]
"""(P, inputs, out) → P·J. P: (m, *out_shape); returns (m, *in_shape)."""


class Factored:
    """P of a parameter left as two factors, P_z ⊗ xᵀ: at n = 1024 8 MB and 8 kB, not 8.6 GB.

    shape: (m, *shape of the parameter). `dense()` multiplies out, and so does anything that needs
    the entries.
    """

    __slots__ = ("_pull", "operand", "rows", "shape")

    def __init__(
        self, rows: Array, operand: Array, shape: Shape, pull: Callable[[], Array]
    ) -> None:
        self.rows, self.operand, self.shape, self._pull = rows, operand, shape, pull

    @property
    def size(self) -> int:
        """How many numbers are held."""
        return int(self.rows.size + self.operand.size)

    def dense(self) -> Array:
        """Return the array of shape (m, *shape of the parameter)."""
        return self._pull()

    def reshape(self, *shape: Any) -> Array:
        """Return the dense array in another shape."""
        return self.dense().reshape(*shape)

    def __add__(self, other: Array) -> Array:
        return self.dense() + other

    __radd__ = __add__

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        dense = self.dense()
        return dense if dtype is None else dense.astype(dtype)


class Diagonal(Factored):
    """P of a node left as its diagonal, a single cotangent: the seed of an output of several
    entries, and what elementwise ops make of it. rows: (1, *shape of the node)."""

    __slots__ = ()

    def __init__(self, xp: Any, rows: Array) -> None:
        shape = (rows.size, *rows.shape[1:])
        super().__init__(rows, rows[:0], shape, lambda: xp.diag(rows.ravel()).reshape(shape))


def is_diagonal(rule: LocalRule) -> bool:
    """Whether the local Jacobian of an edge is diagonal, for any values."""
    pattern = rule.pattern
    return pattern is not None and pattern.out == pattern.in_ and rule.out_shape == rule.in_shape


def _is_whole(pattern: Pattern) -> bool:
    """Whether any entry may differ from zero, and each stands in the array that varies."""
    value = set(pattern.value or ())
    return not set(pattern.out) & set(pattern.in_) and set(pattern.in_) <= value


def of_diagonal(rule: LocalRule, pull: Pull, xp: Any, alone: bool) -> Pull:
    """Return `pull` as a function of the diagonal of P, (1, *out_shape). alone: whether the product
    may be left factored.

    Where J has no deltas, its rows are scaled, and there is no matrix to multiply. An entry that is
    not finite goes the long way, on which 0 · ∞ is NaN.
    """

    def formed(rows: Any, inputs: Sequence[Array], out: Array) -> Array:
        return pull(rows.dense(), inputs, out)

    kept = kept_factored(rule, formed) if alone else formed
    pattern, operands = rule.pattern, rule.operands
    if kept is not formed or pattern is None or len(operands) != 1 or not _is_whole(pattern):
        return lambda rows, inputs, out: kept(Diagonal(xp, rows), inputs, out)
    ((other, _),), entries, sizes = operands, entries_of(rule, pattern), dict(pattern.sizes)
    times = plan(pattern.out, pattern.value or (), (*pattern.out, *pattern.in_))
    wide = tuple(sizes[label] for label in pattern.out)

    def scaled(rows: Array, inputs: Sequence[Array], out: Array) -> Array:
        values = inputs[other] if entries is None else entries(inputs[other])
        found = times(xp, rows.reshape(wide), values)
        if pattern.scale != 1:
            found = found * pattern.scale
        if not xp.isfinite(found.sum()):
            return formed(Diagonal(xp, rows), inputs, out)
        return found.reshape(rows.size, *rule.in_shape)

    return scaled


def kept_factored(rule: LocalRule, pull: Pull) -> Pull:
    """Return `pull` as a function that does not multiply yet, where the product of P and J is an
    outer product, as it is for the weights of a layer; else `pull` itself."""
    pattern = rule.pattern
    if pattern is None or not rule.operands or not set(pattern.out) <= set(pattern.in_):
        return pull
    ((other, _),) = rule.operands[:1]

    def lazily(rows: Array, inputs: Sequence[Array], out: Array) -> Any:
        if rows.shape[0] == 1:
            return pull(rows, inputs, out)
        shape = (rows.shape[0], *rule.in_shape)
        return Factored(rows, inputs[other], shape, lambda: pull(rows, inputs, out))

    return lazily


def vjp_of(rule: LocalRule, backend: Backend, dtype: Any) -> Pull:
    """Return the product P·J of one edge as a function of P, the op's inputs and its value."""
    pattern = rule.pattern
    if pattern is None or rule.merge or len(rule.operands) > 1 or pattern.scale == 0:
        make = rule.maker(backend, dtype)
        return lambda rows, inputs, out: make(inputs, out).left(rows)
    if rule.formula is not None:
        return _elementwise(rule, backend)
    xp, shape, multiply = backend.xp, rule.in_shape, multiplier(pattern, True)
    if not rule.operands:
        return lambda rows, inputs, out: multiply(xp, rows, None, shape)
    ((other, _),) = rule.operands
    entries = entries_of(rule, pattern)
    if entries is None:
        return lambda rows, inputs, out: multiply(xp, rows, inputs[other], shape)
    return lambda rows, inputs, out: multiply(xp, rows, entries(inputs[other]), shape)


def _elementwise(rule: LocalRule, backend: Backend) -> Pull:
    assert rule.formula is not None
    factor = rule.formula.function(backend.xp, (*rule.op.args, OUT))
    times = _gated_product(backend.xp) if rule.op.gate else operator.mul
    if rule.out_shape == rule.in_shape:
        return lambda rows, inputs, out: times(rows, factor((*inputs, out)))
    restore = _sum_to(rule.out_shape, rule.in_shape)
    return lambda rows, inputs, out: restore(times(rows, factor((*inputs, out))))


def _gated_product(xp: Any) -> Callable[[Array, Array], Array]:
    """Multiply, but 0 stops infinity too: it is rare, and looking costs less than choosing."""

    def times(rows: Array, factor: Array) -> Array:
        product = rows * factor
        return product if xp.isfinite(product.sum()) else xp.where(factor == 0, 0.0, product)

    return times


def _sum_to(out_shape: Shape, in_shape: Shape) -> Callable[[Array], Array]:
    """Sum the axes that broadcasting stretched."""
    lead = len(out_shape) - len(in_shape)
    axes = tuple(
        axis + 1
        for axis, size in enumerate(out_shape)
        if axis < lead or (in_shape[axis - lead] == 1 and size != 1)
    )
    return lambda rows: rows.sum(axis=axes).reshape(rows.shape[0], *in_shape)
