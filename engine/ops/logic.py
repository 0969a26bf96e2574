"""Comparisons and selection by a condition: piecewise constant, so nothing flows through them."""

from typing import Any

from engine.backend import Array
from engine.ops.registry import define


def _flag(xp: Any, mask: Array, *operands: Array) -> Array:
    """1 and 0 in the precision of what was compared."""
    return xp.asarray(mask).astype(xp.result_type(*operands))


def _define_comparison(name: str, symbol: str, tex: str, doc: str, *aliases: str) -> None:
    define(
        name,
        "a b",
        forward=lambda xp, a, b: _flag(xp, getattr(xp, name)(a, b), a, b),
        partials=("0", "0"),
        tex=f"\\left[{{a}} {tex} {{b}}\\right]",
        symbol=symbol,
        aliases=aliases,
        doc=doc,
    )


_define_comparison("greater", ">", ">", "1 where a > b, else 0; no derivative flows through.", "gt")
_define_comparison(
    "greater_equal", ">=", r"\ge", "1 where a >= b, else 0; no derivative flows through.", "ge"
)
_define_comparison("less", "<", "<", "1 where a < b, else 0; no derivative flows through.", "lt")
_define_comparison(
    "less_equal", "<=", r"\le", "1 where a <= b, else 0; no derivative flows through.", "le"
)
_define_comparison("equal", "==", "=", "1 where a = b, else 0; no derivative flows through.", "eq")
_define_comparison(
    "not_equal",
    "!=",
    r"\ne",
    "1 where a differs from b, else 0; no derivative flows through.",
    "ne",
)
define(
    "where",
    "condition a b",
    forward=lambda xp, condition, a, b: xp.where(xp.asarray(condition) != 0, a, b),
    partials=("0", "condition != 0", "condition == 0"),
    inert=("condition",),
    tex=r"\operatorname{{where}}\left({condition},\, {a},\, {b}\right)",
    doc="Entries of a where the condition holds (is not 0), entries of b elsewhere.",
)
