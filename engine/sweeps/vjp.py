"""P·J of one edge as a function made once: what a reverse sweep does when nobody looks at J.

From the same `LocalRule` as the Jacobian itself, so the two cannot differ by more than rounding.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from engine.backend import Array, Backend
from engine.formula import OUT
from engine.graph import Shape
from engine.jacobians.pattern import multiplier
from engine.sweeps.local import LocalRule, entries_of

__all__ = ["Factored", "Pull", "kept_factored", "vjp_of"]

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
