"""Arithmetic, elementwise with broadcasting."""

from engine.ops.registry import define

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
    tex=r"{a} \cdot {b}",
    tensor_tex=r"{a} \odot {b}",
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
    forward=lambda xp, a, b: xp.power(a, b),
    partials=("b * a ** (b - 1)", "out * log(a)"),
    tex="{{{a}}}^{{{b}}}",
    binding=4,
    operands=(5, 0),
    symbol="**",
    units=(None, 1),
    aliases=("power",),
    flops=10,
    doc="Power, elementwise with broadcasting.",
)
