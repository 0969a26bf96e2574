"""Circular and hyperbolic functions and their inverses, elementwise."""

from collections.abc import Callable
from typing import Any

from engine.ops.registry import define


def _define_function(
    name: str,
    numpy_name: str,
    partial: str,
    tex: str,
    doc: str,
    kink: Callable[..., Any] | None = None,
) -> None:
    """One function under NumPy's name in the array namespace and PyTorch's name here."""
    define(
        name,
        "x",
        forward=lambda xp, x: getattr(xp, numpy_name)(x),
        partials=(partial,),
        kink=kink,
        tex=f"{tex}\\left({{x}}\\right)",
        aliases=() if numpy_name == name else (numpy_name,),
        flops=10,
        doc=f"{doc}, elementwise.",
    )


def _at_ends(xp: Any, x: Any) -> Any:
    """Where an inverse function begins, infinitely steep."""
    return abs(x) == 1


_define_function("sin", "sin", "cos(x)", r"\sin", "Sine")
_define_function("cos", "cos", "-sin(x)", r"\cos", "Cosine")
_define_function("tan", "tan", "1 + out ** 2", r"\tan", "Tangent")
_define_function(
    "asin", "arcsin", "1 / sqrt(1 - x ** 2)", r"\arcsin", "Inverse sine", kink=_at_ends
)
_define_function(
    "acos", "arccos", "-1 / sqrt(1 - x ** 2)", r"\arccos", "Inverse cosine", kink=_at_ends
)
_define_function("atan", "arctan", "1 / (1 + x ** 2)", r"\arctan", "Inverse tangent")
_define_function("sinh", "sinh", "cosh(x)", r"\sinh", "Hyperbolic sine")
_define_function("cosh", "cosh", "sinh(x)", r"\cosh", "Hyperbolic cosine")
_define_function("tanh", "tanh", "1 - out ** 2", r"\tanh", "Hyperbolic tangent")
_define_function(
    "asinh",
    "arcsinh",
    "1 / sqrt(1 + x ** 2)",
    r"\operatorname{{arsinh}}",
    "Inverse hyperbolic sine",
)
_define_function(
    "acosh",
    "arccosh",
    "1 / sqrt(x ** 2 - 1)",
    r"\operatorname{{arcosh}}",
    "Inverse hyperbolic cosine",
    kink=_at_ends,
)
_define_function(
    "atanh",
    "arctanh",
    "1 / (1 - x ** 2)",
    r"\operatorname{{artanh}}",
    "Inverse hyperbolic tangent",
)
define(
    "atan2",
    "a b",
    forward=lambda xp, a, b: xp.arctan2(a, b),
    partials=(
        "b / (a ** 2 + b ** 2 + (a == 0) * (b == 0))",
        "-a / (a ** 2 + b ** 2 + (a == 0) * (b == 0))",
    ),
    kink=lambda xp, a, b: (a == 0) & (b <= 0),
    guarded=True,
    tex=r"\operatorname{{atan2}}\left({a},\, {b}\right)",
    aliases=("arctan2",),
    flops=10,
    doc="Angle of the point (b, a), elementwise; its derivatives at the origin are taken as 0.",
)
define(
    "hypot",
    "a b",
    forward=lambda xp, a, b: xp.hypot(a, b),
    partials=("a / out", "b / out"),
    kink=lambda xp, a, b: (a == 0) & (b == 0),
    tex=r"\sqrt{{{{{a}}}^2 + {{{b}}}^2}}",
    operands=(5, 5),
    flops=6,
    doc="Length of the hypotenuse, elementwise; never overflows on the way.",
)
