"""The shape of the result of one op, and what it costs, by the rule of its entry."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from engine.graph import Attributes, Shape
from engine.ops import Op
from engine.ops.registry import Misfit, broadcast_shape

__all__ = ["flops_of", "op_shape", "subscript_sizes"]


def op_shape(op: Op, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Return the shape of the result of `op`. Raises Misfit when the shapes do not fit."""
    sizes = subscript_sizes(op, shapes, attrs) if op.subscripts is not None else {}
    if op.shape is not None:
        return op.shape(shapes, attrs)
    if op.reduces is not None:
        return _reduced_shape(op, shapes, attrs)
    if op.subscripts is None:
        return broadcast_shape(op.name, shapes)
    return tuple(sizes[letter] for letter in op.subscripts(shapes, attrs).partition("->")[2])


def _reduced_shape(op: Op, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    assert op.reduces is not None
    space, merged = op.reduces(shapes, {**op.attrs, **attrs})
    keep = bool(attrs.get("keepdims", False))
    sized = ((1 if axis in merged else size, axis) for axis, size in enumerate(space))
    return tuple(size for size, axis in sized if keep or axis not in merged)


def subscript_sizes(op: Op, shapes: Sequence[Shape], attrs: Attributes) -> dict[str, int]:
    """Return the size of each letter of the op's subscripts. Raises Misfit where two operands
    disagree."""
    assert op.subscripts is not None
    left, right = str(shapes[0]), str(shapes[-1])
    sizes: dict[str, int] = {}
    for letters, shape in zip(
        op.subscripts(shapes, attrs).partition("->")[0].split(","), shapes, strict=True
    ):
        for letter, size in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                inner = {"left_inner": sizes[letter], "right_inner": size}
                raise Misfit("shape.inner", left=left, right=right, **inner)
    return sizes


def flops_of(op: Op, shapes: Sequence[Shape], shape: Shape, attrs: Attributes) -> int:
    """Return the multiplications and additions of one op; its shapes fit."""
    if callable(op.flops):
        return op.flops(shapes, attrs)
    if op.subscripts is None:
        return op.flops * max(prod(shape), *(prod(each) for each in shapes))
    volume = prod(subscript_sizes(op, shapes, attrs).values())
    return volume * len(shapes)
