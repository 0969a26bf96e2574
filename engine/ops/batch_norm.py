"""Batch normalisation in both modes: by the statistics of this batch, or by running ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Labelled, Zero
from engine.jacobians.pattern import Pattern, axis_labels
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
from engine.ops.normalization import channels_plan
from engine.ops.registry import Point, define

__all__: list[str] = []

_NAMES = ("running_mean", "running_var", "weight", "bias")


def _plan(shape: Shape) -> Plan:
    return channels_plan("batch_norm", shape)


def _settings(attrs: Attributes) -> tuple[bool, float]:
    return bool(attrs.get("training", False)), attrs.get("eps", 1e-5)


def _scale(xp: Any, x: Array, variance: Array, place: Shape, eps: float) -> Array:
    """One over the running spread; it does not vary with x."""
    return 1 / xp.sqrt(meet(variance, place) + xp.asarray(eps, dtype=x.dtype))


def _normal(xp: Any, x: Array, mean: Array, variance: Array, attrs: Attributes) -> Array:
    plan, (training, eps) = _plan(x.shape), _settings(attrs)
    if training:
        return standard(xp, x, plan, eps)
    return (x - meet(mean, plan.place)) * _scale(xp, x, variance, plan.place, eps)


def _forward(
    xp: Any, x: Array, mean: Array, variance: Array, weight: Array, bias: Array, **attrs: Any
) -> Array:
    place = _plan(x.shape).place
    entries = _normal(xp, x, mean, variance, attrs)
    return entries * meet(weight, place) + meet(bias, place)


def _jacobian(point: Point, slot: int) -> Jacobian:
    xp, (x, mean, variance, weight, _) = point.xp, point.inputs
    shape, (training, eps) = tuple(x.shape), _settings(point.attrs)
    plan = _plan(shape)
    if slot in (1, 2):
        return Zero(xp, point.dtype, shape, tuple(point.inputs[slot].shape))
    if slot == 3:
        entries = _normal(xp, x, mean, variance, point.attrs)
        return by_parameter(point, slot, plan, entries)
    if slot == 4:
        return by_parameter(point, slot, plan, None)
    if training:
        return by_input(point, plan, eps, weight)
    sizes = dict(enumerate(shape))
    labels = axis_labels(shape, sizes)
    channel = tuple(label for label in labels if label == 1)
    factor = meet(weight, plan.place) * _scale(xp, x, variance, plan.place, eps)
    value = xp.broadcast_to(factor, plan.place).reshape([sizes[label] for label in channel])
    pattern = Pattern.of(labels, labels, channel, sizes)
    return Labelled(xp, point.dtype, shape, shape, pattern, value)


def _vjps(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    shape, (training, eps) = shapes[0], _settings(attrs)
    plan = _plan(shape)
    mean, variance, weight = (
        parameter(name, own, plan.place) for name, own in zip(_NAMES[:3], shapes[1:4], strict=True)
    )
    spread = f"({variance} + {eps}) ** -0.5"
    if slot in (1, 2):
        return f"0 * {_NAMES[slot - 1]}"
    if slot == 0:
        return input_vjp(plan, shape, eps, weight) if training else f"g * {weight} * {spread}"
    entries = normal(plan, shape, eps)[0] if training else f"(x - {mean}) * {spread}"
    return sum_vjp(f"g * {entries}" if slot == 3 else "g", shapes[slot], plan.place)


def _jacobian_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str, ...]:
    by_input, by_weight, by_bias = standard_tex(_plan(out_shape), in_shape, out_shape)
    if not attrs["training"]:
        by_input = (
            r"\operatorname{{diag}}\left("
            r"\frac{{{weight}}}{{\sqrt{{{running_var} + \varepsilon}}}}\right)"
        )
    return by_input, "0", "0", by_weight, by_bias


def _shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    checked("batch_norm", _plan(shapes[0]), _NAMES, shapes[1:])
    return shapes[0]


define(
    "batch_norm",
    "x running_mean running_var weight bias",
    forward=_forward,
    jacobian=_jacobian,
    vjps=_vjps,
    shape=_shape,
    inert=("running_mean", "running_var"),
    attrs={"training": False, "momentum": 0.1, "eps": 1e-5},
    order=("x", *_NAMES, "training", "momentum", "eps"),
    absent={"running_mean": 0.0, "running_var": 1.0, "weight": 1.0, "bias": 0.0},
    example="batch_norm(x, [0, 0], [1, 1], [1, 1], [0, 0], training=True)",
    flops=8,
    jacobian_tex=_jacobian_tex,
    tex=r"\operatorname{{BatchNorm}}\left({x},\, {running_mean},\, {running_var},\, "
    r"{weight},\, {bias}\right)",
    doc="Each channel (axis 1) less its mean, over its spread: of this batch when `training`, else "
    "the running ones, which never change here.",
)
