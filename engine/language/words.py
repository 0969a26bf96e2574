"""Words and functions of Python, NumPy and PyTorch that stand for a number, a size or a type while
a program is still being read."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

from engine.graph import Attribute

__all__ = ["ARITHMETIC", "BARE", "COMPARISONS", "FUNCTIONS", "NAMED", "SIZES"]

NAMED = {
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "infty": math.inf,
    "Inf": math.inf,
    "nan": math.nan,
    "NaN": math.nan,
    "newaxis": None,
    **{
        name: name for name in ("float", "float16", "float32", "float64", "double", "long", "int64")
    },
}
"""Constants of NumPy, PyTorch and `math`; types, which say nothing here, are words."""

BARE = {"pi": math.pi, "π": math.pi, "inf": math.inf, "nan": math.nan}

ARITHMETIC: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "int": int,
    "float": float,
    "bool": bool,
    "abs": abs,
    "min": min,
    "max": max,
    "sum": sum,
    "round": round,
    "sqrt": math.sqrt,
    "floor": math.floor,
    "ceil": math.ceil,
    "log2": math.log2,
    "prod": math.prod,
    "device": str,
    "is_available": lambda: False,
    "tuple": tuple,
    "list": tuple,
    "str": lambda value: str(value) if type(value) in (int, str) else ...,
}
SIZES: dict[str, Callable[[Any], Attribute]] = {"shape": tuple, "ndim": len, "size": math.prod}
