"""Elementary functions, elementwise."""

from engine.ops.registry import define

define(
    "exp",
    "x",
    forward=lambda xp, x: xp.exp(x),
    partials=("out",),
    tex="e^{{{x}}}",
    binding=4,
    flops=10,
    doc="Exponential, elementwise.",
)
define(
    "log",
    "x",
    forward=lambda xp, x: xp.log(x),
    partials=("1 / x",),
    tex=r"\ln\left({x}\right)",
    aliases=("ln",),
    flops=10,
    doc="Natural logarithm, elementwise; NaN below 0, negative infinity at 0.",
)
define(
    "tanh",
    "x",
    forward=lambda xp, x: xp.tanh(x),
    partials=("1 - out ** 2",),
    tex=r"\tanh\left({x}\right)",
    flops=10,
    doc="Hyperbolic tangent, elementwise.",
)
