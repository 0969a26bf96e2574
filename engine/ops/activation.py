"""Smooth activation functions, elementwise, and dropout."""

from math import pi, sqrt
from typing import Any

from engine.backend import Array
from engine.graph import Attributes
from engine.ops.error_function import _erfc
from engine.ops.registry import define


def _sigmoid(xp: Any, x: Array) -> Array:
    """Use e^-|x| only, which never overflows. No `where`: branches cost more than the rest."""
    decay = xp.exp(-xp.abs(x))
    top = xp.maximum(decay, x >= 0)
    top /= 1 + decay
    return top


def _softplus(xp: Any, x: Array, beta: float = 1.0, threshold: float = 20.0) -> Array:
    return xp.where(beta * x > threshold, x, xp.logaddexp(beta * x, 0.0) / beta)


def _gelu(xp: Any, x: Array, approximate: str = "none") -> Array:
    if approximate == "none":
        return 0.5 * x * _erfc(xp, -x * sqrt(0.5))
    return 0.5 * x * (1 + xp.tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))


def _gelu_partial(attrs: Attributes) -> tuple[str]:
    if attrs["approximate"] == "none":
        return (f"erfc(-x / sqrt(2)) / 2 + x * exp(-x ** 2 / 2) / sqrt(2 * {pi})",)
    inner = f"tanh(sqrt(2 / {pi}) * (x + 0.044715 * x ** 3))"
    slope = f"sqrt(2 / {pi}) * (1 + 0.134145 * x ** 2)"
    return (f"(1 + {inner}) / 2 + x / 2 * (1 - {inner} ** 2) * {slope}",)


define(
    "sigmoid",
    "x",
    forward=_sigmoid,
    partials=("out * (1 - out)",),
    tex=r"\sigma\left({x}\right)",
    aliases=("σ", "expit"),
    flops=12,
    doc="Logistic function 1 / (1 + e^-x), elementwise; exact for large |x|.",
)
define(
    "logsigmoid",
    "x",
    forward=lambda xp, x: -xp.logaddexp(-x, 0.0),
    partials=("sigmoid(-x)",),
    grad_fn="LogSigmoidBackward0",
    tex=r"\ln \sigma\left({x}\right)",
    aliases=("log_sigmoid",),
    flops=24,
    doc="Logarithm of the logistic function, elementwise; exact for large |x|.",
)
define(
    "logit",
    "x",
    forward=lambda xp, x: xp.log(x) - xp.log1p(-x),
    partials=("1 / (x * (1 - x))",),
    tex=r"\operatorname{{logit}}\left({x}\right)",
    flops=21,
    doc="Inverse of the logistic function, ln(x / (1 - x)), elementwise.",
)
define(
    "softplus",
    "x",
    forward=_softplus,
    partials=("where({beta} * x > {threshold}, 1, sigmoid({beta} * x))",),
    attrs={"beta": 1.0, "threshold": 20.0},
    tex=r"\operatorname{{softplus}}\left({x}\right)",
    flops=25,
    doc="Smooth relu ln(1 + e^(βx)) / β, elementwise; x itself where βx is above the threshold.",
)
define(
    "silu",
    "x",
    forward=lambda xp, x: x * _sigmoid(xp, x),
    partials=("sigmoid(x) * (1 + x * (1 - sigmoid(x)))",),
    tex=r"\operatorname{{silu}}\left({x}\right)",
    aliases=("swish",),
    flops=13,
    doc="Sigmoid linear unit x · sigmoid(x), elementwise.",
)
define(
    "mish",
    "x",
    forward=lambda xp, x: x * xp.tanh(xp.logaddexp(x, 0.0)),
    partials=("tanh(softplus(x)) + x * (1 - tanh(softplus(x)) ** 2) * sigmoid(x)",),
    tex=r"\operatorname{{mish}}\left({x}\right)",
    flops=36,
    doc="Mish x · tanh(softplus(x)), elementwise.",
)
define(
    "gelu",
    "x",
    forward=_gelu,
    partials=_gelu_partial,
    attrs={"approximate": "none"},
    tex=r"\operatorname{{gelu}}\left({x}\right)",
    flops=45,
    doc="Gaussian error linear unit x · Φ(x), elementwise; `approximate='tanh'` uses tanh for Φ.",
)
define(
    "softsign",
    "x",
    forward=lambda xp, x: x / (1 + xp.abs(x)),
    partials=("1 / (1 + abs(x)) ** 2",),
    grad_fn="DivBackward0",
    tex=r"\operatorname{{softsign}}\left({x}\right)",
    flops=3,
    doc="Softsign x / (1 + |x|), elementwise.",
)
define(
    "tanhshrink",
    "x",
    forward=lambda xp, x: x - xp.tanh(x),
    partials=("tanh(x) ** 2",),
    grad_fn="SubBackward0",
    tex=r"{x} - \tanh\left({x}\right)",
    binding=1,
    operands=(2,),
    flops=11,
    doc="What tanh takes away, x - tanh(x), elementwise.",
)


def _kept(attrs: Attributes) -> tuple[str, str]:
    """With p = 1 nothing is kept, and the factor 1 / (1 - p) is not needed."""
    return ("0" if attrs["p"] == 1 else "mask / (1 - {p})"), "0"


define(
    "dropout",
    "x mask",
    forward=lambda xp, x, mask, p=0.5: x * mask * (0 if p == 1 else 1 / (1 - p)),
    partials=_kept,
    inert=("mask",),
    attrs={"p": 0.5},
    tex=lambda ranks, attrs: (
        r"\frac{{{mask} \odot {x}}}{{1 - {p}}}" if attrs["p"] < 1 else r"0 \cdot {mask} \odot {x}"
    ),
    binding=2,
    operands=(3, 3),
    flops=2,
    doc="Entries of x where the mask is 1, scaled by 1 / (1 - p), and 0 elsewhere; the mask is "
    "given, so a run repeats.",
)
define(
    "identity",
    "x",
    forward=lambda xp, x: x,
    partials=("1",),
    tex="{x}",
    operands=(0,),
    binding=0,
    flops=0,
    doc="The input itself, under another name.",
)
define(
    "detach",
    "x",
    forward=lambda xp, x: x,
    partials=("0",),
    inert=("x",),
    tex=r"\operatorname{{detach}}\left({x}\right)",
    aliases=("stop_gradient", "item"),
    flops=0,
    doc="The input itself as a constant: no derivative flows through.",
)
