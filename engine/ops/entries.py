"""Local Jacobians of ops that move entries: where each entry of the result comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import prod

from engine.backend import Array
from engine.einsum import Labels
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Labelled
from engine.jacobians.pattern import Pattern
from engine.jacobians.structures import Selection, Transposed
from engine.ops.registry import Misfit, Point

__all__ = ["LETTERS", "axis_of", "flat", "labelled", "one_axis", "placed", "relabelled", "selected"]

LETTERS = "abcdefghijklmnopqrstuvwxyz"

Move = Callable[[Array], Array]


def axis_of(axis: int, shape: Shape, rank: int | None = None) -> int:
    """Return an axis counted from 0. rank: how many there are, where not as many as `shape` has.

    Raises Misfit for one that is not there.
    """
    count = len(shape) if rank is None else rank
    if not -count <= axis < count:
        raise Misfit("shape.axis", axis=axis, shape=str(shape), last=count - 1)
    return axis % count


def one_axis(attrs: Attributes, shape: Shape) -> int:
    """Return the attribute `axis`, counted from 0. Raises Misfit for none or several."""
    axis = attrs.get("axis")
    if not isinstance(axis, int):
        raise Misfit("shape.axes", axes=str(axis), shape=str(shape))
    return axis_of(axis, shape)


def relabelled(
    point: Point, slot: int, sizes: Sequence[int], out: Sequence[int], in_: Sequence[int]
) -> Jacobian:
    """Return the Jacobian that is ones where labels agree. sizes: of each label; out, in_: the
    labels of vec of the result and of the argument, as axes of these sizes."""
    return labelled(point, slot, dict(enumerate(sizes)), (out, in_, None), None)


def labelled(
    point: Point,
    slot: int,
    sizes: Mapping[int, int],
    labels: tuple[Sequence[int], Sequence[int], Sequence[int] | None],
    value: Array | None,
    scale: float = 1.0,
) -> Jacobian:
    """Return a Jacobian by labels: of vec of the result, of vec of the argument, and of the axes
    of `value`, which holds the entries (None for ones). sizes: of each label; scale: a factor."""
    out, in_, own = (None if side is None else tuple(side) for side in labels)
    pattern = _pattern(out or (), in_ or (), own, tuple(sizes.items()), scale)
    entries = None if value is None else value.reshape([n for n in value.shape if n != 1])
    in_shape = tuple(point.inputs[slot].shape)
    return Labelled(point.xp, point.dtype, tuple(point.out.shape), in_shape, pattern, entries)


@lru_cache(maxsize=4096)
def _pattern(
    out: Labels, in_: Labels, own: Labels | None, sizes: tuple[tuple[int, int], ...], scale: float
) -> Pattern:
    """Leave out the axes of size 1."""
    stretched = {label for label, size in sizes if size != 1}

    def kept(labels: Labels) -> Labels:
        return tuple(label for label in labels if label in stretched)

    return Pattern.of(kept(out), kept(in_), None if own is None else kept(own), dict(sizes), scale)


def flat(point: Point, slot: int) -> Jacobian:
    """The identity on vec: what a reshape is, since vec is row-major before and after."""
    return relabelled(point, slot, [prod(point.inputs[slot].shape)], [0], [0])


def selected(point: Point, slot: int, move: Move, unique: bool = True) -> Jacobian:
    """Return the Jacobian of an op that copies entries. move: the op, done here to the positions of
    the entries instead; 0 where none is copied. unique: whether none is copied twice."""
    shape = tuple(point.inputs[slot].shape)
    index = move(_positions(point, shape)).reshape(-1, 1) - 1
    out_shape = tuple(point.out.shape)
    return Selection(point.xp, point.dtype, out_shape, shape, index, unique=unique)


def placed(point: Point, slot: int, move: Move, unique: bool = True) -> Jacobian:
    """Return the Jacobian of an op that puts entries back: the transpose of the one that took them.
    move: the op that took them."""
    shape = tuple(point.out.shape)
    index = move(_positions(point, shape)).reshape(-1, 1) - 1
    source = tuple(point.inputs[slot].shape)
    return Transposed(Selection(point.xp, point.dtype, source, shape, index, unique=unique))


def _positions(point: Point, shape: Shape) -> Array:
    return point.xp.arange(1, prod(shape) + 1, dtype=point.xp.int64).reshape(shape)
