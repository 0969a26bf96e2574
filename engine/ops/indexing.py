"""Indexing by written indices: slices and their transpose, joining, diagonals."""

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.ops.entries import one_axis, placed, selected
from engine.ops.registry import Misfit, Point, define

Index = tuple[Any, ...]


def _expanded(shape: Shape, index: Index) -> Index:
    """Write `...` and the axes not named as whole slices. Raises Misfit for too many indices."""
    named = sum(each is not None and each != "..." for each in index)
    dots = [place for place, each in enumerate(index) if each == "..."]
    if named > len(shape) or len(dots) > 1:
        raise Misfit("shape.indices", given=named, shape=str(shape))
    place = dots[0] if dots else len(index)
    whole = (("slice", None, None, None),) * (len(shape) - named)
    return (*index[:place], *whole, *index[place + 1 :])


def _positions(part: Any, axis: int, shape: Shape) -> Sequence[int]:
    """Return the positions an entry of an index takes along an axis. Raises Misfit."""
    size = shape[axis]
    if isinstance(part, int) or part[0] == "list":
        taken = (part,) if isinstance(part, int) else part[1:]
        for each in taken:
            if not -size <= each < size:
                raise Misfit("shape.index", index=each, axis=axis, size=size, shape=str(shape))
        return taken
    if part[3] == 0:
        raise Misfit("shape.step", shape=str(shape))
    return range(*slice(*part[1:]).indices(size))


def index_shape(shape: Shape, index: Index) -> Shape:
    """Return the shape of x[index], by NumPy's rules for integers among lists."""
    parts: list[tuple[str, int]] = []
    axis = 0
    for part in _expanded(shape, index):
        if part is None:
            parts.append(("kept", 1))
            continue
        count = len(_positions(part, axis, shape))
        kind = "integer" if isinstance(part, int) else "list" if part[0] == "list" else "kept"
        parts.append((kind, count))
        axis += 1
    lists = {count for kind, count in parts if kind == "list"} - {1}
    if len(lists) > 1:
        raise Misfit("shape.broadcast", op="getitem", left=str(shape), right=str(sorted(lists)))
    kept = [count for kind, count in parts if kind == "kept"]
    if not any(kind == "list" for kind, _ in parts):
        return tuple(kept)
    advanced = [place for place, (kind, _) in enumerate(parts) if kind != "kept"]
    together = advanced[-1] - advanced[0] == len(advanced) - 1
    at = advanced[0] if together else 0
    return (*kept[:at], lists.pop() if lists else 1, *kept[at:])


def _getitem(xp: Any, x: Array, index: Index) -> Array:
    def part(each: Any) -> Any:
        if not isinstance(each, tuple):
            return ... if each == "..." else each
        return slice(*each[1:]) if each[0] == "slice" else list(each[1:])

    parts = tuple(part(each) for each in index)
    whole = isinstance(x, xp.ndarray) and len(parts) == x.ndim and not any(map(_advances, parts))
    return x[(*parts, ...)] if whole else x[parts]


def _advances(part: Any) -> bool:
    return not isinstance(part, int)


def _is_plain(index: Index) -> bool:
    """Whether no entry can be taken twice: there are no lists."""
    return not any(isinstance(each, tuple) and each[0] == "list" for each in index)


def _put(xp: Any, x: Array, shape: Shape, index: Index) -> Array:
    result = xp.zeros(shape, dtype=x.dtype)
    if _is_plain(index):
        _getitem(xp, result, (*index, *(() if "..." in index else ("...",))))[...] = x
        return result
    flat = _getitem(xp, xp.arange(prod(shape)).reshape(shape), index)
    xp.add.at(result.reshape(-1), flat.ravel(), x.ravel())
    return result


def _put_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape = sized(attrs["shape"])
    taken = index_shape(shape, attrs["index"])
    if taken != shapes[0]:
        raise Misfit("shape.broadcast", op="put", left=str(shapes[0]), right=str(taken))
    return shape


def sized(asked: Any) -> Shape:
    """Return a shape given as an attribute. Raises Misfit for a negative size."""
    shape = (asked,) if isinstance(asked, int) else tuple(asked)
    if any(size < 0 for size in shape):
        raise Misfit("shape.reshape", shape=str(shape), target=str(shape), size=0)
    return shape


def _taken(point: Point, slot: int) -> Jacobian:
    index = point.attrs["index"]
    return selected(point, slot, lambda x: _getitem(point.xp, x, index), _is_plain(index))


def _put_jacobian(point: Point, slot: int) -> Jacobian:
    index = point.attrs["index"]
    return placed(point, slot, lambda x: _getitem(point.xp, x, index), _is_plain(index))


define(
    "getitem",
    "x",
    forward=_getitem,
    jacobian=_taken,
    vjps=("put(g, {x_shape}, {index})",),
    shape=lambda shapes, attrs: index_shape(shapes[0], attrs["index"]),
    attrs={"index": ...},
    example="x[0, ::-1]",
    jacobian_tex=(r"S_{{{index}}}",),
    tex=r"{{{x}}}_{{{index}}}",
    operands=(5,),
    flops=0,
    doc="The entries at an index: integers, slices, lists of integers, `...` and None.",
)
define(
    "put",
    "x",
    forward=_put,
    jacobian=_put_jacobian,
    vjps=("getitem(g, {index})",),
    shape=_put_shape,
    attrs={"shape": ..., "index": ...},
    example="put(x, (3, 2), (('slice', 0, 2, None),))",
    jacobian_tex=(r"S_{{{index}}}^T",),
    tex=r"\operatorname{{put}}\left({x}\right)",
    doc="Zeros of a shape, with x added at an index: the transpose of indexing.",
)


def _joined(shapes: Sequence[Shape], attrs: Attributes) -> tuple[int, list[int]]:
    """Return the axis and where each part begins along it, and the end. Raises Misfit."""
    axis = one_axis({"axis": 0, **attrs}, shapes[0])
    starts = [0]
    for shape in shapes:
        alike = len(shape) == len(shapes[0]) and all(
            a == b or i == axis for i, (a, b) in enumerate(zip(shape, shapes[0], strict=True))
        )
        if not alike:
            raise Misfit("shape.join", left=str(shapes[0]), right=str(shape), axis=axis)
        starts.append(starts[-1] + shape[axis])
    return axis, starts


def _concat_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    axis, starts = _joined(shapes, attrs)
    return (*shapes[0][:axis], starts[-1], *shapes[0][axis + 1 :])


def _concat_index(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> Index:
    axis, starts = _joined(shapes, attrs)
    return (*_WHOLE[:axis], ("slice", starts[slot], starts[slot + 1], None))


_WHOLE = (("slice", None, None, None),) * 32


def _part(index: Any) -> Any:
    """The Jacobian of joining: each part is put at its index."""

    def jacobian(point: Point, slot: int) -> Jacobian:
        shapes = [tuple(x.shape) for x in point.inputs]
        own = index(slot, shapes, point.attrs)
        return placed(point, slot, lambda marked: _getitem(point.xp, marked, own))

    return jacobian


define(
    "concat",
    "xs",
    forward=lambda xp, *xs, axis=0: xp.concatenate(xs, axis=axis),
    jacobian=_part(_concat_index),
    vjps=lambda slot, shapes, attrs: f"getitem(g, {_concat_index(slot, shapes, attrs)})",
    shape=_concat_shape,
    attrs={"axis": 0},
    variadic=True,
    example="concat([a, b], axis=0)",
    aliases=("cat", "concatenate"),
    jacobian_tex=("S^T",),
    tex=r"\left[{xs}\right]",
    flops=0,
    doc="Tensors one after another along `axis`.",
)


def _stack_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    axis = one_axis({"axis": 0, **attrs}, (1, *shapes[0]))
    if any(shape != shapes[0] for shape in shapes):
        other = next(shape for shape in shapes if shape != shapes[0])
        raise Misfit("shape.join", left=str(shapes[0]), right=str(other), axis=axis)
    return (*shapes[0][:axis], len(shapes), *shapes[0][axis:])


def _stack_index(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> Index:
    axis = one_axis({"axis": 0, **attrs}, (1, *shapes[0]))
    return (*_WHOLE[:axis], slot)


define(
    "stack",
    "xs",
    forward=lambda xp, *xs, axis=0: xp.stack([xp.asarray(x) for x in xs], axis=axis),
    jacobian=_part(_stack_index),
    vjps=lambda slot, shapes, attrs: f"getitem(g, {_stack_index(slot, shapes, attrs)})",
    shape=_stack_shape,
    attrs={"axis": 0},
    variadic=True,
    example="stack([a, b], axis=0)",
    jacobian_tex=("S^T",),
    tex=r"\operatorname{{stack}}\left({xs}\right)",
    flops=0,
    doc="Tensors of one shape one after another along a new axis.",
)
