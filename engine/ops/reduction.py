"""Reductions over axes."""

from collections.abc import Sequence

from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit, define

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _summed(shape: Shape, attrs: Attributes) -> set[int]:
    """Return the axes to sum, counted from 0. Raises Misfit for one that is not there."""
    axis, rank = attrs.get("axis"), len(shape)
    if axis is None:
        return set(range(rank))
    axes = axis if isinstance(axis, tuple) else (int(axis),)
    for each in axes:
        if not -rank <= each < rank or len({a % rank for a in axes}) < len(axes):
            raise Misfit("shape.axis", axis=each, shape=str(shape), last=rank - 1)
    return {each % rank for each in axes}


def _sum_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """A kept axis of size 1 carries nothing, so `keepdims` gives the same subscripts."""
    summed = _summed(shapes[0], attrs)
    letters = _LETTERS[: len(shapes[0])]
    return (
        letters
        + "->"
        + "".join(letter for axis, letter in enumerate(letters) if axis not in summed)
    )


def _sum_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    summed, keep = _summed(shapes[0], attrs), bool(attrs.get("keepdims"))
    return tuple(
        1 if axis in summed else size
        for axis, size in enumerate(shapes[0])
        if keep or axis not in summed
    )


define(
    "sum",
    "x",
    forward=lambda xp, x, axis=None, keepdims=False: xp.sum(x, axis=axis, keepdims=keepdims),
    subscripts=_sum_subscripts,
    shape=_sum_shape,
    attrs={"axis": None, "keepdims": False},
    tex=r"\operatorname{{sum}}\left({x}\right)",
    doc="Sum over all axes, or over `axis`.",
)
