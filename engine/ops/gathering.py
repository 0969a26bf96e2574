"""Selection by tensors: take, gather, embedding. Indices are whole numbers held as floats."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.jacobians.structures import Selection, Transposed
from engine.ops.entries import one_axis, placed, selected
from engine.ops.indexing import sized
from engine.ops.registry import Misfit, Point, define


def whole(xp: Any, index: Array, size: int) -> Array:
    """Return indices as integers from 0 on. Raises Misfit for one that is not there."""
    index = xp.asarray(index)
    fits = (index == xp.rint(index)) & (index >= -size) & (index < size)
    if not bool(fits.all()):
        first = float(index[~fits].ravel()[0])
        raise Misfit("value.index", index=f"{first:g}", size=size, last=size - 1)
    found = index.astype(xp.int64)
    return xp.where(found < 0, found + size, found)


def _lined_up(shape: Shape, attrs: Attributes) -> tuple[Shape, int]:
    """The shape and the axis to take along; without an axis, entries in flat order."""
    if attrs.get("axis") is None:
        return (prod(shape),), 0
    return shape, one_axis(attrs, shape)


def _take_shape(shape: Shape, index: Shape, attrs: Attributes) -> Shape:
    shape, axis = _lined_up(shape, attrs)
    return (*shape[:axis], *index, *shape[axis + 1 :])


def _take(xp: Any, x: Array, index: Array, axis: int | None = None) -> Array:
    shape, along = _lined_up(tuple(x.shape), {"axis": axis})
    return xp.take(x.reshape(shape), whole(xp, index, shape[along]), axis=along)


def _checker(place: int, size: Any) -> Any:
    """Return the check of a given index, in argument `place`. size: how many it may choose from,
    by shapes and attributes."""

    def check(shapes: Sequence[Shape], attrs: Attributes, given: Sequence[Array | None]) -> None:
        if given[place] is not None:
            whole(np, given[place], size(shapes, attrs))

    return check


def _taken_from(shapes: Sequence[Shape], attrs: Attributes) -> int:
    """How many slices or entries there are to take."""
    whole_shape = sized(attrs["shape"]) if "shape" in attrs else shapes[0]
    shape, axis = _lined_up(whole_shape, attrs)
    return shape[axis]


def _rows(point: Point, shape: Shape, index: Array, attrs: Attributes) -> Jacobian:
    """Whole blocks behind the axis move together: S ⊗ I, with one position a block."""
    shape_, axis = _lined_up(shape, attrs)
    positions = whole(point.xp, index, shape_[axis]).ravel()
    lead, block = prod(shape_[:axis]), prod(shape_[axis + 1 :])
    if not block or not lead:
        positions, block = positions[:0], 1
    first = point.xp.arange(lead)[:, None] * shape_[axis]
    flat = (first + positions).reshape(-1, 1)
    out_shape = _take_shape(shape, tuple(index.shape), attrs)
    return Selection(point.xp, point.dtype, out_shape, shape, flat, block=block)


def _take_jacobian(point: Point, slot: int) -> Jacobian:
    x, index = point.inputs
    return _rows(point, tuple(x.shape), index, point.attrs)


def _add_at(xp: Any, x: Array, index: Array, shape: Any, axis: int | None = None) -> Array:
    """Add slices of x into zeros: what `take` took, put back."""
    target, along = _lined_up(sized(shape), {"axis": axis})
    lead, size, block = prod(target[:along]), target[along], prod(target[along + 1 :])
    positions = whole(xp, index, size).ravel()
    result = xp.zeros((lead, size, block), dtype=x.dtype)
    xp.add.at(result, (slice(None), positions), x.reshape(lead, positions.size, block))
    return result.reshape(sized(shape))


def _add_at_jacobian(point: Point, slot: int) -> Jacobian:
    return Transposed(_rows(point, tuple(point.out.shape), point.inputs[1], point.attrs))


def _add_at_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape = sized(attrs["shape"])
    taken = _take_shape(shape, shapes[1], attrs)
    if taken != shapes[0]:
        raise Misfit("shape.broadcast", op="add_at", left=str(shapes[0]), right=str(taken))
    return shape


def _define_take(name: str, order: tuple[str, ...], example: str, doc: str) -> None:
    define(
        name,
        "x index",
        forward=_take,
        jacobian=_take_jacobian,
        vjps=("add_at(g, index, {x_shape}, {axis})", "0"),
        shape=lambda shapes, attrs: _take_shape(shapes[0], shapes[1], attrs),
        attrs={"axis": None},
        inert=("index",),
        check=_checker(1, _taken_from),
        order=order,
        example=example,
        jacobian_tex=(r"S_{{{index}}} \otimes I", "0"),
        tex=r"{{{x}}}_{{\left[{index}\right]}}",
        operands=(5, 0),
        flops=0,
        doc=doc,
    )


_define_take(
    "take",
    ("x", "index", "axis"),
    "take(x, [0, 1, 1], 0)",
    "The slices along `axis` that `index` names; without an axis, entries in flat order.",
)
_define_take(
    "index_select",
    ("x", "axis", "index"),
    "index_select(x, 0, [0, 1, 1])",
    "The slices along `axis` that `index` names: PyTorch's order of arguments for `take`.",
)
define(
    "add_at",
    "x index",
    forward=_add_at,
    jacobian=_add_at_jacobian,
    vjps=("take(g, index, {axis})", "0"),
    shape=_add_at_shape,
    attrs={"shape": ..., "axis": None},
    inert=("index",),
    check=_checker(1, _taken_from),
    example="add_at(x, [0, 2], (3, 2), 0)",
    jacobian_tex=(r"S_{{{index}}}^T \otimes I", "0"),
    tex=r"\operatorname{{add\_at}}\left({x},\, {index}\right)",
    doc="Zeros of a shape, with the slices of x added where `index` says: the transpose of `take`.",
)


def _embedding_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    if len(shapes[1]) != 2:
        raise Misfit("shape.matrix", op="embedding", shape=str(shapes[1]))
    return (*shapes[0], shapes[1][1])


define(
    "embedding",
    "index weight",
    forward=lambda xp, index, weight: _take(xp, weight, index, 0),
    jacobian=lambda point, slot: _rows(
        point, tuple(point.inputs[1].shape), point.inputs[0], {"axis": 0}
    ),
    vjps=("0", "add_at(g, index, {weight_shape}, 0)"),
    shape=_embedding_shape,
    inert=("index",),
    check=_checker(0, lambda shapes, attrs: shapes[1][0]),
    example="embedding([0, 1, 1], w)",
    jacobian_tex=("0", r"S_{{{index}}} \otimes I"),
    tex=r"{{{weight}}}_{{\left[{index}\right]}}",
    operands=(0, 5),
    flops=0,
    doc="The row of `weight` for each entry of `index`.",
)


def _along(xp: Any, x: Array, index: Array, axis: int) -> Array:
    """Take along an axis; on the other axes the index may be shorter, as in PyTorch's gather."""
    cut = tuple(slice(None) if i == axis else slice(size) for i, size in enumerate(index.shape))
    return xp.take_along_axis(x[cut], index, axis=axis)


def _gather_shape(shape: Shape, index: Shape, attrs: Attributes) -> Shape:
    axis = one_axis(attrs, shape)
    fits = len(shape) == len(index) and all(
        i == axis or b <= a for i, (a, b) in enumerate(zip(shape, index, strict=True))
    )
    if not fits:
        raise Misfit("shape.broadcast", op="gather", left=str(shape), right=str(index))
    return index


def _gather(xp: Any, x: Array, index: Array, axis: int) -> Array:
    along = one_axis({"axis": axis}, tuple(x.shape))
    return _along(xp, x, whole(xp, index, x.shape[along]), along)


def _gather_map(point: Point, shape: Shape) -> Any:
    axis = one_axis(point.attrs, shape)
    index = whole(point.xp, point.inputs[1], shape[axis])
    return lambda marked: _along(point.xp, marked, index, axis)


def _scatter_add(xp: Any, x: Array, index: Array, shape: Any, axis: int) -> Array:
    target = sized(shape)
    along = one_axis({"axis": axis}, target)
    positions = xp.arange(prod(target)).reshape(target)
    flat = _along(xp, positions, whole(xp, index, target[along]), along)
    result = xp.zeros(prod(target), dtype=x.dtype)
    xp.add.at(result, flat.ravel(), x.ravel())
    return result.reshape(target)


def _scatter_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape = sized(attrs["shape"])
    if _gather_shape(shape, shapes[1], attrs) != shapes[0]:
        raise Misfit("shape.broadcast", op="scatter_add", left=str(shapes[0]), right=str(shapes[1]))
    return shape


def _define_gather(name: str, order: tuple[str, ...], example: str, doc: str) -> None:
    define(
        name,
        "x index",
        forward=_gather,
        jacobian=lambda point, slot: selected(
            point, slot, _gather_map(point, tuple(point.inputs[0].shape)), unique=False
        ),
        vjps=("scatter_add(g, index, {x_shape}, {axis})", "0"),
        shape=lambda shapes, attrs: _gather_shape(shapes[0], shapes[1], attrs),
        attrs={"axis": ...},
        inert=("index",),
        check=_checker(1, _taken_from),
        order=order,
        example=example,
        jacobian_tex=(r"S_{{{index}}}", "0"),
        tex=r"\operatorname{{gather}}\left({x},\, {index}\right)",
        flops=0,
        doc=doc,
    )


_define_gather(
    "gather",
    ("x", "axis", "index"),
    "gather(x, 1, [[0, 0], [1, 0]])",
    "Along `axis`, the entry that `index` names at each place.",
)
_define_gather(
    "take_along_axis",
    ("x", "index", "axis"),
    "take_along_axis(x, [[0, 0], [1, 0]], 1)",
    "Along `axis`, the entry that `index` names at each place: NumPy's name for `gather`.",
)
define(
    "scatter_add",
    "x index",
    forward=_scatter_add,
    jacobian=lambda point, slot: placed(
        point, slot, _gather_map(point, tuple(point.out.shape)), unique=False
    ),
    vjps=("take_along_axis(g, index, {axis})", "0"),
    shape=_scatter_shape,
    attrs={"shape": ..., "axis": ...},
    inert=("index",),
    check=_checker(1, _taken_from),
    example="scatter_add(x, [[0, 1], [1, 0]], (2, 2), 1)",
    jacobian_tex=(r"S_{{{index}}}^T", "0"),
    tex=r"\operatorname{{scatter\_add}}\left({x},\, {index}\right)",
    doc="Zeros of a shape, with x added where `index` says: the transpose of `gather`.",
)
