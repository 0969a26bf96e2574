"""Largest and smallest entries, and where they are.

At ties PyTorch has two conventions and so have we, under its names: `max(x)` and `amax(x, axis)`
share the derivative evenly among the largest entries; `max(x, axis)` over one axis gives all of it
to the first of them, as PyTorch's `max(dim)` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial as bind
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Zero
from engine.jacobians.structures import Selection
from engine.ops.reduction import Axis, along_entries, count, kept_shape, merged_axes, reduced_shape
from engine.ops.registry import Misfit, Point, define

__all__ = ["rows_of", "select_equal", "shape_of_extremum", "takes_first", "vjp_of_equal"]


def rows_of(xp: Any, x: Array, axes: set[int]) -> Array:
    """Return the entries that are merged into one side by side. Shape: (d_out, number merged)."""
    last = tuple(range(x.ndim - len(axes), x.ndim))
    return xp.moveaxis(x, sorted(axes), last).reshape(-1, count(x.shape, axes))


def takes_first(axis: Any) -> bool:
    """Whether only the first of equal entries counts."""
    return isinstance(axis, int)


def _chosen(point: Point) -> tuple[Array, Array]:
    """Return which of each row's entries equal the extremum, and their flat positions in x."""
    xp, x = point.xp, point.inputs[0]
    axes = merged_axes(x.shape, point.attrs)
    rows, best = rows_of(xp, x, axes), point.out.reshape(-1, 1)
    equal = (rows == best) | (xp.isnan(rows) & xp.isnan(best))
    return equal, rows_of(xp, xp.arange(x.size).reshape(x.shape), axes)


def select_equal(point: Point, first: bool) -> Jacobian:
    """As many columns as the most ties of a row; usually one."""
    xp = point.xp
    equal, place = _chosen(point)
    ties = equal.sum(axis=1, keepdims=True)
    width = 1 if first or not ties.size else max(int(ties.max()), 1)
    if width == 1:
        order = xp.argmax(equal, axis=1)[:, None]
    else:
        order = xp.argsort((~equal).astype(point.dtype), axis=1, kind="stable")[:, :width]
    index = xp.take_along_axis(place, order, axis=1)
    weight = None
    if width > 1:
        index = xp.where(xp.arange(width)[None, :] < ties, index, -1)
        weight = xp.broadcast_to(1 / ties.astype(point.dtype), index.shape)
    shapes = tuple(point.out.shape), tuple(point.inputs[0].shape)
    return Selection(xp, point.dtype, *shapes, index, weight, unique=True)


def _even_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    shape = shapes[0]
    axes = merged_axes(shape, attrs)
    kept, along = kept_shape(shape, axes), tuple(sorted(axes))
    equal = f"(x == reshape(out, {kept}))"
    return f"reshape(g, {kept}) * {equal} / sum({equal}, {along}, True)"


def vjp_of_equal(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Return the vjp of an op whose result is one of the entries of x, found where x equals it."""
    axis = attrs.get("axis")
    if not takes_first(axis):
        return _even_vjp(slot, shapes, attrs)
    kept = kept_shape(shapes[0], merged_axes(shapes[0], attrs))
    equal = f"(x == reshape(out, {kept}))"
    return f"reshape(g, {kept}) * {equal} * (cumsum({equal}, {axis}) == 1)"


def _tie(name: str, xp: Any, x: Array, axis: Axis = None, keepdims: bool = False) -> Any:
    axes = merged_axes(x.shape, {"axis": axis})
    rows = rows_of(xp, x, axes)
    best = getattr(xp, name)(rows, axis=1, keepdims=True)
    return ((rows == best).sum(axis=1) > 1).any()


def shape_of_extremum(op: str, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Return the reduced shape. Raises Misfit where there is no entry to choose."""
    along_entries(op, shapes, attrs)
    return reduced_shape(shapes, attrs)


def _place_shape(op: str, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """The shape of `argmax`: all axes, or one. Raises Misfit for several."""
    axis = attrs.get("axis")
    if isinstance(axis, tuple):
        reason = "It must be one whole number or None."
        raise Misfit("op.attribute", op=op, attribute="axis", value=str(axis), reason=reason)
    return shape_of_extremum(op, shapes, attrs)


def _define_extremum(name: str, even: bool, doc: str, aliases: tuple[str, ...] = ()) -> None:
    function = name[-3:]
    define(
        name,
        "x",
        forward=lambda xp, x, axis=None, keepdims=False: getattr(xp, function)(
            x, axis=axis, keepdims=keepdims
        ),
        jacobian=lambda point, slot: select_equal(
            point, not even and takes_first(point.attrs.get("axis"))
        ),
        vjps=_even_vjp if even else vjp_of_equal,
        shape=bind(shape_of_extremum, name),
        attrs={"axis": None, "keepdims": False},
        kink=bind(_tie, function),
        jacobian_tex=(r"S_{{{out}}}",),
        tex=rf"\operatorname{{{{{name}}}}}\left({{x}}\right)",
        aliases=aliases,
        doc=doc,
    )


def _define_place(name: str, doc: str) -> None:
    define(
        name,
        "x",
        forward=lambda xp, x, axis=None, keepdims=False: getattr(xp, name)(
            x, axis=axis, keepdims=keepdims
        ).astype(x.dtype),
        jacobian=lambda point, slot: Zero(
            point.xp, point.dtype, tuple(point.out.shape), tuple(point.inputs[0].shape)
        ),
        vjps=("0 * x",),
        shape=bind(_place_shape, name),
        inert=("x",),
        attrs={"axis": None, "keepdims": False},
        tex=rf"\operatorname{{{{{name}}}}}\left({{x}}\right)",
        doc=doc,
    )


_define_extremum(
    "max",
    False,
    "Largest entry; at ties the derivative is shared evenly over all axes, or goes to the first "
    "entry along a single `axis`.",
)
_define_extremum(
    "min",
    False,
    "Smallest entry; at ties the derivative is shared evenly over all axes, or goes to the first "
    "entry along a single `axis`.",
)
_define_extremum(
    "amax", True, "Largest entry over all axes or `axis`; ties share the derivative evenly."
)
_define_extremum(
    "amin", True, "Smallest entry over all axes or `axis`; ties share the derivative evenly."
)
_define_place("argmax", "Position of the first largest entry, in all or along `axis`; constant.")
_define_place("argmin", "Position of the first smallest entry, in all or along `axis`; constant.")
