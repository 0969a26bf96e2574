"""Exponentials, logarithms, roots, size and rounding, elementwise."""

from collections.abc import Sequence
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit, define

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
    "exp2",
    "x",
    forward=lambda xp, x: xp.exp2(x),
    partials=("out * log(2)",),
    tex="2^{{{x}}}",
    binding=4,
    flops=10,
    doc="Power of two 2^x, elementwise.",
)
define(
    "expm1",
    "x",
    forward=lambda xp, x: xp.expm1(x),
    partials=("exp(x)",),
    tex="e^{{{x}}} - 1",
    binding=1,
    flops=10,
    doc="Exponential less one e^x - 1, elementwise; exact for small x.",
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
    "log2",
    "x",
    forward=lambda xp, x: xp.log2(x),
    partials=("1 / (x * log(2))",),
    tex=r"\log_2\left({x}\right)",
    flops=10,
    doc="Logarithm to base 2, elementwise.",
)
define(
    "log10",
    "x",
    forward=lambda xp, x: xp.log10(x),
    partials=("1 / (x * log(10))",),
    tex=r"\log_{{10}}\left({x}\right)",
    flops=10,
    doc="Logarithm to base 10, elementwise.",
)
define(
    "log1p",
    "x",
    forward=lambda xp, x: xp.log1p(x),
    partials=("1 / (1 + x)",),
    grad_fn="Log1PBackward0",
    tex=r"\ln\left(1 + {x}\right)",
    operands=(1,),
    flops=10,
    doc="Logarithm ln(1 + x), elementwise; exact for small x.",
)
define(
    "logaddexp",
    "a b",
    forward=lambda xp, a, b: xp.logaddexp(a, b),
    partials=("sigmoid(a - b)", "sigmoid(b - a)"),
    tex=r"\ln\left(e^{{{a}}} + e^{{{b}}}\right)",
    flops=25,
    doc="Logarithm of a sum of exponentials ln(e^a + e^b), elementwise; never overflows.",
)


def _xlogy(xp: Any, x: Array, y: Array) -> Array:
    return xp.where((x == 0) & (y == y), 0, x * xp.log(y))


define(
    "xlogy",
    "x y",
    forward=_xlogy,
    partials=("log(where((x == 0) * (y <= 0), 1, y))", "x / y"),
    kink=lambda xp, x, y: (x == 0) & (y <= 0),
    guarded=True,
    tex=r"{x} \ln\left({y}\right)",
    binding=2,
    operands=(3, 0),
    flops=11,
    doc="Product x ln(y), elementwise; 0 where x is 0.",
)
define(
    "sqrt",
    "x",
    forward=lambda xp, x: xp.sqrt(x),
    partials=("1 / (2 * out)",),
    kink=lambda xp, x: x == 0,
    tex=r"\sqrt{{{x}}}",
    flops=4,
    doc="Square root, elementwise; infinitely steep at 0, NaN below.",
)
define(
    "rsqrt",
    "x",
    forward=lambda xp, x: 1 / xp.sqrt(x),
    partials=("-out / (2 * x)",),
    tex=r"\frac{{1}}{{\sqrt{{{x}}}}}",
    binding=3,
    flops=5,
    doc="Reciprocal of the square root, elementwise; infinite at 0, NaN below.",
)
define(
    "cbrt",
    "x",
    forward=lambda xp, x: xp.cbrt(x),
    partials=("1 / (3 * out ** 2)",),
    kink=lambda xp, x: x == 0,
    tex=r"\sqrt[3]{{{x}}}",
    flops=10,
    doc="Cube root, elementwise; infinitely steep at 0.",
)
define(
    "abs",
    "x",
    forward=lambda xp, x: xp.abs(x),
    partials=("sign(x)",),
    kink=lambda xp, x: x == 0,
    tex=r"\left|{x}\right|",
    aliases=("absolute", "fabs"),
    doc="Absolute value, elementwise; its derivative at 0 is taken as 0.",
)
define(
    "copysign",
    "a b",
    forward=lambda xp, a, b: xp.copysign(a, b),
    partials=("sign(a) * sign(out)", "0"),
    kink=lambda xp, a, b: (a == 0) | (b == 0),
    tex=r"\operatorname{{copysign}}\left({a},\, {b}\right)",
    doc="The size of a with the sign of b, elementwise.",
)


_PLACES = 15
"""Decimal places that a double has."""


def _rounded(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    decimals = attrs.get("decimals", 0)
    if abs(decimals) > _PLACES:
        reason = f"It must be from -{_PLACES} to {_PLACES}."
        told = {"attribute": "decimals", "value": str(decimals), "reason": reason}
        raise Misfit("op.attribute", op="round", **told)
    return shapes[0]


def _define_step(name: str, tex: str, doc: str, *aliases: str) -> None:
    """An op that is constant between whole numbers, so nothing flows through it."""
    define(
        name,
        "x",
        forward=lambda xp, x: getattr(xp, name)(x),
        partials=("0",),
        kink=lambda xp, x: _jumps(xp, name, x),
        tex=tex,
        aliases=aliases,
        doc=f"{doc}; piecewise constant, so no derivative flows through.",
    )


def _jumps(xp: Any, name: str, x: Array) -> Array:
    """Where a step function jumps: rounding does so half way, and cutting off not at 0."""
    if name == "sign":
        return x == 0
    if name == "round":
        return xp.abs(x - xp.trunc(x)) == 0.5
    return (x == xp.floor(x)) & ((x != 0) | (name != "trunc"))


_define_step("sign", r"\operatorname{{sign}}\left({x}\right)", "-1, 0 or 1", "sgn")
_define_step("floor", r"\left\lfloor {x} \right\rfloor", "Rounded down")
_define_step("ceil", r"\left\lceil {x} \right\rceil", "Rounded up")
define(
    "round",
    "x",
    forward=lambda xp, x, decimals=0: xp.round(x, decimals),
    partials=("0",),
    kink=lambda xp, x, decimals=0: _jumps(xp, "round", x * 10.0**decimals),
    shape=_rounded,
    attrs={"decimals": 0},
    tex=lambda ranks, attrs: (
        r"\operatorname{{round}}"
        + "_{{{decimals}}}" * bool(attrs["decimals"])
        + r"\left({x}\right)"
    ),
    aliases=("rint", "around"),
    doc="Rounded to `decimals` places, halves to even; piecewise constant, so no derivative flows "
    "through.",
)
_define_step("trunc", r"\operatorname{{trunc}}\left({x}\right)", "Rounded toward 0", "fix")
