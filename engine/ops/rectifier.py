"""Activation functions made of pieces, elementwise: where two pieces meet, PyTorch's derivative."""

from typing import Any

from engine.backend import Array
from engine.ops.registry import define

_SCALE, _ALPHA = 1.0507009873554805, 1.6732632423543772
"""Of selu. Source: Klambauer et al., "Self-normalizing neural networks" (NeurIPS 2017)."""


def _elu(xp: Any, x: Array, alpha: float = 1.0) -> Array:
    return xp.where(x > 0, x, alpha * xp.expm1(xp.minimum(x, 0.0)))


def _hardtanh(xp: Any, x: Array, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    return xp.minimum(xp.maximum(x, min_val), max_val)


def _hardsigmoid(xp: Any, x: Array) -> Array:
    return xp.minimum(xp.maximum(x / 6 + 0.5, 0.0), 1.0)


define(
    "relu",
    "x",
    forward=lambda xp, x: xp.maximum(x, 0.0),
    partials=("x > 0",),
    kink=lambda xp, x: x == 0,
    gate=True,
    tex=r"\operatorname{{relu}}\left({x}\right)",
    doc="Rectified linear unit max(x, 0), elementwise; its derivative at 0 is taken as 0.",
)
define(
    "leaky_relu",
    "x",
    forward=lambda xp, x, negative_slope=0.01: xp.where(x > 0, x, negative_slope * x),
    partials=("(x > 0) + {negative_slope} * (x <= 0)",),
    kink=lambda xp, x, negative_slope=0.01: (x == 0) & (negative_slope != 1),
    attrs={"negative_slope": 0.01},
    tex=r"\operatorname{{leaky\_relu}}\left({x}\right)",
    doc="x above 0, `negative_slope` times x below, elementwise.",
)
define(
    "elu",
    "x",
    forward=_elu,
    partials=("where(x > 0, 1, {alpha} * exp(minimum(x, 0)))",),
    kink=lambda xp, x, alpha=1.0: (x == 0) & (alpha != 1),
    attrs={"alpha": 1.0},
    tex=r"\operatorname{{elu}}\left({x}\right)",
    flops=12,
    doc="x above 0, alpha (e^x - 1) below, elementwise.",
)
define(
    "selu",
    "x",
    forward=lambda xp, x: _SCALE * _elu(xp, x, _ALPHA),
    partials=(f"where(x > 0, {_SCALE}, {_SCALE * _ALPHA} * exp(minimum(x, 0)))",),
    kink=lambda xp, x: x == 0,
    grad_fn="EluBackward0",
    tex=r"\operatorname{{selu}}\left({x}\right)",
    flops=13,
    doc="Scaled elu that keeps mean 0 and variance 1 through layers, elementwise.",
)
define(
    "celu",
    "x",
    forward=lambda xp, x, alpha=1.0: xp.where(
        x > 0, x, alpha * xp.expm1(xp.minimum(x / alpha, 0.0))
    ),
    partials=("where(x > 0, 1, exp(minimum(x / {alpha}, 0)))",),
    attrs={"alpha": 1.0},
    tex=r"\operatorname{{celu}}\left({x}\right)",
    flops=13,
    doc="x above 0, alpha (e^(x / alpha) - 1) below, elementwise: an elu without a kink.",
)
define(
    "hardtanh",
    "x",
    forward=_hardtanh,
    partials=("(x > {min_val}) * (x < {max_val})",),
    kink=lambda xp, x, min_val=-1.0, max_val=1.0: (x == min_val) | (x == max_val),
    attrs={"min_val": -1.0, "max_val": 1.0},
    gate=True,
    tex=r"\operatorname{{hardtanh}}\left({x}\right)",
    doc="x cut to `min_val` and `max_val`, elementwise; its derivative at a bound is taken as 0.",
)
define(
    "relu6",
    "x",
    forward=lambda xp, x: _hardtanh(xp, x, 0.0, 6.0),
    partials=("(x > 0) * (x < 6)",),
    kink=lambda xp, x: (x == 0) | (x == 6),
    grad_fn="HardtanhBackward0",
    gate=True,
    tex=r"\operatorname{{relu6}}\left({x}\right)",
    doc="x cut to 0 and 6, elementwise; its derivative at a bound is taken as 0.",
)
define(
    "hardsigmoid",
    "x",
    forward=_hardsigmoid,
    partials=("(x > -3) * (x < 3) / 6",),
    kink=lambda xp, x: abs(x) == 3,
    gate=True,
    tex=r"\operatorname{{hardsigmoid}}\left({x}\right)",
    flops=4,
    doc="x / 6 + 1/2 cut to 0 and 1, elementwise; its derivative at a bound is taken as 0.",
)
define(
    "hardswish",
    "x",
    forward=lambda xp, x: x * _hardsigmoid(xp, x),
    partials=("where(x >= 3, 1, where(x > -3, x / 3 + 0.5, 0))",),
    kink=lambda xp, x: abs(x) == 3,
    gate=True,
    tex=r"\operatorname{{hardswish}}\left({x}\right)",
    flops=5,
    doc="x · hardsigmoid(x), elementwise; its derivative is taken as 0 at -3 and as 1 at 3.",
)
define(
    "hardshrink",
    "x",
    forward=lambda xp, x, lambd=0.5: xp.where(abs(x) > lambd, x, 0.0 * x),
    partials=("abs(x) > {lambd}",),
    kink=lambda xp, x, lambd=0.5: abs(x) == lambd,
    attrs={"lambd": 0.5},
    gate=True,
    tex=r"\operatorname{{hardshrink}}\left({x}\right)",
    doc="x where |x| is above `lambd`, else 0, elementwise; its derivative at the edge is 0.",
)
define(
    "softshrink",
    "x",
    forward=lambda xp, x, lambd=0.5: x - xp.minimum(xp.maximum(x, -lambd), lambd),
    partials=("abs(x) > {lambd}",),
    kink=lambda xp, x, lambd=0.5: abs(x) == lambd,
    attrs={"lambd": 0.5},
    gate=True,
    tex=r"\operatorname{{softshrink}}\left({x}\right)",
    doc="x moved toward 0 by `lambd`, elementwise; its derivative at the edge is taken as 0.",
)
