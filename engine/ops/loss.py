"""Losses that compare two tensors entry by entry, then take the mean or the sum, or neither.

Names, defaults and conventions are PyTorch's. Each entry below states the loss of one pair of
entries and its derivative by both; `_define_loss` adds the reduction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial as bind
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit, broadcast_shape, define

__all__ = ["merge", "refuse", "share"]

COMMA = r"\,"
_ERROR = "(input - target)"
_REDUCTIONS = ("mean", "sum", "none")


def merge(xp: Any, entries: Array, reduction: str, rows: int) -> Array:
    """Return the mean over `rows`, the sum, or the entries as they are."""
    if reduction == "none":
        return entries
    total = xp.sum(entries)
    return total if reduction == "sum" else total / xp.asarray(rows, dtype=entries.dtype)


def share(reduction: str, rows: int) -> float:
    """Return what each entry counts in the result."""
    return 1 / max(rows, 1) if reduction in ("mean", "batchmean") else 1.0


def refuse(op: str, attribute: str, value: object, reason: str) -> Misfit:
    """Return the complaint about an attribute whose value does not fit."""
    return Misfit("op.attribute", op=op, attribute=attribute, value=str(value), reason=reason)


def _rows(space: Shape, reduction: str) -> int:
    """How many entries, or for `batchmean` how many rows, the mean is taken over."""
    return prod(space[:1]) if reduction == "batchmean" else prod(space)


def _reduces(
    op: str, reductions: Sequence[str], shapes: Sequence[Shape], attrs: Attributes
) -> tuple[Shape, set[int]]:
    space, reduction = broadcast_shape(op, shapes), attrs.get("reduction", "mean")
    if reduction not in reductions:
        raise refuse(op, "reduction", reduction, f"It must be one of {', '.join(reductions)}.")
    for key in ("delta", "beta"):
        if attrs.get(key, 1.0) < 0 or (key == "delta" and attrs.get(key, 1.0) == 0):
            raise refuse(op, key, attrs[key], "It must be above 0.")
    return space, set() if reduction == "none" else set(range(len(space)))


def _define_loss(
    name: str,
    entry: Callable[..., Array],
    partials: Callable[..., tuple[str, str]],
    *,
    attrs: Attributes | None = None,
    reductions: tuple[str, ...] = _REDUCTIONS,
    **rest: Any,
) -> None:
    """Define a loss. entry: (xp, input, target, **attrs) → the loss of each pair of entries;
    partials: (**attrs) → its derivatives by input and by target, in our language."""

    def forward(xp: Any, input: Array, target: Array, reduction: str = "mean", **own: Any) -> Array:
        entries = xp.asarray(entry(xp, input, target, **own))
        rows = _rows(entries.shape, reduction)
        return merge(xp, entries, "mean" if reduction == "batchmean" else reduction, rows)

    def weights(slot: int, shapes: Sequence[Shape], given: Attributes) -> str:
        own = {key: value for key, value in given.items() if key != "reduction"}
        rows = _rows(broadcast_shape(name, shapes), given["reduction"])
        return _scaled(share(given["reduction"], rows), partials(**own)[slot])

    define(
        name,
        "input target",
        forward=forward,
        weights=weights,
        reduces=bind(_reduces, name, reductions),
        attrs={"reduction": "mean", **(attrs or {})},
        tex=rest.pop("tex", _named(name)),
        **rest,
    )


def _named(name: str) -> str:
    """The TeX of a loss whose name says more than its entries would."""
    shown = name.replace("_", COMMA)
    return rf"\operatorname{{{{{shown}}}}}\left({{input}},\, {{target}}\right)"


def _reduced_tex(entry: str, ranks: Sequence[int], attrs: Attributes) -> str:
    """n: how many pairs of entries there are."""
    if attrs["reduction"] == "none" or not any(ranks):
        return entry
    return (r"\frac{{1}}{{n}} " if attrs["reduction"] == "mean" else "") + rf"\sum {entry}"


def _scaled(scale: float, text: str) -> str:
    """Multiply a formula; a number it begins with is multiplied now, for whoever reads it."""
    lead, times, rest = text.partition(" * ")
    if times and lead.lstrip("-").isdigit():
        scale, text = scale * int(lead), rest
    return {1.0: text, -1.0: f"-({text})"}.get(scale, f"{scale} * ({text})")


def _clipped(bound: float, inside: str, outside: float) -> tuple[str, str]:
    """The derivative of a loss that is quadratic near 0 and linear beyond `bound`."""
    text = f"where({_ERROR} > {bound}, {outside}, where({_ERROR} < -{bound}, -{outside}, {inside}))"
    return text, f"-{text}"


def _huber(xp: Any, input: Array, target: Array, delta: float = 1.0) -> Array:
    size = xp.abs(input - target)
    return xp.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta))


def _smooth_l1(xp: Any, input: Array, target: Array, beta: float = 1.0) -> Array:
    size = xp.abs(input - target)
    if beta == 0:
        return size
    return xp.where(size < beta, 0.5 * size * size / beta, size - 0.5 * beta)


def _smooth_l1_partials(beta: float = 1.0) -> tuple[str, str]:
    return _sign_partials() if beta == 0 else _clipped(beta, f"{_ERROR} / {beta}", 1)


def _sign_partials() -> tuple[str, str]:
    return "(input > target) - (input < target)", "(input < target) - (input > target)"


def _equal(xp: Any, input: Array, target: Array, **attrs: Any) -> Any:
    return (input == target).any()


def _cross(xp: Any, input: Array, target: Array) -> Array:
    """Logarithms stop at -100, as PyTorch has it, so that 0 · ∞ does not appear."""
    present, absent = xp.maximum(xp.log(input), -100), xp.maximum(xp.log(1 - input), -100)
    return -(target * present + (1 - target) * absent)


def _cross_partials() -> tuple[str, str]:
    spread = "input * (1 - input)"
    return f"{_ERROR} / maximum({spread}, 1e-12)", "log(1 - input) - log(input)"


def _cross_logits(xp: Any, input: Array, target: Array) -> Array:
    """Use e^-|x| only, which never overflows."""
    return xp.maximum(input, 0) - input * target + xp.log1p(xp.exp(-xp.abs(input)))


def _divergence(xp: Any, input: Array, target: Array, log_target: bool = False) -> Array:
    if log_target:
        return xp.exp(target) * (target - input)
    known = xp.where(target == 0, xp.ones_like(target), target)
    return target * (xp.log(known) - input)


def _divergence_partials(log_target: bool = False) -> tuple[str, str]:
    if log_target:
        return "-exp(target)", f"exp(target) * (1 - {_ERROR})"
    return "-target", "log(target) + 1 - input"


def _hinge_kink(xp: Any, input: Array, target: Array, **attrs: Any) -> Any:
    return (input * target == 1).any()


def _embedding(xp: Any, input: Array, target: Array, margin: float = 1.0) -> Array:
    near = xp.where(target != -1, input, 0)
    return near + xp.where(target != 1, xp.maximum(margin - input, 0), 0)


def _soft_margin(xp: Any, input: Array, target: Array) -> Array:
    score = -input * target
    return xp.maximum(score, 0) + xp.log1p(xp.exp(-xp.abs(score)))


_define_loss(
    "mse_loss",
    lambda xp, input, target: (input - target) ** 2,
    lambda: (f"2 * {_ERROR}", f"-2 * {_ERROR}"),
    tex=bind(_reduced_tex, r"\left({input} - {target}\right)^2"),
    operands=(1, 2),
    binding=1,
    flops=3,
    doc="Squared differences: their mean, their sum, or each one, by `reduction`.",
)
_define_loss(
    "l1_loss",
    lambda xp, input, target: xp.abs(input - target),
    _sign_partials,
    tex=bind(_reduced_tex, r"\left\lvert {input} - {target} \right\rvert"),
    operands=(1, 2),
    binding=1,
    kink=_equal,
    flops=3,
    doc="Absolute differences: their mean, their sum, or each one, by `reduction`.",
)
_define_loss(
    "huber_loss",
    _huber,
    lambda delta: _clipped(delta, _ERROR, delta),
    attrs={"delta": 1.0},
    flops=6,
    doc="Half the squared difference up to `delta`, and a line of slope `delta` beyond.",
)
_define_loss(
    "smooth_l1_loss",
    _smooth_l1,
    _smooth_l1_partials,
    attrs={"beta": 1.0},
    kink=lambda xp, input, target, reduction="mean", beta=1.0: (
        beta == 0 and (input == target).any()
    ),
    flops=6,
    doc="Absolute difference, rounded off by a parabola below `beta`.",
)
_define_loss(
    "binary_cross_entropy",
    _cross,
    _cross_partials,
    flops=25,
    doc="Cross-entropy of probabilities and targets between 0 and 1; logarithms stop at -100.",
)
_define_loss(
    "binary_cross_entropy_with_logits",
    _cross_logits,
    lambda: ("sigmoid(input) - target", "-input"),
    flops=25,
    doc="Cross-entropy of sigmoid(input) and targets between 0 and 1, without overflow.",
)
_define_loss(
    "kl_div",
    _divergence,
    _divergence_partials,
    attrs={"log_target": False},
    reductions=(*_REDUCTIONS, "batchmean"),
    flops=15,
    doc="Kullback-Leibler divergence of target from log-probabilities; `batchmean` is per row.",
)
_define_loss(
    "hinge_loss",
    lambda xp, input, target: xp.maximum(1 - input * target, 0),
    lambda: ("-target * (input * target < 1)", "-input * (input * target < 1)"),
    inert=("target",),
    kink=_hinge_kink,
    flops=4,
    doc="max(0, 1 - input · target) for targets 1 and -1: the loss of support vector machines.",
)
_define_loss(
    "hinge_embedding_loss",
    _embedding,
    lambda margin: (f"(target != -1) - (target != 1) * (input <= {margin})", "0"),
    attrs={"margin": 1.0},
    inert=("target",),
    kink=lambda xp, input, target, reduction="mean", margin=1.0: (
        (target != 1) & (input == margin)
    ).any(),
    flops=4,
    doc="The input itself where the target is 1, max(0, margin - input) where it is -1.",
)
_define_loss(
    "soft_margin_loss",
    _soft_margin,
    lambda: ("-target * sigmoid(-input * target)", "-input * sigmoid(-input * target)"),
    inert=("target",),
    flops=25,
    doc="log(1 + e^(-input · target)) for targets 1 and -1: logistic regression.",
)
define(
    "half_squared_error",
    "x y",
    forward=lambda xp, x, y: 0.5 * xp.sum((x - y) ** 2),
    weights=("x - y", "y - x"),
    reduces=lambda shapes, attrs: (
        broadcast_shape("half_squared_error", shapes),
        set(range(len(broadcast_shape("half_squared_error", shapes)))),
    ),
    flops=4,
    operands=(1, 2),
    tex=r"\frac{{1}}{{2}} \left\lVert {x} - {y} \right\rVert^2",
    doc="Half the squared distance ½‖x - y‖², whose derivative is the error itself.",
)
