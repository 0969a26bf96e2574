"""Running sums and products along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.jacobians.structures import Operator
from engine.ops.notation import along, blocks, several
from engine.ops.reduction import merged_axes
from engine.ops.registry import Misfit, Point, define

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


def _affine(xp: Any, a: Array, b: Array) -> Array:
    """Solve y_i = a_i y_{i-1} + b_i along the last axis, in log2(n) steps. a: the shape of b."""
    shift = 1
    while shift < b.shape[-1]:
        moved = b[..., shift:] + a[..., shift:] * b[..., :-shift]
        b = xp.concatenate([b[..., :shift], moved], axis=-1)
        a = xp.concatenate([a[..., :shift], a[..., shift:] * a[..., :-shift]], axis=-1)
        shift *= 2
    return b


def _cumprod_jacobian(point: Point, slot: int) -> Jacobian:
    """Products are never divided, so that zeros do no harm, and no triangle is formed."""
    xp, x, out_shape = point.xp, point.inputs[0], tuple(point.out.shape)
    axis = _axis("cumprod", tuple(x.shape), point.attrs)
    rows = x.reshape(-1) if axis is None else xp.moveaxis(x, axis, -1)
    one = xp.ones((*rows.shape[:-1], 1), dtype=x.dtype)
    before = xp.concatenate([one, xp.cumprod(rows, axis=-1)[..., :-1]], axis=-1)
    after = xp.concatenate([one, rows[..., :0:-1]], axis=-1)

    def last(stack: Array) -> Array:
        if axis is None:
            return stack.reshape(stack.shape[0], prod(stack.shape[1:]))
        return xp.moveaxis(stack, axis + 1, -1)

    def back(stack: Array, shape: Shape) -> Array:
        moved = stack if axis is None else xp.moveaxis(stack, -1, axis + 1)
        return moved.reshape(stack.shape[0], *shape)

    def pull(stack: Array) -> Array:
        found = last(stack)[..., ::-1]
        summed = _affine(xp, xp.broadcast_to(after, found.shape), found)[..., ::-1]
        return back(before * summed, tuple(x.shape))

    def push(stack: Array) -> Array:
        found = last(stack)
        return back(_affine(xp, xp.broadcast_to(rows, found.shape), before * found), out_shape)

    nonzero = prod(x.shape) * (rows.shape[-1] + 1) // 2
    return Operator(
        xp, point.dtype, out_shape, tuple(x.shape), "triangular", pull, push, x.size, nonzero
    )


def _cumprod_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Each entry's weight is the running product with that entry replaced by 1, from it on."""
    axis, shape = _axis("cumprod", shapes[0], attrs), shapes[0]
    x, flat = (
        ("x", shape) if axis is not None else (f"reshape(x, ({prod(shape)},))", (prod(shape),))
    )
    along = 0 if axis is None else axis
    size = flat[along]
    places = f"cumsum(broadcast_to(1.0, ({size},)), 0)"
    column = f"reshape({places}, {(size, *(1,) * len(flat))})"
    own = (1, *(size if at == along else 1 for at in range(len(flat))))
    here, row = f"{column} == reshape({places}, {own})", f"reshape({places}, {own})"
    products = f"cumprod(where({here}, 1, {x}), {along + 1})"
    kept = f"where({column} <= {row}, g * {products}, 0)"
    found = f"sum(where({here}, sum({kept}, {along + 1}, True), 0), 0)"
    return f"reshape({found}, {shape})"


def _cumprod_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    many = attrs["axis"] is not None and several(in_shape, {attrs["axis"] % len(in_shape)})
    entry = r"\left[j \le i\right] \prod_{{k \le i,\, k \ne j}} {x}_{{k}}"
    entry = entry.replace("_{{k}}", "_{{r,k}}") if many else entry
    return (blocks(rf"\left({entry}\right)_{{{{i,\, j}}}}", "", many),)


define(
    "cumsum",
    "x",
    forward=lambda xp, x, axis=None, reverse=False: _running(xp, x, axis, reverse),
    jacobian=_cumsum_jacobian,
    vjps=_cumsum_vjp,
    shape=lambda shapes, attrs: _shape("cumsum", shapes, attrs),
    attrs={"axis": None, "reverse": False},
    jacobian_tex=lambda in_shape, out_shape, attrs: (
        along(in_shape, attrs["axis"], "L^T" if attrs["reverse"] else "L"),
    ),
    tex=r"\operatorname{{cumsum}}\left({x}\right)",
    doc="Running sum along `axis`, or over all entries in order; from the end if `reverse`.",
)
define(
    "cumprod",
    "x",
    forward=lambda xp, x, axis=None: xp.cumprod(
        xp.reshape(x, (-1,)) if axis is None else x, axis=0 if axis is None else axis
    ),
    jacobian=_cumprod_jacobian,
    vjps=_cumprod_vjp,
    shape=lambda shapes, attrs: _shape("cumprod", shapes, attrs),
    attrs={"axis": None},
    flops=3,
    jacobian_tex=_cumprod_tex,
    tex=r"\operatorname{{cumprod}}\left({x}\right)",
    doc="Running product along `axis`, or over all entries in order; zeros do no harm.",
)
