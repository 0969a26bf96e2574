"""Arithmetic, elementwise with broadcasting."""

from typing import Any

from engine.backend import Array
from engine.ops.registry import define


def _power(xp: Any, a: Array, b: Array) -> Array:
    """Let arrays take the operator, which knows short ways for exponents such as 2."""
    return xp.power(a, b) if type(a) is float else a**b


define(
    "add",
    "a b",
    forward=lambda xp, a, b: a + b,
    partials=("1", "1"),
    tex="{a} + {b}",
    binding=1,
    operands=(1, 2),
    symbol="+",
    units=(0, 0),
    doc="Sum, elementwise with broadcasting.",
)
define(
    "sub",
    "a b",
    forward=lambda xp, a, b: a - b,
    partials=("1", "-1"),
    tex="{a} - {b}",
    binding=1,
    operands=(1, 2),
    symbol="-",
    units=(None, 0),
    aliases=("subtract",),
    doc="Difference, elementwise with broadcasting.",
)
define(
    "mul",
    "a b",
    forward=lambda xp, a, b: a * b,
    partials=("b", "a"),
    tex=lambda ranks, attrs: r"{a} \odot {b}" if all(ranks) else r"{a} \cdot {b}",
    binding=2,
    operands=(2, 3),
    symbol="*",
    units=(1, 1),
    absorbs=0,
    aliases=("multiply",),
    doc="Product, elementwise with broadcasting.",
)
define(
    "div",
    "a b",
    forward=lambda xp, a, b: a / b,
    partials=("1 / b", "-(out / b)"),
    tex=r"\frac{{{a}}}{{{b}}}",
    binding=3,
    operands=(0, 0),
    symbol="/",
    units=(None, 1),
    aliases=("divide", "true_divide"),
    doc="Quotient, elementwise with broadcasting.",
)
define(
    "neg",
    "x",
    forward=lambda xp, x: -x,
    partials=("-1",),
    tex="-{x}",
    binding=1,
    operands=(2,),
    symbol="-",
    aliases=("negative",),
    doc="Opposite, elementwise.",
)
define(
    "pow",
    "a b",
    forward=_power,
    partials=(
        "b * a ** (b - 1 + (a == 0) * (b == 0))",  # 0, not 0 · ∞, for the constant x ** 0
        "out * log(a + (a == 0) * (b >= 0))",  # 0, not 0 · -∞, for 0 ** x
    ),
    kink=lambda xp, a, b: (a == 0) & (b < 1),
    guarded=True,
    tex="{{{a}}}^{{{b}}}",
    binding=4,
    operands=(5, 0),
    symbol="**",
    units=(None, 1),
    aliases=("power", "float_power"),
    flops=10,
    doc="Power, elementwise with broadcasting; 0 ** 0 is 1.",
)
define(
    "square",
    "x",
    forward=lambda xp, x: x * x,
    partials=("2 * x",),
    grad_fn="PowBackward0",
    tex="{{{x}}}^2",
    binding=4,
    operands=(5,),
    doc="Square, elementwise.",
)
define(
    "reciprocal",
    "x",
    forward=lambda xp, x: 1 / x,
    partials=("-out ** 2",),
    tex=r"\frac{{1}}{{{x}}}",
    binding=3,
    doc="Reciprocal 1 / x, elementwise; infinite at 0.",
)
define(
    "remainder",
    "a b",
    forward=lambda xp, a, b: xp.remainder(a, b),
    partials=("1", "-floor(a / b)"),
    kink=lambda xp, a, b: xp.remainder(a, b) == 0,
    grad_fn="RemainderBackward1",
    tex=r"{a} \bmod {b}",
    binding=2,
    operands=(2, 3),
    symbol="%",
    aliases=("mod",),
    doc="Remainder of the division rounded down, with the sign of b.",
)
define(
    "fmod",
    "a b",
    forward=lambda xp, a, b: xp.fmod(a, b),
    partials=("1", "-trunc(a / b)"),
    kink=lambda xp, a, b: (xp.fmod(a, b) == 0) & (a != 0),
    grad_fn="FmodBackward1",
    tex=r"\operatorname{{fmod}}\left({a},\, {b}\right)",
    doc="Remainder of the division rounded toward 0, with the sign of a.",
)
define(
    "floor_divide",
    "a b",
    forward=lambda xp, a, b: xp.floor_divide(a, b),
    partials=("0", "0"),
    kink=lambda xp, a, b: xp.remainder(a, b) == 0,
    tex=r"\left\lfloor \frac{{{a}}}{{{b}}} \right\rfloor",
    symbol="//",
    doc="Quotient rounded down; piecewise constant, so no derivative flows through.",
)
define(
    "lerp",
    "start end weight",
    forward=lambda xp, start, end, weight: start + weight * (end - start),
    partials=("1 - weight", "weight", "end - start"),
    grad_fn="LerpBackward1",
    tex=r"\left(1 - {weight}\right) {start} + {weight} \, {end}",
    binding=1,
    operands=(3, 3, 3),
    flops=3,
    doc="Linear interpolation from start (weight 0) to end (weight 1), elementwise.",
)
