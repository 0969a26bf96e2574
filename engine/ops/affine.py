"""Layers with weights: PyTorch's linear and bilinear."""

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Labelled
from engine.jacobians.pattern import Pattern, axis_labels
from engine.ops.entries import LETTERS
from engine.ops.registry import Misfit, Point, define


def _bilinear_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    first, second, weight = shapes
    if len(weight) != 3 or not first or first[:-1] != second[:-1] or len(first) > 20:
        raise Misfit("shape.rank", op="bilinear", left=str(first), right=str(weight))
    batch = "abcdefghklmnpqrstuvwxyz"[: len(first) - 1]
    return f"{batch}i,{batch}j,oij->{batch}o"


define(
    "bilinear",
    "x1 x2 weight",
    forward=lambda xp, x1, x2, weight: xp.einsum(
        "...i,...j,oij->...o", x1, x2, weight, optimize=True
    ),
    subscripts=_bilinear_subscripts,
    example="bilinear(a, b, stack([a, b]))",
    tex=lambda ranks, attrs: (
        r"{x1_T} \, {weight} \, {x2}"
        if ranks[0] == 1
        else r"\operatorname{{bilinear}}\left({x1},\, {x2},\, {weight}\right)"
    ),
    operands=(5, 5, 3),
    binding=2,
    doc="A quadratic form for each entry of the result: weight is (out, in1, in2).",
)


def _linear_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    x, weight = shapes[:2]
    if not x or len(weight) != 2 or x[-1] != weight[1] or shapes[2:] not in ([], [weight[:1]]):
        raise Misfit("shape.linear", left=str(x), right=str(weight), bias=str(shapes[-1]))
    return (*x[:-1], weight[0])


def _linear(xp: Any, x: Array, weight: Array, bias: Array | None = None) -> Array:
    product = xp.matmul(x, weight.T)
    return product if bias is None else product + bias


def _linear_jacobian(point: Point, slot: int) -> Jacobian:
    """I ⊗ W by x, I ⊗ xᵀ by W, stacked identities by the bias."""
    shapes = [tuple(x.shape) for x in point.inputs]
    batch, (rows, columns) = shapes[0][:-1], shapes[1]
    count = len(batch)
    sizes = dict(enumerate((*batch, rows, columns)))
    names = range(count)
    in_ = ((*names, count + 1), (count, count + 1), (count,))[slot]
    value = ((count, count + 1), (*names, count + 1), None)[slot]
    out_shape = tuple(point.out.shape)
    pattern = Pattern.of(
        axis_labels(out_shape, (*names, count)),
        axis_labels(shapes[slot], in_),
        None if value is None else axis_labels(shapes[1 - slot], value),
        sizes,
    )
    entries = None if value is None else _thin(point.inputs[1 - slot])
    return Labelled(point.xp, point.dtype, out_shape, shapes[slot], pattern, entries)


def _thin(array: Array) -> Array:
    return array.reshape([size for size in array.shape if size != 1])


def _linear_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    batch = LETTERS[: len(shapes[0]) - 1]
    return (
        "g @ weight",
        f"einsum('{batch}y,{batch}z->yz', g, x)",
        "sum_to(g, {bias_shape})",
    )[slot]


def _linear_tex(ranks: Sequence[int], attrs: Attributes) -> str:
    product = r"{weight} \, {x}" if ranks[0] == 1 else r"{x} \, {weight_T}"
    return product + " + {bias}" * (len(ranks) == 3)


def _linear_jacobian_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str, ...]:
    if len(out_shape) == 1:
        return "{weight}", r"I \otimes {x_T}", "I"
    return r"I \otimes {weight}", r"\left({x} \otimes I\right) \, K", r"\mathbf{{1}} \otimes I"


define(
    "linear",
    "x weight bias",
    forward=_linear,
    jacobian=_linear_jacobian,
    vjps=_linear_vjp,
    shape=lambda shapes, attrs: _linear_shape(list(shapes), attrs),
    optional=1,
    jacobian_tex=_linear_jacobian_tex,
    tex=_linear_tex,
    operands=(3, 3, 2),
    binding=1,
    example="linear(x, w, b[0])",
    flops=lambda shapes, attrs: 2 * prod(shapes[0]) * shapes[1][0],
    doc="x times weight transposed, plus the bias: PyTorch's layer; weight is (out, in).",
)
