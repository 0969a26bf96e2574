"""Ops that move, copy or merge entries without computing with them."""

from collections.abc import Sequence
from math import prod

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobian import Jacobian, Labelled
from engine.ops.registry import Misfit, Point, define
from engine.pattern import Pattern


def target_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Return the shape asked for, one -1 filled in. Raises Misfit when the sizes do not agree."""
    asked = attrs["shape"]
    wanted = (asked,) if isinstance(asked, int) else tuple(asked)
    size, known = prod(shapes[0]), prod(each for each in wanted if each != -1)
    if wanted.count(-1) == 1 and known and size % known == 0:
        wanted = tuple(size // known if each == -1 else each for each in wanted)
    if any(each < 0 for each in wanted) or prod(wanted) != size:
        raise Misfit("shape.reshape", shape=str(shapes[0]), target=str(wanted), size=size)
    return wanted


def flat_identity(point: Point, slot: int) -> Jacobian:
    """The identity on vec: what a reshape is, since vec is row-major before and after."""
    shape = tuple(point.inputs[slot].shape)
    labels = (0,) if prod(shape) != 1 else ()
    pattern = Pattern.of(labels, labels, None, {0: prod(shape)})
    return Labelled(point.xp, point.dtype, tuple(point.out.shape), shape, pattern)


def _broadcast_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    source, target = shapes[0], tuple(attrs["shape"])
    aligned = (1,) * (len(target) - len(source)) + source
    fits = len(target) >= len(source) and all(
        a in (1, b) and b >= 0 for a, b in zip(aligned, target, strict=True)
    )
    if not fits:
        raise Misfit("shape.broadcast", op="broadcast_to", left=str(source), right=str(target))
    return target


def _kept(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """The axes of the target that are not stretched, seen from the source of `sum_to`."""
    source, target = shapes[0], _sum_to_shape(shapes, attrs)
    letters = "abcdefghijklmnopqrstuvwxyz"[: len(source)]
    aligned = (1,) * (len(source) - len(target)) + target
    kept = "".join(
        each
        for each, a, b in zip(letters, source, aligned, strict=True)
        if a == b and (b != 1 or a == 1)
    )
    return f"{letters}->{kept}"


def _sum_to_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    source, target = shapes[0], tuple(attrs["shape"])
    aligned = (1,) * (len(source) - len(target)) + target
    fits = len(source) >= len(target) and all(
        b in (1, a) for a, b in zip(source, aligned, strict=True)
    )
    if not fits:
        raise Misfit("shape.broadcast", op="sum_to", left=str(source), right=str(target))
    return target


def _sum_to(xp: object, x: Array, shape: Shape) -> Array:
    lead = x.ndim - len(shape)
    stretched = tuple(i + lead for i, size in enumerate(shape) if size == 1 != x.shape[i + lead])
    return x.sum(axis=(*range(lead), *stretched)).reshape(shape)


define(
    "reshape",
    "x",
    forward=lambda xp, x, shape: x.reshape(shape),
    jacobian=flat_identity,
    vjps=("reshape(g, {x_shape})",),
    shape=target_shape,
    attrs={"shape": ...},
    collects=True,
    example="reshape(x, (4, 1))",
    aliases=("view",),
    jacobian_tex=("I",),
    tex=r"\operatorname{{reshape}}\left({x}\right)",
    flops=0,
    doc="The same entries in the same order under another shape; one size may be -1.",
)
define(
    "broadcast_to",
    "x",
    forward=lambda xp, x, shape: xp.broadcast_to(x, shape),
    partials=("1",),
    shape=_broadcast_shape,
    attrs={"shape": ...},
    collects=True,
    example="broadcast_to(x, (3, 2, 2))",
    aliases=("expand",),
    tex=r"\operatorname{{broadcast}}\left({x}\right)",
    flops=0,
    doc="Copies along new axes and along axes of size 1, until the shape is reached.",
)
define(
    "sum_to",
    "x",
    forward=_sum_to,
    subscripts=_kept,
    shape=_sum_to_shape,
    attrs={"shape": ...},
    example="sum_to(x, (1, 2))",
    aliases=("sum_to_size",),
    tex=r"\operatorname{{sum\_to}}\left({x}\right)",
    doc="Sums over the axes that broadcasting to this shape would have stretched: its transpose.",
)
