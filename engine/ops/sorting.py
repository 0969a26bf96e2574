"""Sorting: a permutation that the values choose."""

from collections.abc import Sequence
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Zero
from engine.ops.entries import one_axis, selected
from engine.ops.registry import Point, define


def _argsort(xp: Any, x: Array, axis: int = -1, descending: bool = False) -> Array:
    keys = -x if descending else x
    return xp.argsort(keys, axis=axis, kind="stable")


def _sorted_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    axis = attrs.get("axis", -1)
    one_axis({"axis": axis}, shapes[0])
    return shapes[0]


def _sort(xp: Any, x: Array, axis: int = -1, descending: bool = False) -> Array:
    return xp.take_along_axis(x, _argsort(xp, x, axis, descending), axis=axis)


def _sort_jacobian(point: Point, slot: int) -> Jacobian:
    axis = point.attrs.get("axis", -1)
    order = _argsort(point.xp, point.inputs[0], axis, point.attrs.get("descending", False))
    return selected(point, slot, lambda x: point.xp.take_along_axis(x, order, axis=axis))


def _has_ties(xp: Any, x: Array, axis: int = -1, descending: bool = False) -> bool:
    return bool((xp.diff(xp.sort(x, axis=axis), axis=axis) == 0).any())


define(
    "sort",
    "x",
    forward=_sort,
    jacobian=_sort_jacobian,
    vjps=("scatter_add(g, argsort(x, {axis}, {descending}), {x_shape}, {axis})",),
    shape=_sorted_shape,
    attrs={"axis": -1, "descending": False},
    kink=_has_ties,
    jacobian_tex=("P",),
    tex=r"\operatorname{{sort}}\left({x}\right)",
    flops=10,
    doc="The entries along `axis` in order; equal ones keep theirs.",
)
define(
    "argsort",
    "x",
    forward=lambda xp, x, axis=-1, descending=False: _argsort(xp, x, axis, descending).astype(
        x.dtype
    ),
    jacobian=lambda point, slot: Zero(
        point.xp, point.dtype, tuple(point.out.shape), tuple(point.inputs[0].shape)
    ),
    vjps=("0",),
    shape=_sorted_shape,
    attrs={"axis": -1, "descending": False},
    inert=("x",),
    jacobian_tex=("0",),
    tex=r"\operatorname{{argsort}}\left({x}\right)",
    flops=10,
    doc="Where each entry of the sorted tensor was; no derivative flows through.",
)
