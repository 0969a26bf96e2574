"""Ops that move, copy or merge entries without computing with them."""

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.entries import LETTERS, axis_of, flat
from engine.ops.registry import Misfit, define


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


def _broadcast_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """A size of -1 keeps that of the source, as in PyTorch's expand."""
    asked = attrs["shape"]
    source, target = shapes[0], (asked,) if isinstance(asked, int) else tuple(asked)
    aligned = (1,) * (len(target) - len(source)) + source
    lead = len(target) - len(source)
    fits = lead >= 0 and all(
        (size == -1 and axis >= lead) or (size >= 0 and own in (1, size))
        for axis, (own, size) in enumerate(zip(aligned, target, strict=True))
    )
    if not fits:
        raise Misfit("shape.broadcast", op="broadcast_to", left=str(source), right=str(target))
    return tuple(own if size == -1 else size for own, size in zip(aligned, target, strict=True))


def _broadcast_to(xp: Any, x: Array, shape: Any) -> Array:
    x = xp.asarray(x)
    return xp.broadcast_to(x, _broadcast_shape([tuple(x.shape)], {"shape": shape}))


def _kept(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """The axes of the target that are not stretched, seen from the source of `sum_to`."""
    source, target = shapes[0], _sum_to_shape(shapes, attrs)
    letters = LETTERS[: len(source)]
    aligned = (1,) * (len(source) - len(target)) + target
    kept = "".join(
        each
        for each, a, b in zip(letters, source, aligned, strict=True)
        if a == b and (b != 1 or a == 1)
    )
    return f"{letters}->{kept}"


def _sum_to_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    asked = attrs["shape"]
    source, target = shapes[0], (asked,) if isinstance(asked, int) else tuple(asked)
    aligned = (1,) * (len(source) - len(target)) + target
    fits = len(source) >= len(target) and all(
        b in (1, a) for a, b in zip(source, aligned, strict=True)
    )
    if not fits:
        raise Misfit("shape.broadcast", op="sum_to", left=str(source), right=str(target))
    return target


def _sum_to(xp: Any, x: Array, shape: Any) -> Array:
    shape = (shape,) if isinstance(shape, int) else shape
    lead = x.ndim - len(shape)
    stretched = tuple(i + lead for i, size in enumerate(shape) if size == 1 != x.shape[i + lead])
    return x.sum(axis=(*range(lead), *stretched)).reshape(shape)


def _flatten_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape = shapes[0] or (1,)
    first = axis_of(attrs.get("start_dim", 0), shape)
    last = axis_of(attrs.get("end_dim", -1), shape)
    if first > last:
        raise Misfit("shape.axis", axis=first, shape=str(shape), last=last)
    return (*shape[:first], prod(shape[first : last + 1]), *shape[last + 1 :])


def _squeeze_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """An axis named but not of size 1 stays, as in PyTorch."""
    shape, axis = shapes[0], attrs.get("axis")
    named = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = {axis_of(each, shape) for each in named}
    return tuple(size for i, size in enumerate(shape) if size != 1 or i not in axes)


def _unsqueeze_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    shape, axis = shapes[0], attrs["axis"]
    axes = axis if isinstance(axis, tuple) else (0 if axis is None else axis,)
    rank = len(shape) + len(axes)
    new = {axis_of(each, shape, rank) for each in axes}
    if len(new) < len(axes):
        raise Misfit("shape.axis", axis=axes[0], shape=str(shape), last=rank - 1)
    sizes = iter(shape)
    return tuple(1 if i in new else next(sizes) for i in range(rank))


def _define_reshape(name: str, shape: Any, attrs: dict[str, Any], doc: str, **rest: Any) -> None:
    """An op that keeps the entries and their order: the identity on vec."""

    def forward(xp: Any, x: Array, **given: Any) -> Array:
        return x.reshape(shape([tuple(x.shape)], given))

    define(
        name,
        "x",
        forward=forward,
        jacobian=flat,
        fixed=True,
        vjps=("reshape(g, {x_shape})",),
        shape=shape,
        attrs=attrs,
        jacobian_tex=("I",),
        flops=0,
        doc=doc,
        **({"tex": f"\\operatorname{{{{{name}}}}}\\left({{x}}\\right)"} | rest),
    )


_define_reshape(
    "reshape",
    target_shape,
    {"shape": ...},
    "The same entries in the same order under another shape; one size may be -1.",
    collects=True,
    example="reshape(x, (4, 1))",
    aliases=("view",),
)
_define_reshape(
    "flatten",
    _flatten_shape,
    {"start_dim": 0, "end_dim": -1},
    "Merges the axes from `start_dim` to `end_dim` into one.",
    aliases=("ravel",),
)
_define_reshape(
    "squeeze",
    _squeeze_shape,
    {"axis": None},
    "Leaves out axes of size 1: all of them, or those of `axis`; other axes stay.",
)
_define_reshape(
    "unsqueeze",
    _unsqueeze_shape,
    {"axis": ...},
    "A new axis of size 1 at `axis` of the result.",
    example="unsqueeze(x, 0)",
    aliases=("expand_dims",),
)


def _size_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """A single number, once the axis is known to be there."""
    axis_of(attrs.get("dim", 0), shapes[0])
    return ()


define(
    "broadcast_to",
    "x",
    forward=_broadcast_to,
    partials=("1",),
    shape=_broadcast_shape,
    attrs={"shape": ...},
    collects=True,
    example="broadcast_to(x, (3, 2, 2))",
    aliases=("expand",),
    tex=r"\operatorname{{broadcast}}\left({x}\right)",
    flops=0,
    doc="Copies along new axes and axes of size 1, until the shape is reached; -1 keeps a size.",
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
define(
    "size",
    "x",
    forward=lambda xp, x, dim=0: xp.asarray(float(x.shape[dim]), dtype=x.dtype),
    partials=("0",),
    inert=("x",),
    shape=_size_shape,
    attrs={"dim": 0},
    tex=r"\operatorname{{size}}\left({x}\right)",
    flops=0,
    doc="How many entries the tensor has along axis `dim`: a number that nothing flows through.",
)
