r"""Normalisations: entries less their mean, divided by their spread, then scaled and shifted.

All of them are y = w ∘ (x - m) / s + b over some axes of x, perhaps after splitting the channels
into groups; they differ in these axes and in where w and b belong. The local Jacobian by x is a
diagonal less two rank-one blocks, (I - 1 1ᵀ/n - h hᵀ/n) / s with h the normalised entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobian import Jacobian, Labelled
from engine.ops.registry import Misfit, Point, define
from engine.pattern import Pattern, axis_labels
from engine.structures import DiagonalLowRank

__all__ = [
    "Plan",
    "by_input",
    "by_parameter",
    "channels_plan",
    "checked",
    "input_vjp",
    "meet",
    "normal",
    "parameter",
    "standard",
    "sum_vjp",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """Over what a normalisation runs.

    view: the shape under which x is normalised; axes: of the view; place: the shape that w and b
    take to meet x; parameter: the shape in which they are given. centred: whether the mean is
    taken off.
    """

    view: Shape
    axes: tuple[int, ...]
    place: Shape
    parameter: Shape
    centred: bool = True

    @property
    def size(self) -> int:
        """How many entries are normalised together."""
        return prod(self.view[axis] for axis in self.axes)


Planner = Callable[[str, Shape, Attributes], Plan]


def _trailing(op: str, shape: Shape, attrs: Attributes) -> Plan:
    """The last axes, which must be `normalized_shape`; w and b have an entry for each of theirs."""
    asked = attrs.get("normalized_shape")
    wanted = (asked,) if isinstance(asked, int) else tuple(asked or shape[-1:])
    if not shape:
        raise Misfit("shape.axis", axis=-1, shape="()", last=-1)
    if not wanted or shape[-len(wanted) :] != wanted:
        reason = f"It must be the last sizes of shape {shape}, such as {shape[-1]}."
        key, value = "normalized_shape", str(wanted)
        raise Misfit("op.attribute", op=op, attribute=key, value=value, reason=reason)
    lead = len(shape) - len(wanted)
    return Plan(shape, tuple(range(lead, len(shape))), wanted, wanted)


def _root(op: str, shape: Shape, attrs: Attributes) -> Plan:
    plan = _trailing(op, shape, attrs)
    return Plan(plan.view, plan.axes, plan.place, plan.parameter, centred=False)


def _channels(op: str, shape: Shape) -> tuple[int, Shape]:
    """Return the number of channels, along axis 1, and the shape that meets x there."""
    if len(shape) < 2:
        raise Misfit("shape.axis", axis=1, shape=str(shape), last=len(shape) - 1)
    return shape[1], (shape[1], *(1,) * (len(shape) - 2))


def channels_plan(op: str, shape: Shape) -> Plan:
    """Every axis but that of the channels."""
    channels, place = _channels(op, shape)
    axes = tuple(axis for axis in range(len(shape)) if axis != 1)
    return Plan(shape, axes, place, (channels,))


def _instance(op: str, shape: Shape, attrs: Attributes) -> Plan:
    """The axes after the channels: each channel of each row on its own."""
    channels, place = _channels(op, shape)
    if len(shape) < 3:
        raise Misfit("shape.axis", axis=2, shape=str(shape), last=len(shape) - 1)
    return Plan(shape, tuple(range(2, len(shape))), place, (channels,))


def _group(op: str, shape: Shape, attrs: Attributes) -> Plan:
    """The channels in groups, each with all that follows them."""
    channels, place = _channels(op, shape)
    groups = attrs["num_groups"]
    if groups < 1 or channels % groups:
        reason = f"It must divide the number of channels, {channels}."
        raise Misfit("op.attribute", op=op, attribute="num_groups", value=groups, reason=reason)
    view = (shape[0], groups, channels // groups, *shape[2:])
    return Plan(view, tuple(range(2, len(view))), place, (channels,))


def checked(op: str, plan: Plan, names: Sequence[str], shapes: Sequence[Shape]) -> None:
    """Raises Misfit where a parameter has another shape than it must; a number always fits."""
    for name, shape in zip(names, shapes, strict=True):
        if shape not in ((), plan.parameter):
            given, expected = str(shape), str(plan.parameter)
            raise Misfit("shape.parameter", op=op, name=name, given=given, expected=expected)
    if not plan.size:
        raise Misfit("shape.empty", op=op, shape=str(plan.view))


def meet(array: Array, place: Shape) -> Array:
    """Give w or b the shape in which it broadcasts to x; a number does so already."""
    return array.reshape(place) if array.ndim else array


def _moments(xp: Any, x: Array, plan: Plan, eps: float) -> tuple[Array, Array]:
    """Return the entries less their mean, under the view, and one over their spread."""
    seen = x.reshape(plan.view)
    size = xp.asarray(plan.size, dtype=x.dtype)
    if plan.centred:
        seen = seen - xp.sum(seen, axis=plan.axes, keepdims=True) / size
    square = xp.sum(seen * seen, axis=plan.axes, keepdims=True) / size
    return seen, 1 / xp.sqrt(square + xp.asarray(eps, dtype=x.dtype))


def standard(xp: Any, x: Array, plan: Plan, eps: float) -> Array:
    seen, inverse = _moments(xp, x, plan, eps)
    return (seen * inverse).reshape(x.shape)


def by_input(point: Point, plan: Plan, eps: float, weight: Array) -> Jacobian:
    """diag(w / s) - (w / s n) 1ᵀ - (w h / s n) hᵀ over each block."""
    xp, x = point.xp, point.inputs[0]
    seen, inverse = _moments(xp, x, plan, eps)
    entries = seen * inverse
    scale = meet(weight, plan.place)
    if plan.view != x.shape:
        scale = xp.broadcast_to(scale, x.shape).reshape(plan.view)
    spread = scale * inverse
    share = spread / xp.asarray(plan.size, dtype=x.dtype)
    pairs = [(share * entries, entries)]
    if plan.centred:
        pairs.insert(0, (share, xp.ones((), dtype=x.dtype)))
    shape = tuple(x.shape)
    return DiagonalLowRank(xp, point.dtype, shape, shape, plan.axes, spread, pairs, plan.view)


def by_parameter(point: Point, slot: int, plan: Plan, entries: Array | None) -> Jacobian:
    """w and b act entry by entry: a diagonal, stretched over the axes they lack."""
    xp, shape, given = point.xp, tuple(point.inputs[0].shape), tuple(point.inputs[slot].shape)
    sizes = dict(enumerate(shape))
    place = plan.place if given else ()
    out = axis_labels(shape, sizes)
    in_ = axis_labels(place, range(len(shape) - len(place), len(shape)))
    pattern = Pattern.of(out, in_, None if entries is None else out, sizes)
    value = None if entries is None else entries.reshape([sizes[label] for label in out])
    return Labelled(xp, point.dtype, shape, given, pattern, value)


def normal(plan: Plan, shape: Shape, eps: float) -> tuple[str, str]:
    """Return the normalised entries and one over their spread, in our language, under the view."""
    seen = "x" if plan.view == shape else f"reshape(x, {plan.view})"
    if plan.centred:
        inverse = f"(var({seen}, {plan.axes}, 0, True) + {eps}) ** -0.5"
        return f"(({seen} - mean({seen}, {plan.axes}, True)) * {inverse})", inverse
    inverse = f"(mean({seen} ** 2, {plan.axes}, True) + {eps}) ** -0.5"
    return f"({seen} * {inverse})", inverse


def parameter(name: str, shape: Shape, place: Shape) -> str:
    return f"reshape({name}, {place})" if shape else name


def input_vjp(plan: Plan, shape: Shape, eps: float, weight: str) -> str:
    entries, inverse = normal(plan, shape, eps)
    own = f"(g * {weight})" if plan.view == shape else f"reshape(g * {weight}, {plan.view})"
    inner = f"{entries} * mean({own} * {entries}, {plan.axes}, True)"
    centre = f" - mean({own}, {plan.axes}, True)" if plan.centred else ""
    return f"reshape(({own}{centre} - {inner}) * {inverse}, {shape})"


def sum_vjp(text: str, shape: Shape, place: Shape) -> str:
    """Sum a cotangent over the axes that a parameter was stretched along."""
    return f"reshape(sum_to({text}, {place if shape else ()}), {shape})"


def _define_normalization(
    name: str, plan_of: Planner, args: str, attrs: Attributes, order: str, tex: str, **rest: Any
) -> None:
    """Define a normalisation by batch statistics. args: x, weight and perhaps bias."""
    names, given = args.split(), dict(attrs)

    def full(own: Attributes) -> dict[str, Any]:
        return {**given, **own}

    def forward(xp: Any, x: Array, *parameters: Array, **own: Any) -> Array:
        plan = plan_of(name, x.shape, full(own))
        out = standard(xp, x, plan, full(own)["eps"]) * meet(parameters[0], plan.place)
        return out + meet(parameters[1], plan.place) if parameters[1:] else out

    def jacobian(point: Point, slot: int) -> Jacobian:
        own = full(point.attrs)
        plan, x = plan_of(name, tuple(point.inputs[0].shape), own), point.inputs[0]
        if slot == 0:
            return by_input(point, plan, own["eps"], point.inputs[1])
        entries = standard(point.xp, x, plan, own["eps"]) if slot == 1 else None
        return by_parameter(point, slot, plan, entries)

    def vjps(slot: int, shapes: Sequence[Shape], own: Attributes) -> str:
        plan, eps = plan_of(name, shapes[0], full(own)), full(own)["eps"]
        if slot == 0:
            return input_vjp(plan, shapes[0], eps, parameter("weight", shapes[1], plan.place))
        entries = f"reshape({normal(plan, shapes[0], eps)[0]}, {shapes[0]})"
        return sum_vjp(f"g * {entries}" if slot == 1 else "g", shapes[slot], plan.place)

    def shape(shapes: Sequence[Shape], own: Attributes) -> Shape:
        checked(name, plan_of(name, shapes[0], full(own)), names[1:], shapes[1:])
        return shapes[0]

    define(
        name,
        args,
        forward=forward,
        jacobian=jacobian,
        vjps=vjps,
        shape=shape,
        attrs=attrs,
        order=tuple(order.split()),
        absent=dict(zip(names[1:], (1.0, 0.0), strict=False)),
        flops=8,
        tex=rf"\operatorname{{{{{tex}}}}}\left({', '.join(f'{{{each}}}' for each in names)}\right)",
        jacobian_tex=("J", r"\operatorname{{diag}}\left(\hat{{x}}\right)", "I")[: len(names)],
        **rest,
    )


_define_normalization(
    "layer_norm",
    _trailing,
    "x weight bias",
    {"normalized_shape": None, "eps": 1e-5},
    "x normalized_shape weight bias eps",
    "LayerNorm",
    example="layer_norm(x, 2, [1, 1], [0, 0])",
    doc="Mean 0 and variance 1 over the last axes, `normalized_shape`; then weight and bias.",
)
_define_normalization(
    "rms_norm",
    _root,
    "x weight",
    {"normalized_shape": None, "eps": 2.0**-52},
    "x normalized_shape weight eps",
    "RMSNorm",
    example="rms_norm(x, 2, [1, 1])",
    doc="Mean square 1 over the last axes, `normalized_shape`; then weight.",
)
_define_normalization(
    "group_norm",
    _group,
    "x weight bias",
    {"num_groups": ..., "eps": 1e-5},
    "x num_groups weight bias eps",
    "GroupNorm",
    example="group_norm(x, 2, 1, 0)",
    doc="Mean 0 and variance 1 over each of `num_groups` groups of channels (axis 1) of each row.",
)
_define_normalization(
    "instance_norm",
    _instance,
    "x weight bias",
    {"eps": 1e-5},
    "x weight bias eps",
    "InstanceNorm",
    example="instance_norm(reshape(x, (1, 1, 4)), 1, 0)",
    doc="Mean 0 and variance 1 over all that follows the channels (axis 1), each row on its own.",
)
