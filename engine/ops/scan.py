"""Running sums and products along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobian import Jacobian
from engine.ops.reduction import merged_axes
from engine.ops.registry import Misfit, Point, define
from engine.structures import Operator

__all__: list[str] = []


def _axis(op: str, shape: Shape, attrs: Attributes) -> int | None:
    """Return the axis from 0; None for a run over all entries. Raises Misfit for several."""
    axis = attrs.get("axis")
    if isinstance(axis, tuple):
        reason = "It must be one whole number or None."
        raise Misfit("op.attribute", op=op, attribute="axis", value=str(axis), reason=reason)
    merged = merged_axes(shape, attrs)
    return None if axis is None else next(iter(merged))


def _shape(op: str, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    whole = _axis(op, shapes[0], attrs) is None
    return (prod(shapes[0]),) if whole else shapes[0]


def _running(xp: Any, x: Array, axis: int | None, reverse: bool) -> Array:
    flat = xp.reshape(x, (-1,)) if axis is None else x
    along = 0 if axis is None else axis
    if not reverse:
        return xp.cumsum(flat, axis=along)
    return xp.flip(xp.cumsum(xp.flip(flat, axis=along), axis=along), axis=along)


def _stacked(point: Point, stack: Array, reverse: bool) -> Array:
    """Run along the axis of a stack of tensors, one row each."""
    axis = _axis("cumsum", tuple(point.inputs[0].shape), point.attrs)
    if axis is None:
        stack = stack.reshape(stack.shape[0], prod(stack.shape[1:]))
    return _running(point.xp, stack, 1 if axis is None else axis + 1, reverse)


def _cumsum_jacobian(point: Point, slot: int) -> Jacobian:
    """A triangle of ones a row, never formed: its product is a running sum the other way."""
    shape, out_shape = tuple(point.inputs[0].shape), tuple(point.out.shape)
    axis = _axis("cumsum", shape, point.attrs)
    reverse = bool(point.attrs.get("reverse", False))
    length = prod(shape) if axis is None else shape[axis]

    def pull(stack: Array) -> Array:
        return _stacked(point, stack, not reverse).reshape(stack.shape[0], *shape)

    def push(stack: Array) -> Array:
        return _stacked(point, stack, reverse).reshape(stack.shape[0], *out_shape)

    nonzero = prod(shape) * (length + 1) // 2
    return Operator(point.xp, point.dtype, out_shape, shape, "triangular", pull, push, 1, nonzero)


def _cumsum_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    axis, back = _axis("cumsum", shapes[0], attrs), not attrs.get("reverse", False)
    run = f"cumsum(g, {0 if axis is None else axis}, {back})"
    return f"reshape({run}, {shapes[0]})" if axis is None else run


define(
    "cumsum",
    "x",
    forward=lambda xp, x, axis=None, reverse=False: _running(xp, x, axis, reverse),
    jacobian=_cumsum_jacobian,
    vjps=_cumsum_vjp,
    shape=lambda shapes, attrs: _shape("cumsum", shapes, attrs),
    attrs={"axis": None, "reverse": False},
    jacobian_tex=(r"L",),
    tex=r"\operatorname{{cumsum}}\left({x}\right)",
    doc="Running sum along `axis`, or over all entries in order; from the end if `reverse`.",
)
