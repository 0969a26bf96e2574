"""Comparisons, and the choice of entries by them. A comparison is piecewise constant, so nothing
flows through it."""

import operator
from typing import Any

from engine.backend import Array
from engine.graph import Attributes
from engine.ops.registry import define


def _flag(xp: Any, mask: Any, *operands: Array) -> Array:
    """1 and 0 in the precision of what was compared; numbers beside arrays have none."""
    if type(mask) is bool:
        return float(mask)
    return mask.astype(xp.result_type(*(x for x in operands if hasattr(x, "dtype"))))


def _define_comparison(name: str, short: str, symbol: str, tex: str, words: str) -> None:
    compare = getattr(operator, short)
    define(
        name,
        "a b",
        forward=lambda xp, a, b: _flag(xp, compare(a, b), a, b),
        partials=("0", "0"),
        kink=lambda xp, a, b: a == b,
        tex=f"\\left[{{a}} {tex} {{b}}\\right]",
        symbol=symbol,
        aliases=(short,),
        doc=f"1 where {words}, else 0; no derivative flows through.",
    )


_define_comparison("greater", "gt", ">", ">", "a > b")
_define_comparison("greater_equal", "ge", ">=", r"\ge", "a >= b")
_define_comparison("less", "lt", "<", "<", "a < b")
_define_comparison("less_equal", "le", "<=", r"\le", "a <= b")
_define_comparison("equal", "eq", "==", "=", "a = b")
_define_comparison("not_equal", "ne", "!=", r"\ne", "a differs from b")
define(
    "logical_and",
    "a b",
    forward=lambda xp, a, b: _flag(xp, (a != 0) & (b != 0), a, b),
    partials=("0", "0"),
    tex=r"{a} \wedge {b}",
    binding=0,
    operands=(2, 2),
    doc="1 where neither a nor b is 0, else 0; no derivative flows through.",
)
define(
    "logical_or",
    "a b",
    forward=lambda xp, a, b: _flag(xp, (a != 0) | (b != 0), a, b),
    partials=("0", "0"),
    tex=r"{a} \vee {b}",
    binding=0,
    operands=(2, 2),
    doc="1 where a or b is not 0, else 0; no derivative flows through.",
)
define(
    "logical_not",
    "x",
    forward=lambda xp, x: _flag(xp, x == 0, x),
    partials=("0",),
    tex=r"\neg {x}",
    binding=2,
    operands=(3,),
    doc="1 where x is 0, else 0; no derivative flows through.",
)
define(
    "where",
    "condition a b",
    forward=lambda xp, condition, a, b: xp.where(condition != 0, a, b),
    partials=("0", "condition != 0", "condition == 0"),
    inert=("condition",),
    gate=True,
    tex=r"\operatorname{{where}}\left({condition},\, {a},\, {b}\right)",
    doc="Entries of a where the condition holds (is not 0), entries of b elsewhere.",
)
define(
    "masked_fill",
    "x mask value",
    forward=lambda xp, x, mask, value: xp.where(mask != 0, value, x),
    partials=("mask == 0", "0", "mask != 0"),
    inert=("mask",),
    gate=True,
    tex=r"\operatorname{{masked\_fill}}\left({x},\, {mask},\, {value}\right)",
    doc="The entries of x, with the value put where the mask is not 0.",
)
define(
    "maximum",
    "a b",
    forward=lambda xp, a, b: xp.maximum(a, b),
    partials=("(a > b) + (a == b) / 2", "(b > a) + (a == b) / 2"),
    kink=lambda xp, a, b: a == b,
    guarded=True,
    gate=True,
    tex=r"\max\left({a},\, {b}\right)",
    doc="The larger of a and b, elementwise; a tie shares the derivative in halves.",
)
define(
    "minimum",
    "a b",
    forward=lambda xp, a, b: xp.minimum(a, b),
    partials=("(a < b) + (a == b) / 2", "(b < a) + (a == b) / 2"),
    kink=lambda xp, a, b: a == b,
    guarded=True,
    gate=True,
    tex=r"\min\left({a},\, {b}\right)",
    doc="The smaller of a and b, elementwise; a tie shares the derivative in halves.",
)


def _clip(xp: Any, x: Array, min: float | None = None, max: float | None = None) -> Array:
    """Where min > max, max wins, as in NumPy and PyTorch."""
    x = x if min is None else xp.maximum(x, min)
    return x if max is None else xp.minimum(x, max)


def _inside(attrs: Attributes) -> tuple[str]:
    """1 between the bounds, both included."""
    low, high = attrs["min"], attrs["max"]
    bounds = [f"(x >= {low})"] * (low is not None) + [f"(x <= {high})"] * (high is not None)
    return (" * ".join(bounds) or "1",)


def _at_bound(xp: Any, x: Array, min: float | None = None, max: float | None = None) -> Array:
    """A bound of NaN is met nowhere."""
    return (x == (xp.nan if min is None else min)) | (x == (xp.nan if max is None else max))


define(
    "clip",
    "x",
    forward=_clip,
    partials=_inside,
    kink=_at_bound,
    attrs={"min": None, "max": None},
    grad_fn="ClampBackward1",
    gate=True,
    tex=r"\operatorname{{clip}}_{{[{min},\, {max}]}}\left({x}\right)",
    aliases=("clamp",),
    doc="x cut to the bounds min and max, each of which may be None; the derivative at a bound is "
    "taken as 1.",
)
