"""Normalisations by the statistics of x itself: over the last axes, groups or channels.

All are y = w ∘ (x - m) / s + b over some axes of x, perhaps with the channels split into groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.ops.moments import (
    Plan,
    by_input,
    by_parameter,
    checked,
    input_vjp,
    meet,
    normal,
    parameter,
    standard,
    standard_tex,
    sum_vjp,
)
from engine.ops.registry import Misfit, Point, define

__all__ = ["channels_plan"]

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
    return replace(_trailing(op, shape, attrs), centred=False)


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


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of a normalisation by the statistics of x itself.

    names: x, weight and perhaps bias. attrs: accepted keywords and their defaults.
    """

    name: str
    plan_of: Planner
    names: Sequence[str]
    attrs: Attributes

    def _settings(self, shape: Shape, own: Attributes) -> tuple[Plan, float]:
        full = {**self.attrs, **own}
        return self.plan_of(self.name, tuple(shape), full), full["eps"]

    def forward(self, xp: Any, x: Array, *parameters: Array, **own: Any) -> Array:
        plan, eps = self._settings(x.shape, own)
        out = standard(xp, x, plan, eps) * meet(parameters[0], plan.place)
        return out + meet(parameters[1], plan.place) if parameters[1:] else out

    def jacobian(self, point: Point, slot: int) -> Jacobian:
        plan, eps = self._settings(point.inputs[0].shape, point.attrs)
        if slot == 0:
            return by_input(point, plan, eps, point.inputs[1])
        entries = standard(point.xp, point.inputs[0], plan, eps) if slot == 1 else None
        return by_parameter(point, slot, plan, entries)

    def vjps(self, slot: int, shapes: Sequence[Shape], own: Attributes) -> str:
        plan, eps = self._settings(shapes[0], own)
        if slot == 0:
            return input_vjp(plan, shapes[0], eps, parameter("weight", shapes[1], plan.place))
        entries = f"reshape({normal(plan, shapes[0], eps)[0]}, {shapes[0]})"
        return sum_vjp(f"g * {entries}" if slot == 1 else "g", shapes[slot], plan.place)

    def jacobian_tex(
        self, in_shape: Shape, out_shape: Shape, own: Attributes
    ) -> tuple[str, str, str]:
        return standard_tex(self._settings(out_shape, own)[0], in_shape, out_shape)

    def shape(self, shapes: Sequence[Shape], own: Attributes) -> Shape:
        plan, _ = self._settings(shapes[0], own)
        checked(self.name, plan, self.names[1:], shapes[1:])
        return shapes[0]


def _define_normalization(
    name: str, plan_of: Planner, args: str, attrs: Attributes, order: str, tex: str, **rest: Any
) -> None:
    """Define a normalisation. args: x, weight and perhaps bias; order: names by position."""
    names = args.split()
    rules = _Rules(name, plan_of, names, attrs)
    define(
        name,
        args,
        forward=rules.forward,
        jacobian=rules.jacobian,
        vjps=rules.vjps,
        shape=rules.shape,
        attrs=attrs,
        order=tuple(order.split()),
        absent=dict(zip(names[1:], (1.0, 0.0), strict=False)),
        flops=8,
        tex=rf"\operatorname{{{{{tex}}}}}\left({', '.join(f'{{{each}}}' for each in names)}\right)",
        jacobian_tex=rules.jacobian_tex,
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
