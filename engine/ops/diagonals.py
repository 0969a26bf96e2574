"""Diagonals and triangles of matrices."""

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Labelled
from engine.jacobians.pattern import Pattern, axis_labels
from engine.jacobians.structures import Selection
from engine.ops.entries import axis_of, placed, selected
from engine.ops.indexing import sized
from engine.ops.notation import kronecker
from engine.ops.registry import Misfit, Point, define


def _planes(shape: Shape, attrs: Attributes) -> tuple[int, int]:
    first, second = (axis_of(attrs.get(key, i), shape) for i, key in enumerate(("axis1", "axis2")))
    if first == second:
        raise Misfit("shape.axes", axes=str((first, second)), shape=str(shape))
    return first, second


def diagonal_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Return the shape of a diagonal: the axes not named, then its length."""
    shape, offset = shapes[0], attrs.get("offset", 0)
    first, second = _planes(shape, attrs)
    rows, columns = shape[first] + min(offset, 0), shape[second] - max(offset, 0)
    rest = tuple(size for axis, size in enumerate(shape) if axis not in (first, second))
    return (*rest, max(0, min(rows, columns)))


def _diagonal(xp: Any, x: Array, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    return xp.diagonal(x, offset, axis1, axis2)


def _along(point: Point) -> Any:
    attrs = point.attrs
    return lambda marked: _diagonal(
        point.xp, marked, **{k: attrs[k] for k in _PLACE & attrs.keys()}
    )


_PLACE = {"offset", "axis1", "axis2"}


def _put_diagonal(
    xp: Any, x: Array, shape: Any, offset: int = 0, axis1: int = 0, axis2: int = 1
) -> Array:
    positions = xp.arange(prod(sized(shape))).reshape(sized(shape))
    result = xp.zeros(positions.size, dtype=x.dtype)
    result[_diagonal(xp, positions, offset, axis1, axis2).ravel()] = x.ravel()
    return result.reshape(positions.shape)


def _put_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape = sized(attrs["shape"])
    taken = diagonal_shape([shape], attrs)
    if taken != shapes[0]:
        raise Misfit("shape.broadcast", op="put_diagonal", left=str(shapes[0]), right=str(taken))
    return shape


_OFFSETS = {"offset": 0, "axis1": 0, "axis2": 1}
_VEC_I = r"\operatorname{{vec}}\left(I\right)^T"
_AT = "offset={offset}, axis1={axis1}, axis2={axis2}"

define(
    "diagonal",
    "x",
    forward=_diagonal,
    jacobian=lambda point, slot: selected(point, slot, _along(point)),
    vjps=(f"put_diagonal(g, {{x_shape}}, {_AT})",),
    shape=diagonal_shape,
    attrs=_OFFSETS,
    jacobian_tex=("S",),
    tex=r"\operatorname{{diag}}\left({x}\right)",
    flops=0,
    doc="The diagonal of the matrices that two axes span, `offset` places to the right, put last.",
)
define(
    "put_diagonal",
    "x",
    forward=_put_diagonal,
    jacobian=lambda point, slot: placed(point, slot, _along(point)),
    vjps=(f"diagonal(g, {_AT})",),
    shape=_put_shape,
    attrs={"shape": ..., **_OFFSETS},
    example="put_diagonal(x, (2, 2, 3), axis1=1, axis2=2, offset=1)",
    jacobian_tex=("S^T",),
    tex=r"\operatorname{{diag}}^T\left({x}\right)",
    flops=0,
    doc="Zeros of a shape, with x on the diagonal: the transpose of `diagonal`.",
)


def _trace_jacobian(point: Point, slot: int) -> Jacobian:
    shape = tuple(point.inputs[slot].shape)
    inner = selected(point, slot, _along(point))
    assert isinstance(inner, Selection)
    out_shape = tuple(point.out.shape)
    index = inner.index.reshape(prod(out_shape), diagonal_shape([shape], point.attrs)[-1])
    return Selection(point.xp, point.dtype, out_shape, shape, index, unique=True)


def _trace_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    taken, shape = diagonal_shape(shapes, attrs), shapes[0]
    spread = f"broadcast_to(unsqueeze(g, -1), {taken})"
    return f"put_diagonal({spread}, {shape}, {_AT.format(**{**_OFFSETS, **attrs})})"


def _trace_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    """S chooses the entries of the diagonal."""
    rank = len(in_shape)
    at = {attrs["axis1"] % rank, attrs["axis2"] % rank}
    square = len({in_shape[axis] for axis in at}) == 1 and not attrs["offset"]
    known = {(0, 1): [_VEC_I, "I"], (rank - 2, rank - 1): ["I", _VEC_I]}
    parts = known.get(tuple(sorted(at))) if square else None
    if parts is None:
        return (r"\mathbf{{1}}^T \, S",)
    return (_VEC_I if rank == 2 else kronecker(parts),)


define(
    "trace",
    "x",
    forward=lambda xp, x, offset=0, axis1=0, axis2=1: _diagonal(xp, x, offset, axis1, axis2).sum(
        -1
    ),
    jacobian=_trace_jacobian,
    vjps=_trace_vjp,
    shape=lambda shapes, attrs: diagonal_shape(shapes, attrs)[:-1],
    attrs=_OFFSETS,
    jacobian_tex=_trace_tex,
    tex=r"\operatorname{{tr}}\left({x}\right)",
    doc="The sum of the diagonal.",
)


def _diag_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape, offset = shapes[0], attrs.get("diagonal", 0)
    if len(shape) == 1:
        return (shape[0] + abs(offset),) * 2
    if len(shape) != 2:
        raise Misfit("shape.matrix", op="diag", shape=str(shape))
    return diagonal_shape(shapes, {"offset": offset})


def _diag_jacobian(point: Point, slot: int) -> Jacobian:
    offset = point.attrs.get("diagonal", 0)
    if point.inputs[slot].ndim == 2:
        return selected(point, slot, lambda x: point.xp.diagonal(x, offset))
    return placed(point, slot, lambda x: point.xp.diagonal(x, offset))


def _diag_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    offset = attrs.get("diagonal", 0)
    if len(shapes[0]) == 1:
        return f"diagonal(g, {offset})"
    return f"put_diagonal(g, {shapes[0]}, {offset})"


define(
    "diag",
    "x",
    forward=lambda xp, x, diagonal=0: xp.diag(x, diagonal),
    jacobian=_diag_jacobian,
    vjps=_diag_vjp,
    shape=_diag_shape,
    attrs={"diagonal": 0},
    jacobian_tex=("S",),
    tex=r"\operatorname{{diag}}\left({x}\right)",
    flops=0,
    doc="A matrix with a vector on its diagonal; of a matrix, its diagonal.",
)


def _matrices(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    if len(shapes[0]) < 2:
        raise Misfit("shape.matrix", op="triu or tril", shape=str(shapes[0]))
    return shapes[0]


def _define_triangle(name: str, doc: str) -> None:
    def jacobian(point: Point, slot: int) -> Jacobian:
        """Diagonal: 1 inside the triangle, the same for every matrix of a stack."""
        shape, offset = tuple(point.out.shape), point.attrs.get("diagonal", 0)
        inside = getattr(point.xp, name)(point.xp.ones(shape[-2:], dtype=point.dtype), offset)
        labels = axis_labels(shape, range(len(shape)))
        value = axis_labels(shape[-2:], range(len(shape) - 2, len(shape)))
        pattern = Pattern.of(labels, labels, value, dict(enumerate(shape)))
        entries = inside.reshape([size for size in inside.shape if size != 1])
        return Labelled(point.xp, point.dtype, shape, shape, pattern, entries)

    define(
        name,
        "x",
        forward=lambda xp, x, diagonal=0: getattr(xp, name)(x, diagonal),
        jacobian=jacobian,
        vjps=(f"{name}(g, {{diagonal}})",),
        shape=_matrices,
        attrs={"diagonal": 0},
        jacobian_tex=(
            rf"\operatorname{{{{diag}}}}\left(\operatorname{{{{{name}}}}}"
            r"\left(\mathbf{{1}}\right)\right)",
        ),
        tex=rf"\operatorname{{{{{name}}}}}\left({{x}}\right)",
        flops=0,
        doc=doc,
    )


_define_triangle("triu", "The upper triangle from `diagonal` on; zeros below it.")
_define_triangle("tril", "The lower triangle up to `diagonal`; zeros above it.")
