"""Ops that reorder entries: permuted axes, flips, shifts, equal pieces."""

from collections.abc import Callable, Sequence

from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.ops.entries import LETTERS, axis_of, one_axis, relabelled, selected
from engine.ops.registry import Misfit, Point, define

Order = Callable[[Shape, Attributes], Sequence[int]]


def _define_permutation(name: str, order: Order, doc: str, **rest: object) -> None:
    """An op whose axes are those of its input in another order. order: which axis comes where."""

    def subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
        letters = LETTERS[: len(shapes[0])]
        return f"{letters}->{''.join(letters[axis] for axis in order(shapes[0], attrs))}"

    define(
        name,
        "x",
        forward=lambda xp, x, **attrs: x.transpose(order(tuple(x.shape), attrs)),
        subscripts=subscripts,
        flops=0,
        doc=doc,
        **rest,  # type: ignore[arg-type]
    )


def _full(shape: Shape, axes: Sequence[int]) -> list[int]:
    """Return a permutation of all axes, counted from 0. Raises Misfit for any other list."""
    order = [axis_of(axis, shape) for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise Misfit("shape.axes", axes=str(tuple(axes)), shape=str(shape))
    return order


def _swapped(shape: Shape, first: int, second: int) -> list[int]:
    order = list(range(len(shape)))
    i, j = axis_of(first, shape), axis_of(second, shape)
    order[i], order[j] = j, i
    return order


def _transposed(shape: Shape, attrs: Attributes) -> Sequence[int]:
    """Two axes are exchanged, as in PyTorch; more are the new order, as in NumPy."""
    axes = attrs.get("axes")
    if axes is None:
        return range(len(shape))[::-1]
    return _swapped(shape, *axes) if len(axes) == 2 else _full(shape, axes)


def _moved(shape: Shape, attrs: Attributes) -> Sequence[int]:
    """Return the order of NumPy's moveaxis."""
    source, target = (
        [axis_of(axis, shape) for axis in (given if isinstance(given, tuple) else (given,))]
        for given in (attrs["source"], attrs["destination"])
    )
    if len(source) != len(target) or len({*source}) < len(source) or len({*target}) < len(target):
        raise Misfit("shape.axes", axes=str(attrs["source"]), shape=str(shape))
    order = [axis for axis in range(len(shape)) if axis not in source]
    for place, axis in sorted(zip(target, source, strict=True)):
        order.insert(place, axis)
    return order


def _transpose_tex(ranks: Sequence[int], attrs: Attributes) -> str:
    plain = attrs["axes"] is None or ranks[0] <= 2
    return "{x_T}" if plain else r"\operatorname{{transpose}}\left({x}\right)"


_define_permutation(
    "transpose",
    _transposed,
    "Transpose: all axes in reverse order; two axes given are exchanged, more are the new order.",
    attrs={"axes": None},
    collects=True,
    tex=_transpose_tex,
    binding=4,
    operands=(5,),
    aliases=("t",),
)
_define_permutation(
    "permute",
    lambda shape, attrs: _full(shape, attrs["axes"] or ()),
    "The axes in the order given by `axes`.",
    attrs={"axes": ...},
    collects=True,
    example="permute(x, (1, 0))",
    aliases=("permute_dims",),
    tex=r"\operatorname{{permute}}\left({x}\right)",
)
_define_permutation(
    "swapaxes",
    lambda shape, attrs: _swapped(shape, attrs["axis1"], attrs["axis2"]),
    "Two axes exchanged.",
    attrs={"axis1": ..., "axis2": ...},
    example="swapaxes(x, 0, 1)",
    aliases=("swapdims",),
    tex=lambda ranks, attrs: (
        "{x_T}"
        if {attrs["axis1"] % max(*ranks, 1), attrs["axis2"] % max(*ranks, 1)}
        == {ranks[0] - 2, ranks[0] - 1}
        else r"\operatorname{{swapaxes}}\left({x}\right)"
    ),
)
_define_permutation(
    "matrix_transpose",
    lambda shape, attrs: _swapped(shape, -2, -1),
    "The last two axes exchanged: every matrix of a stack is transposed; also `x.mT`.",
    example="matrix_transpose(x)",
    aliases=("mT", "adjoint"),
    tex="{x_T}",
    binding=4,
    operands=(5,),
)
_define_permutation(
    "moveaxis",
    _moved,
    "Axes moved to other places; the rest keep their order.",
    attrs={"source": ..., "destination": ...},
    example="moveaxis(x, 0, 1)",
    aliases=("movedim",),
    tex=r"\operatorname{{moveaxis}}\left({x}\right)",
)
_define_permutation(
    "unbind",
    lambda shape, attrs: _moved(
        shape, {"source": one_axis({"axis": 0, **attrs}, shape), "destination": 0}
    ),
    "The slices along `axis`, one after another: `unbind(x, 1)[0]` is the first column.",
    attrs={"axis": 0},
    aliases=("unstack",),
    tex=r"\operatorname{{unbind}}\left({x}\right)",
)


def _pieces(shape: Shape, attrs: Attributes) -> tuple[int, int, Shape]:
    """Return the axis, the number of pieces and the shape of each."""
    axis, count = one_axis({"axis": 0, **attrs}, shape), attrs["sections"]
    if count < 1 or shape[axis] % count:
        raise Misfit("shape.split", sections=count, size=shape[axis], shape=str(shape))
    return axis, count, (*shape[:axis], shape[axis] // count, *shape[axis + 1 :])


def _split(xp: object, x: object, **attrs: object) -> object:
    axis, count, piece = _pieces(tuple(x.shape), attrs)  # type: ignore[attr-defined]
    parts = x.reshape((*piece[:axis], count, *piece[axis:]))  # type: ignore[attr-defined]
    return parts.transpose((axis, *(i for i in range(len(piece) + 1) if i != axis)))


def _split_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    _, count, piece = _pieces(shapes[0], attrs)
    return (count, *piece)


def _split_jacobian(point: Point, slot: int) -> Jacobian:
    axis, count, piece = _pieces(tuple(point.inputs[slot].shape), point.attrs)
    rank = len(piece)
    in_ = [*range(axis), rank, *range(axis, rank)]
    return relabelled(point, slot, [*piece, count], [rank, *range(rank)], in_)


define(
    "split",
    "x",
    forward=_split,
    jacobian=_split_jacobian,
    fixed=True,
    vjps=lambda slot, shapes, attrs: (
        f"reshape(moveaxis(g, 0, {_pieces(shapes[0], attrs)[0]}), {shapes[0]})"
    ),
    shape=_split_shape,
    attrs={"sections": ..., "axis": 0},
    example="split(x, 2)",
    aliases=("chunk",),
    jacobian_tex=("P",),
    tex=r"\operatorname{{split}}\left({x}\right)",
    flops=0,
    doc="`sections` equal pieces along `axis`, on a new first axis: `split(x, 2)[0]` is the first.",
)


def _flipped(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """The shape, once the axes are known to be there."""
    axis = attrs.get("axis")
    axes = () if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len({axis_of(each, shapes[0]) for each in axes}) < len(axes):
        raise Misfit("shape.axis", axis=axes[0], shape=str(shapes[0]), last=len(shapes[0]) - 1)
    shift = attrs.get("shift")
    alone = axis == () or shift == ()
    if shift is not None and (alone or (isinstance(shift, tuple) and len(shift) != len(axes))):
        raise Misfit("shape.broadcast", op="roll", left=str(shift), right=str(axis))
    return shapes[0]


define(
    "flip",
    "x",
    forward=lambda xp, x, axis=None: xp.flip(x, axis=axis),
    jacobian=lambda point, slot: selected(
        point, slot, lambda marked: point.xp.flip(marked, axis=point.attrs.get("axis"))
    ),
    vjps=("flip(g, axis={axis})",),
    shape=_flipped,
    attrs={"axis": None},
    jacobian_tex=("P",),
    tex=r"\operatorname{{flip}}\left({x}\right)",
    flops=0,
    doc="The entries in reverse order along all axes, or along `axis`.",
)


def _roll_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    shift = attrs["shift"]
    back = tuple(-each for each in shift) if isinstance(shift, tuple) else -shift
    return f"roll(g, {back}, axis={attrs.get('axis')})"


define(
    "roll",
    "x",
    forward=lambda xp, x, shift, axis=None: xp.roll(x, shift, axis=axis),
    jacobian=lambda point, slot: selected(
        point,
        slot,
        lambda marked: point.xp.roll(marked, point.attrs["shift"], point.attrs.get("axis")),
    ),
    vjps=_roll_vjp,
    shape=_flipped,
    attrs={"shift": ..., "axis": None},
    example="roll(x, 1, axis=0)",
    jacobian_tex=("P",),
    tex=r"\operatorname{{roll}}\left({x}\right)",
    flops=0,
    doc="Entries shifted along `axis`, or in flat order; what leaves at the end comes in in front.",
)
