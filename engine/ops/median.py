"""The entry in the middle. PyTorch takes the lower of two, NumPy their mean.

At ties the lower one's derivative is as PyTorch's `max`: shared over all axes, the first entry's
along a single axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.jacobians.structures import Selection
from engine.ops.extremum import (
    rows_of,
    select_equal,
    shape_of_extremum,
    takes_first,
    vjp_of_equal,
)
from engine.ops.reduction import Axis, count, kept_shape, merged_axes
from engine.ops.registry import Misfit, Point, define

__all__: list[str] = []


def _places(size: int, middle: str) -> slice:
    """Where the middle of so many sorted entries is: one place, or two."""
    return slice((size - 1) // 2, size // 2 + 1 if middle == "mean" else (size + 1) // 2)


def _median(
    xp: Any, x: Array, axis: Axis = None, keepdims: bool = False, middle: str = "lower"
) -> Array:
    axes = merged_axes(x.shape, {"axis": axis})
    rows = rows_of(xp, x, axes)
    chosen = xp.sort(rows, axis=1)[:, _places(rows.shape[1], middle)].mean(axis=1)
    chosen = xp.where(xp.isnan(rows).any(axis=1), xp.nan, chosen)
    kept = kept_shape(x.shape, axes)
    left = tuple(size for at, size in enumerate(x.shape) if at not in axes)
    return chosen.reshape(kept if keepdims else left)


def _jacobian(point: Point, slot: int) -> Jacobian:
    xp, x, middle = point.xp, point.inputs[0], point.attrs.get("middle", "lower")
    if middle == "lower":
        return select_equal(point, takes_first(point.attrs.get("axis")))
    axes = merged_axes(x.shape, point.attrs)
    order = xp.argsort(rows_of(xp, x, axes), axis=1, kind="stable")
    order = order[:, _places(order.shape[1], middle)]
    place = rows_of(xp, xp.arange(x.size).reshape(x.shape), axes)
    index = xp.take_along_axis(place, order, axis=1)
    weight = xp.full(index.shape, 1 / index.shape[1], dtype=point.dtype)
    shapes = tuple(point.out.shape), tuple(x.shape)
    return Selection(xp, point.dtype, *shapes, index, weight, unique=True)


def _vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    if attrs.get("middle", "lower") == "lower":
        return vjp_of_equal(slot, shapes, attrs)
    shape, axis = shapes[0], attrs.get("axis")
    whole = axis is None
    along, x = (
        (0, f"reshape(x, ({count(shape, set(range(len(shape))))},))") if whole else (axis, "x")
    )
    given = (count(shape, set(range(len(shape)))),) if whole else shape
    at = int(along or 0) % max(len(given), 1)
    places = _places(given[at], "mean")
    width = places.stop - places.start
    index = ", ".join([":"] * at + [f"{places.start}:{places.stop}"])
    kept = tuple(1 if i == at else size for i, size in enumerate(given))
    wide = tuple(width if i == at else size for i, size in enumerate(given))
    spread = f"broadcast_to(reshape(g, {kept}), {wide}) / {width}"
    found = f"scatter_add({spread}, argsort({x}, {at})[{index}], {given}, {at})"
    return f"reshape({found}, {shape})"


def _shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Raises Misfit for several axes at once where two entries are averaged."""
    axis, middle = attrs.get("axis"), attrs.get("middle", "lower")
    if middle not in ("lower", "mean"):
        reason = "It must be 'lower' or 'mean'."
        raise Misfit("op.attribute", op="median", attribute="middle", value=middle, reason=reason)
    if isinstance(axis, tuple) and middle == "mean":
        reason = "It must be one whole number or None."
        raise Misfit("op.attribute", op="median", attribute="axis", value=str(axis), reason=reason)
    return shape_of_extremum("median", shapes, attrs)


def _tie(
    xp: Any, x: Array, axis: Axis = None, keepdims: bool = False, middle: str = "lower"
) -> Any:
    """Whether another entry is as large as one in the middle."""
    rows = xp.sort(rows_of(xp, x, merged_axes(x.shape, {"axis": axis})), axis=1)
    equal = xp.diff(rows, axis=1) == 0
    places = _places(rows.shape[1], middle)
    return equal[:, max(places.start - 1, 0) : places.stop].any()


define(
    "median",
    "x",
    forward=_median,
    jacobian=_jacobian,
    vjps=_vjp,
    shape=_shape,
    attrs={"axis": None, "keepdims": False, "middle": "lower"},
    numpy_attrs={"middle": "mean"},
    kink=_tie,
    jacobian_tex=(r"S_{{{out}}}",),
    tex=r"\operatorname{{median}}\left({x}\right)",
    flops=10,
    doc="Entry in the middle of all or of those along `axis`: of two the lower one, as in PyTorch; "
    "`np.median` takes their mean.",
)
