"""Losses of class scores: the target names a class of each row, or gives each class a
probability."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial as bind
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Zero
from engine.jacobians.structures import Selection
from engine.ops.loss import merge, refuse, share
from engine.ops.notation import blocks
from engine.ops.registry import Misfit, Point, define
from engine.ops.softmax import log_softmax

__all__: list[str] = []


def _class_axis(shape: Shape) -> int:
    """Classes lie along axis 1, after the batch; along axis 0 of a single row."""
    return 0 if len(shape) < 2 else 1


def _rest(shape: Shape) -> Shape:
    """Return the shape without the axis of classes."""
    axis = _class_axis(shape)
    return shape[:axis] + shape[axis + 1 :]


def _check(op: str, shapes: Sequence[Shape], attrs: Attributes) -> None:
    """Raises Misfit where the target fits neither as classes nor as probabilities."""
    shape, target = shapes
    named = bool(shape) and target == _rest(shape)
    if not named and (op == "nll_loss" or target != shape or not shape):
        given = {"target": str(target), "shape": str(shape), "expected": str(_rest(shape))}
        raise Misfit("shape.target", op=op, **given)
    if not shape[_class_axis(shape)]:
        raise Misfit("shape.empty", op=op, shape=str(shape))
    if attrs.get("reduction", "mean") == "batchmean":
        raise refuse(op, "reduction", "batchmean", "It must be one of mean, sum, none.")
    smoothing = attrs.get("label_smoothing", 0.0)
    if not 0 <= smoothing <= 1:
        raise refuse(op, "label_smoothing", smoothing, "It must be between 0 and 1.")


def _reduces(op: str, shapes: Sequence[Shape], attrs: Attributes) -> tuple[Shape, set[int]]:
    _check(op, shapes, attrs)
    shape, each = shapes[0], attrs.get("reduction", "mean") == "none"
    return shape, {_class_axis(shape)} if each else set(range(len(shape)))


def _shape(op: str, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    _check(op, shapes, attrs)
    return _rest(shapes[0]) if attrs.get("reduction", "mean") == "none" else ()


def _classes(xp: Any, target: Array, count: int) -> Array:
    """Return the target as indices. Raises Misfit for one that is no class."""
    unfit = ~((target >= 0) & (target <= count - 1) & (target == xp.floor(target)))
    if bool(unfit.any()):
        value = float(target[unfit].ravel()[0])
        raise Misfit("value.class", value=f"{value:g}", last=count - 1)
    return target.astype(int)


def _picked(xp: Any, array: Array, target: Array) -> Array:
    """Return the entry of the target's class in each row."""
    axis = _class_axis(array.shape)
    index = xp.expand_dims(_classes(xp, target, array.shape[axis]), axis)
    return xp.take_along_axis(array, index, axis=axis).reshape(target.shape)


def _nll(xp: Any, input: Array, target: Array, reduction: str = "mean") -> Array:
    entries = -_picked(xp, xp.asarray(input), xp.asarray(target))
    return merge(xp, entries, reduction, entries.size)


def _cross_entropy(
    xp: Any, input: Array, target: Array, reduction: str = "mean", label_smoothing: float = 0.0
) -> Array:
    axis, target = _class_axis(input.shape), xp.asarray(target)
    logs = log_softmax(xp, input, axis)
    if target.shape == logs.shape:
        entries = -xp.sum(target * logs, axis=axis)
    else:
        entries = -_picked(xp, logs, target)
    if label_smoothing:
        spread = -xp.sum(logs, axis=axis) * (label_smoothing / logs.shape[axis])
        entries = (1 - label_smoothing) * entries + spread
    return merge(xp, entries, reduction, entries.size)


def _one_hot(shape: Shape) -> str:
    """1 at the class that the target names, over the shape and in the precision of the scores."""
    axis = _class_axis(shape)
    sizes = tuple(1 if at == axis else size for at, size in enumerate(shape))
    places = f"cumsum((input == input) + (input != input), {axis}) - 1"
    return f"(reshape(target, {sizes}) == {places})"


def _cross_entropy_weight(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Softmax less the target, for each row its share of the mean."""
    if slot == 1:
        return "0"
    shape, smoothing = shapes[0], attrs["label_smoothing"]
    axis = _class_axis(shape)
    named = shapes[1] != shape
    wanted = _one_hot(shape) if named else "target"
    if smoothing:
        wanted = f"({1 - smoothing} * {wanted} + {smoothing / shape[axis]})"
    mass = "" if named else f" * sum({wanted}, {axis}, True)"
    scale = share(attrs["reduction"], prod(_rest(shape)))
    return f"{scale} * (softmax(input, {axis}){mass} - {wanted})"


def _nll_jacobian(point: Point, slot: int) -> Jacobian:
    """Each row's entry of the target's class, and no other."""
    xp, (input, target) = point.xp, point.inputs
    shape, out_shape = tuple(input.shape), tuple(point.out.shape)
    if slot == 1:
        return Zero(xp, point.dtype, out_shape, tuple(target.shape))
    reduction = point.attrs.get("reduction", "mean")
    place = _picked(xp, xp.arange(input.size).reshape(shape), target)
    index = place.reshape((-1, 1) if reduction == "none" else (1, -1))
    weight = xp.full(index.shape, -share(reduction, place.size), dtype=point.dtype)
    return Selection(xp, point.dtype, out_shape, shape, index, weight, unique=True)


def _nll_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    if slot == 1:
        return "0 * target"
    shape, reduction = shapes[0], attrs.get("reduction", "mean")
    axis, scale = _class_axis(shape), share(reduction, prod(_rest(shape)))
    kept = tuple(1 if at == axis else size for at, size in enumerate(shape))
    rows = f"reshape(g, {kept})" if reduction == "none" else "g"
    return f"-{scale} * {rows} * {_one_hot(shape)}"


def _cross_entropy_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str, str]:
    """Y is the target as probabilities; smoothed, it has a tilde."""
    wanted = r"\tilde{{Y}}" if attrs["label_smoothing"] else "Y"
    error = rf"\operatorname{{{{softmax}}}}\left({{input}}\right) - {wanted}_{{{{{{target}}}}}}"
    rows = prod(_rest(in_shape))
    if rows == 1:
        return rf"\left({error}\right)^T", "0"
    if attrs["reduction"] == "none":
        return blocks(rf"{error}", "input target", True) + "^T", "0"
    whole = rf"\operatorname{{{{vec}}}}\left({error}\right)^T"
    return _share_tex(attrs, rows) + whole, "0"


def _share_tex(attrs: Attributes, rows: int) -> str:
    return rf"\frac{{{{1}}}}{{{{{rows}}}}} " if attrs["reduction"] == "mean" and rows > 1 else ""


def _nll_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str, str]:
    """S chooses in each row the entry of the target's class."""
    rows = prod(_rest(in_shape))
    summed = "" if attrs["reduction"] == "none" or rows == 1 else r"\mathbf{{1}}^T \, "
    return f"-{_share_tex(attrs, rows)}{summed}S_{{{{{{target}}}}}}", "0"


define(
    "cross_entropy",
    "input target",
    forward=_cross_entropy,
    weights=_cross_entropy_weight,
    reduces=bind(_reduces, "cross_entropy"),
    inert=("target",),
    attrs={"reduction": "mean", "label_smoothing": 0.0},
    example="cross_entropy(x, [0, 1])",
    jacobian_tex=_cross_entropy_tex,
    flops=20,
    tex=r"\operatorname{{cross\,entropy}}\left({input},\, {target}\right)",
    doc="Cross-entropy of softmax(input) along axis 1 and a target of classes or probabilities.",
)
define(
    "nll_loss",
    "input target",
    forward=_nll,
    jacobian=_nll_jacobian,
    vjps=_nll_vjp,
    shape=bind(_shape, "nll_loss"),
    inert=("target",),
    attrs={"reduction": "mean"},
    example="nll_loss(x, [0, 1])",
    jacobian_tex=_nll_tex,
    tex=r"\operatorname{{nll}}\left({input},\, {target}\right)",
    doc="Negative log-likelihood: less the entry along axis 1 that the target names, in each row.",
)
