"""Ops that copy entries: whole tensors end to end, or each entry some times in a row."""

from collections.abc import Sequence
from math import prod

from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.ops.entries import axis_of, relabelled
from engine.ops.notation import KEPT, SPREAD, kronecker
from engine.ops.registry import Misfit, Point, define


def _reps(shape: Shape, attrs: Attributes) -> tuple[tuple[int, ...], Shape]:
    """Return how often each axis is repeated, and the shape, both with as many axes."""
    asked = attrs["reps"]
    reps = (asked,) if isinstance(asked, int) else tuple(asked)
    rank = max(len(reps), len(shape))
    if any(each < 0 for each in reps):
        raise Misfit("shape.broadcast", op="tile", left=str(shape), right=str(reps))
    return (1,) * (rank - len(reps)) + reps, (1,) * (rank - len(shape)) + shape


def _tile_jacobian(point: Point, slot: int) -> Jacobian:
    reps, sizes = _reps(tuple(point.inputs[slot].shape), point.attrs)
    rank = len(sizes)
    out = [label for axis in range(rank) for label in (rank + axis, axis)]
    return relabelled(point, slot, [*sizes, *reps], out, range(rank))


def _tile_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    reps, sizes = _reps(shapes[0], attrs)
    split = tuple(each for pair in zip(reps, sizes, strict=True) for each in pair)
    return f"reshape(sum(reshape(g, {split}), axis={tuple(range(0, len(split), 2))}), {shapes[0]})"


def _tile_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    pairs = zip(*_reps(in_shape, attrs), strict=True)
    parts = [[SPREAD] * (count != 1) + [KEPT] * (size != 1) for count, size in pairs]
    return (kronecker([each for part in parts for each in part]) or KEPT,)


def _repeat_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    shape, axis, _ = _repeated(in_shape, attrs)
    before, after = [KEPT] * (prod(shape[: axis + 1]) > 1), [KEPT] * (prod(shape[axis + 1 :]) > 1)
    return (kronecker([*before, SPREAD, *after]),)


define(
    "tile",
    "x",
    forward=lambda xp, x, reps: xp.tile(x, reps),
    jacobian=_tile_jacobian,
    fixed=True,
    vjps=_tile_vjp,
    shape=lambda shapes, attrs: tuple(
        n * size for n, size in zip(*_reps(shapes[0], attrs), strict=True)
    ),
    attrs={"reps": ...},
    collects=True,
    example="tile(x, (2, 1))",
    jacobian_tex=_tile_tex,
    tex=r"\operatorname{{tile}}\left({x}\right)",
    flops=0,
    doc="The whole tensor `reps` times along each axis, end to end; PyTorch's repeat.",
)


def _repeated(shape: Shape, attrs: Attributes) -> tuple[Shape, int, int]:
    """Return the shape (flattened where no axis is given), the axis and how often."""
    axis, count = attrs.get("axis"), attrs["repeats"]
    if count < 0 or isinstance(axis, tuple):
        raise Misfit("shape.broadcast", op="repeat", left=str(shape), right=str(count))
    if axis is None:
        return (prod(shape),), 0, count
    return shape, axis_of(axis, shape), count


def _repeat_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape, axis, count = _repeated(shapes[0], attrs)
    return (*shape[:axis], shape[axis] * count, *shape[axis + 1 :])


def _repeat_jacobian(point: Point, slot: int) -> Jacobian:
    shape, axis, count = _repeated(tuple(point.inputs[slot].shape), point.attrs)
    out = [*range(axis + 1), len(shape), *range(axis + 1, len(shape))]
    return relabelled(point, slot, [*shape, count], out, range(len(shape)))


def _repeat_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    shape, axis, count = _repeated(shapes[0], attrs)
    split = (*shape[: axis + 1], count, *shape[axis + 1 :])
    return f"reshape(sum(reshape(g, {split}), axis={axis + 1}), {shapes[0]})"


define(
    "repeat",
    "x",
    forward=lambda xp, x, repeats, axis=None: xp.repeat(x, repeats, axis=axis),
    jacobian=_repeat_jacobian,
    fixed=True,
    vjps=_repeat_vjp,
    shape=_repeat_shape,
    attrs={"repeats": ..., "axis": None},
    example="repeat(x, 2, axis=0)",
    aliases=("repeat_interleave",),
    jacobian_tex=_repeat_tex,
    tex=r"\operatorname{{repeat}}\left({x}\right)",
    flops=0,
    doc="Each entry, or each slice along `axis`, `repeats` times in a row, as in NumPy.",
)
