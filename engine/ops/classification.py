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
from engine.ops.loss import merge, share
from engine.ops.notation import blocks
from engine.ops.registry import Point, TemplateRule, define
from engine.ops.softmax import log_softmax
from engine.ops.targets import (
    across,
    along,
    class_axis,
    divisor,
    picked,
    reduces,
    rest,
    result_shape,
    row_counts,
)

__all__: list[str] = []


def _nll(
    xp: Any,
    input: Array,
    target: Array,
    weight: Array | None = None,
    *,
    reduction: str = "mean",
    ignore_index: int | None = None,
) -> Array:
    input, target = xp.asarray(input), xp.asarray(target)
    entries = -picked(xp, input, target, ignore_index)
    counts = row_counts(xp, input.shape, target, weight, ignore_index)
    if counts is not None:
        entries = entries * counts.astype(entries.dtype)
    return merge(xp, entries, reduction, divisor(counts, entries))


def _cross_entropy(
    xp: Any,
    input: Array,
    target: Array,
    weight: Array | None = None,
    *,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> Array:
    axis, target = class_axis(input.shape), xp.asarray(target)
    logs, counts = log_softmax(xp, input, axis), None
    if weight is not None:
        logs = logs * weight.reshape(along(input.shape))
    if target.shape == logs.shape:
        entries = -xp.sum(target * logs, axis=axis)
    else:
        entries = -picked(xp, logs, target, ignore_index)
        counts = row_counts(xp, input.shape, target, weight, ignore_index)
    if label_smoothing:
        spread = -xp.sum(logs, axis=axis) * (label_smoothing / logs.shape[axis])
        entries = (1 - label_smoothing) * entries + spread
    if ignore_index is not None:
        entries = entries * (target != ignore_index).astype(entries.dtype)
    return merge(xp, entries, reduction, divisor(counts, entries))


def _one_hot(shape: Shape) -> str:
    """1 at the class that the target names, over the shape and in the precision of the scores."""
    places = f"cumsum((input == input) + (input != input), {class_axis(shape)}) - 1"
    return f"(reshape(target, {across(shape)}) == {places})"


def _counted(shapes: Sequence[Shape], attrs: Attributes) -> tuple[str, str]:
    """Return factors of the entries, over the shape of the scores: the weights of the classes, and
    what leaves out the rows that are ignored."""
    shape, ignored = shapes[0], attrs.get("ignore_index")
    weights = f" * reshape(weight, {along(shape)})" if shapes[2:] else ""
    kept = "" if ignored is None else f" * (reshape(target, {across(shape)}) != {ignored})"
    return weights, kept


def _scale(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Return what each row counts in the result. Where all rows are ignored the mean is NaN, and
    the derivative 0, as in PyTorch."""
    reduction, rows = attrs.get("reduction", "mean"), prod(rest(shapes[0]))
    factors = "".join(_counted(shapes, attrs))
    if reduction != "mean" or not factors or shapes[1] == shapes[0]:
        return repr(share(reduction, rows))
    total = f"sum({_one_hot(shapes[0])}{factors})"
    return f"(1 / ({total} + ({total} == 0)))"


def _cross_entropy_weight(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Softmax less the target, for each row its share of the mean."""
    if slot > 0:
        return "0"
    shape, smoothing = shapes[0], attrs["label_smoothing"]
    axis = class_axis(shape)
    named = shapes[1] != shape
    wanted = _one_hot(shape) if named else "target"
    if smoothing:
        wanted = f"({1 - smoothing} * {wanted} + {smoothing / shape[axis]})"
    weights, kept = _counted(shapes, attrs)
    wanted = f"({wanted}{weights})" if weights else wanted
    mass = "" if named and not weights else f" * sum({wanted}, {axis}, True)"
    return f"{_scale(shapes, attrs)} * (softmax(input, {axis}){mass} - {wanted}){kept}"


def _nll_jacobian(point: Point, slot: int) -> Jacobian:
    """Each row's entry of the target's class, and no other."""
    xp, (input, target, *weights) = point.xp, point.inputs
    shape, out_shape = tuple(input.shape), tuple(point.out.shape)
    if slot > 0:
        return Zero(xp, point.dtype, out_shape, tuple(point.inputs[slot].shape))
    reduction, ignored = point.attrs.get("reduction", "mean"), point.attrs.get("ignore_index")
    place = picked(xp, xp.arange(input.size).reshape(shape), target, ignored)
    index = place.reshape((-1, 1) if reduction == "none" else (1, -1))
    counts = row_counts(xp, shape, target, weights[0] if weights else None, ignored)
    if counts is None:
        weight = xp.full(index.shape, -share(reduction, place.size), dtype=point.dtype)
    else:
        total = counts.sum() if reduction == "mean" else 1.0
        weight = -(counts / (total + (total == 0))).reshape(index.shape).astype(point.dtype)
    return Selection(xp, point.dtype, out_shape, shape, index, weight, unique=True)


def _nll_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    if slot > 0:
        return f"0 * {('target', 'weight')[slot - 1]}"
    shape, reduction = shapes[0], attrs.get("reduction", "mean")
    rows = f"reshape(g, {across(shape)})" if reduction == "none" else "g"
    factors = "".join(_counted(shapes, attrs))
    return f"-{_scale(shapes, attrs)} * {rows} * {_one_hot(shape)}{factors}"


def _row_tex(attrs: Attributes) -> str:
    """What each row counts, where it is not 1: w chosen by the target, or whether it is kept."""
    weights = r"{weight}_{{{target}}}" if attrs["weight"] else ""
    ignored = attrs["ignore_index"]
    kept = "" if ignored is None else rf"\left[{{target}} \ne {ignored}\right]"
    return rf"{weights} \odot {kept}" if weights and kept else weights + kept


def _cross_entropy_tex(
    in_shape: Shape, out_shape: Shape, attrs: Attributes
) -> tuple[str, str, str]:
    """Y is the target as probabilities; smoothed, it has a tilde. With weights w of the classes, Y
    has a column times each, and softmax the sum of its row of these, Y w; N is then what the mean
    divides by: the weights of the target's classes, or the rows of its probabilities."""
    wanted = (r"\tilde{{Y}}" if attrs["label_smoothing"] else "Y") + "_{{{target}}}"
    softmax = r"\operatorname{{softmax}}\left({input}\right)"
    error, rows, each = rf"{softmax} - {wanted}", prod(rest(in_shape)), _row_tex(attrs)
    if attrs["weight"]:
        mass = rf"\operatorname{{{{diag}}}}\left({wanted} \, {{weight}}\right)"
        error = rf"{mass} \, {softmax} - {wanted} \operatorname{{{{diag}}}}\left({{weight}}\right)"
        ignored = attrs["ignore_index"]
        each = "" if ignored is None else rf"\left[{{target}} \ne {ignored}\right]"
    if each:
        error = rf"\operatorname{{{{diag}}}}\left({each}\right) \left({error}\right)"
    if attrs["reduction"] == "none" and rows > 1:
        return blocks(rf"{error}", "input target", True) + "^T", "0", "0"
    whole = rf"\operatorname{{{{vec}}}}\left({error}\right)^T"
    if rows == 1 and not each:
        whole = rf"\left({error}\right)^T"
    if attrs["weight"] and attrs["reduction"] == "mean":
        return r"\frac{{1}}{{N_{{{target}}}}} \, " + whole, "0", "0"
    return _share_tex(attrs, rows, each) + whole, "0", "0"


def _share_tex(attrs: Attributes, rows: int, each: str) -> str:
    if attrs["reduction"] != "mean" or (rows == 1 and not each):
        return ""
    below = rf"\mathbf{{{{1}}}}^T \left({each}\right)" if each else str(rows)
    return rf"\frac{{{{1}}}}{{{{{below}}}}} "


def _nll_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str, str, str]:
    """S chooses in each row the entry of the target's class."""
    rows, each = prod(rest(in_shape)), _row_tex(attrs)
    summed = "" if attrs["reduction"] == "none" or rows == 1 else r"\mathbf{{1}}^T \, "
    if each:
        matrix = rf"\operatorname{{{{diag}}}}\left({each}\right)"
        summed = rf"\left({each}\right)^T \, " if summed else rf"{matrix} \, "
    return f"-{_share_tex(attrs, rows, each)}{summed}S_{{{{{{target}}}}}}", "0", "0"


def _loss_tex(name: str) -> TemplateRule:
    """The template of the value; the weights of the classes are its index."""

    def template(ranks: Sequence[int], attrs: Attributes) -> str:
        index = r"_{{{weight}}}" if len(ranks) > 2 else ""
        return rf"\operatorname{{{{{name}}}}}{index}\left({{input}},\, {{target}}\right)"

    return template


_SHARED: dict[str, Any] = {
    "inert": ("target", "weight"),
    "optional": 1,
}

define(
    "cross_entropy",
    "input target weight",
    forward=_cross_entropy,
    weights=_cross_entropy_weight,
    reduces=bind(reduces, "cross_entropy"),
    attrs={"reduction": "mean", "label_smoothing": 0.0, "ignore_index": None},
    example="cross_entropy(x, [0, 1])",
    jacobian_tex=_cross_entropy_tex,
    flops=20,
    tex=_loss_tex(r"cross\,entropy"),
    doc="Cross-entropy of softmax(input) along axis 1 and a target of classes or probabilities. "
    "`weight`: one number for each class; `ignore_index`: the target of rows that count for "
    "nothing.",
    **_SHARED,
)
define(
    "nll_loss",
    "input target weight",
    forward=_nll,
    jacobian=_nll_jacobian,
    vjps=_nll_vjp,
    shape=bind(result_shape, "nll_loss"),
    attrs={"reduction": "mean", "ignore_index": None},
    example="nll_loss(x, [0, 1])",
    jacobian_tex=_nll_tex,
    tex=_loss_tex("nll"),
    doc="Negative log-likelihood: less the entry along axis 1 that the target names, in each row. "
    "`weight` and `ignore_index` as in `cross_entropy`.",
    **_SHARED,
)
