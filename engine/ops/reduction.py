"""Reductions: one entry of the result from all entries along some axes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial as bind
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Labelled
from engine.jacobians.pattern import Pattern, axis_labels
from engine.ops.notation import blocks, several
from engine.ops.registry import Misfit, Point, define

__all__ = [
    "Axis",
    "along",
    "along_entries",
    "count",
    "entry_weights",
    "kept_shape",
    "merged_axes",
    "reduced_shape",
]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Axis = int | tuple[int, ...] | None


def merged_axes(shape: Shape, attrs: Attributes) -> set[int]:
    """Return the axes to merge, counted from 0. Raises Misfit for one that is not there."""
    axis, rank = attrs.get("axis"), len(shape)
    if axis is None:
        return set(range(rank))
    axes = axis if isinstance(axis, tuple) else (int(axis),)
    for each in axes:
        if not -rank <= each < rank or len({a % rank for a in axes}) < len(axes):
            raise Misfit("shape.axis", axis=each, shape=str(shape), last=rank - 1)
    return {each % rank for each in axes}


def kept_shape(shape: Shape, axes: set[int]) -> Shape:
    """Return the shape with merged axes of size 1."""
    return tuple(1 if axis in axes else size for axis, size in enumerate(shape))


def count(shape: Shape, axes: set[int]) -> int:
    """Return how many entries are merged into one."""
    return prod(shape[axis] for axis in axes)


def along(shapes: Sequence[Shape], attrs: Attributes) -> tuple[Shape, set[int]]:
    """What an op over `axis` reduces: the shape of its first argument, along these axes."""
    return shapes[0], merged_axes(shapes[0], attrs)


def along_entries(op: str, shapes: Sequence[Shape], attrs: Attributes) -> tuple[Shape, set[int]]:
    """The same for an op that has no value without entries. Raises Misfit."""
    shape, axes = along(shapes, attrs)
    if not count(shape, axes):
        raise Misfit("shape.empty", op=op, shape=str(shape))
    return shape, axes


def entry_weights(point: Point, axes: set[int], weights: Array) -> Jacobian:
    """Return the Jacobian of a reduction. weights: ∂out/∂x entry by entry, in the shape of x."""
    shape = tuple(point.inputs[0].shape)
    sizes = dict(enumerate(shape))
    in_ = axis_labels(shape, sizes)
    out = tuple(label for label in in_ if label not in axes)
    pattern = Pattern.of(out, in_, in_, sizes)
    value = weights.reshape([sizes[label] for label in in_])
    return Labelled(point.xp, point.dtype, tuple(point.out.shape), shape, pattern, value)


def _sum_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """A kept axis of size 1 carries nothing, so `keepdims` gives the same subscripts."""
    summed = merged_axes(shapes[0], attrs)
    letters = _LETTERS[: len(shapes[0])]
    kept = "".join(letter for axis, letter in enumerate(letters) if axis not in summed)
    return f"{letters}->{kept}"


def reduced_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Return the shape of the result, with or without the merged axes."""
    merged, keep = merged_axes(shapes[0], attrs), bool(attrs.get("keepdims"))
    return tuple(
        1 if axis in merged else size
        for axis, size in enumerate(shapes[0])
        if keep or axis not in merged
    )


def _share(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    return repr(1 / max(count(*along(shapes, attrs)), 1))


def _mean(xp: Any, x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """Divide by hand: `xp.mean` warns where there is nothing to average."""
    size = count(x.shape, merged_axes(x.shape, {"axis": axis}))
    return xp.sum(x, axis=axis, keepdims=keepdims) / xp.asarray(size, dtype=x.dtype)


def _prod_jacobian(point: Point, slot: int) -> Jacobian:
    """Multiply the entries before each one by those after it: exact where some are zero."""
    xp, x = point.xp, point.inputs[0]
    axes = merged_axes(x.shape, point.attrs)
    last = tuple(range(x.ndim - len(axes), x.ndim))
    moved = xp.moveaxis(x, sorted(axes), last)
    rows = moved.reshape(*moved.shape[: x.ndim - len(axes)], count(x.shape, axes))
    before, after = xp.ones_like(rows), xp.ones_like(rows)
    before[..., 1:] = xp.cumprod(rows[..., :-1], axis=-1)
    after[..., :-1] = xp.cumprod(rows[..., :0:-1], axis=-1)[..., ::-1]
    weights = xp.moveaxis((before * after).reshape(moved.shape), last, sorted(axes))
    return entry_weights(point, axes, weights)


def _prod_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Each entry's weight is the product with that entry replaced by 1: no division, so that it
    holds to any order where some are zero."""
    shape, axes = along(shapes, attrs)
    size, rank = count(shape, axes), len(shape)
    places = f"cumsum(broadcast_to(1.0, ({size},)), 0)"
    own = (1, *(length if axis in axes else 1 for axis, length in enumerate(shape)))
    here = f"reshape({places}, {(size, *(1,) * rank)}) == reshape({places}, {own})"
    merged = tuple(axis + 1 for axis in sorted(axes))
    others = f"where({here}, prod(where({here}, 1, x), {merged}, True), 0)"
    return f"reshape(g, {kept_shape(shape, axes)}) * sum({others}, 0)"


def _prod_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    if not in_shape:
        return ("I",)
    row = r"\left(\prod_{{k \ne j}} {x}_{{k}}\right)_{{j}}^T"
    many = several(in_shape, merged_axes(in_shape, attrs))
    return (blocks(row.replace("{x}_{{k}}", "{x}_{{r,k}}" if many else "{x}_{{k}}"), "", many),)


def _logsumexp(xp: Any, x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """Take the largest entry out, so that nothing overflows."""
    largest = xp.max(x, axis=axis, keepdims=True)
    largest = xp.where(xp.isfinite(largest), largest, xp.zeros_like(largest))
    total = xp.log(xp.sum(xp.exp(x - largest), axis=axis, keepdims=True)) + largest
    return total if keepdims else total.reshape(xp.sum(x, axis=axis).shape)


def _logsumexp_weight(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Not exp(x - out), which loses the digits that out and x share."""
    return f"softmax(x, {tuple(sorted(merged_axes(shapes[0], attrs)))})"


define(
    "sum",
    "x",
    forward=lambda xp, x, axis=None, keepdims=False: xp.sum(x, axis=axis, keepdims=keepdims),
    subscripts=_sum_subscripts,
    shape=reduced_shape,
    attrs={"axis": None, "keepdims": False},
    tex=r"\operatorname{{sum}}\left({x}\right)",
    doc="Sum over all axes, or over `axis`.",
)
define(
    "mean",
    "x",
    forward=_mean,
    weights=_share,
    reduces=along,
    attrs={"axis": None, "keepdims": False},
    aliases=("average",),
    tex=r"\operatorname{{mean}}\left({x}\right)",
    doc="Mean over all axes, or over `axis`; NaN where there are no entries.",
)
define(
    "prod",
    "x",
    forward=lambda xp, x, axis=None, keepdims=False: xp.prod(x, axis=axis, keepdims=keepdims),
    jacobian=_prod_jacobian,
    vjps=_prod_vjp,
    shape=reduced_shape,
    attrs={"axis": None, "keepdims": False},
    jacobian_tex=_prod_tex,
    flops=3,
    tex=r"\operatorname{{prod}}\left({x}\right)",
    doc="Product over all axes, or over `axis`; its derivative is exact where entries are zero.",
)
define(
    "logsumexp",
    "x",
    forward=_logsumexp,
    weights=_logsumexp_weight,
    reduces=bind(along_entries, "logsumexp"),
    attrs={"axis": None, "keepdims": False},
    flops=20,
    binding=1,
    tex=lambda ranks, attrs: (
        r"\log \sum"
        + ("" if attrs["axis"] is None else r"_{{\text{{axis}}={axis}}}")
        + " e^{{{x}}}"
    ),
    doc="Logarithm of the sum of exponentials over all axes, or over `axis`, without overflow.",
)
