"""A call of PyTorch, and how its arguments and results are written in our language."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.graph import Shape

__all__ = ["SIGNS", "Call", "Named", "Untold", "bound", "operand", "said", "short"]


class Untold(Exception):
    """Raised for a call that the language has no words for."""


@dataclass(frozen=True, slots=True)
class Named:
    """A tensor among the arguments. text: its name, or its entries where they are whole numbers."""

    text: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Call:
    """A call. name: PyTorch's full name. outs: names of the results that are numbers with a
    fraction, None for others, such as positions. shapes: theirs, in the same order."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    outs: tuple[str | None, ...] = ()
    shapes: tuple[Shape, ...] = ()


SIGNS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "truediv": "/",
    "matmul": "@",
    "pow": "**",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "true_divide": "/",
    "mm": "@",
}


def short(name: str) -> str:
    """Return what a function is called without its module: `add` of `torch.Tensor.__iadd__`."""
    last = name.removesuffix(".__get__").rpartition(".")[2]
    inner = re.fullmatch(r"__[ri]?(\w+?)__", last)
    if inner and inner[1] in SIGNS:
        return inner[1]
    return last if last.startswith("__") else last.rstrip("_")


def bound(call: Call, expression: str) -> list[str]:
    """Give the results their names: one, one of several, or each its own."""
    named = [place for place, name in enumerate(call.outs) if name is not None]
    if len(call.outs) == 1 and named:
        return [f"{call.outs[0]} = {expression}"]
    if len(named) == 1:
        return [f"{call.outs[named[0]]} = {expression}[{named[0]}]"]
    if len(named) != len(call.outs) or not named:
        raise Untold(short(call.name))
    return [f"{', '.join(str(name) for name in call.outs)} = {expression}"]


def said(value: Any) -> str:
    """Write an argument. Raises Untold for what is no value of the language."""
    if isinstance(value, Named):
        return value.text
    if isinstance(value, list | tuple):
        inside = ", ".join(map(said, value))
        named = any(isinstance(each, Named) for each in value)
        closing = "," if len(value) == 1 else ""
        return f"[{inside}]" if named or isinstance(value, list) else f"({inside}{closing})"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, bool | int | float | str) or value is None:
        return repr(value)
    raise Untold(type(value).__name__)


def operand(value: Any) -> str:
    text = said(value)
    return f"({text})" if text.startswith("-") else text
