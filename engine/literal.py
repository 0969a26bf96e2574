"""What is written out in the source: numbers, nested lists, and the values of keywords."""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import SourceError
from engine.graph import Attribute, Shape
from engine.ops import Op
from engine.ops.attributes import fits
from engine.read import Statement

__all__ = ["attribute", "literal", "plain"]


def literal(node: ast.expr, statement: Statement) -> npt.NDArray[np.float64] | None:
    """Return the value of a number or nested list, or None where `node` is neither.

    Raises SourceError for a ragged list or an entry that is not a finite real number.
    """
    number = _number(node, statement)
    if number is not None:
        return np.asarray(number)
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    return np.asarray(_rows(node, statement), dtype=np.float64)


def _number(node: ast.expr, statement: Statement) -> float | None:
    sign = 1.0
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        sign = -sign if isinstance(node.op, ast.USub) else sign
        node = node.operand
    if not isinstance(node, ast.Constant):
        return None
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise SourceError("literal.number", statement.span(node), text=statement.segment(node))
    try:
        value = float(node.value)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise SourceError("literal.number", statement.span(node), text=statement.segment(node))
    return sign * value


def _rows(node: ast.List | ast.Tuple, statement: Statement) -> list[Any]:
    """Nesting is bounded by the bracket limit of `read`, so this may recurse."""
    rows: list[Any] = []
    shapes: set[Shape] = set()
    for entry in node.elts:
        if isinstance(entry, ast.List | ast.Tuple):
            row = _rows(entry, statement)
            shapes.add(np.shape(row))
            rows.append(row)
            continue
        number = _number(entry, statement)
        if number is None:
            raise SourceError(
                "literal.number", statement.span(entry), text=statement.segment(entry)
            )
        shapes.add(())
        rows.append(number)
    if len(shapes) > 1:
        raise SourceError("literal.ragged", statement.span(node))
    return rows


def attribute(op: Op, key: str, node: ast.expr, statement: Statement) -> Attribute:
    """Return the value of keyword `key` of `op`: a number, a boolean, a string, None or a tuple.

    Raises SourceError for a keyword the op does not have or another kind of value.
    """
    value = plain(node)
    if key not in op.attrs:
        reason = f"{op.name} takes {', '.join(op.attrs) or 'no keywords'}."
    else:
        needed = fits(key, op.attrs[key], value, op.name)
        if needed is None:
            return value
        reason = f"It must be {needed}, written out."
    span, text = statement.span(node), statement.segment(node)
    raise SourceError("op.attribute", span, op=op.name, attribute=key, value=text, reason=reason)


def plain(node: ast.expr) -> Attribute:
    """Return the number, boolean, string, None or tuple of these that `node` writes out, or
    Ellipsis where it is none."""
    if isinstance(node, ast.Constant):
        known = node.value is None or isinstance(node.value, bool | int | float | str)
        return node.value if known and _is_encodable(node.value) else ...
    if _is_infinity(node):
        return "inf"
    if isinstance(node, ast.UnaryOp):
        return _signed(node)
    if isinstance(node, ast.List | ast.Tuple):
        entries = [plain(entry) for entry in node.elts]
        return ... if any(entry is ... for entry in entries) else tuple(entries)
    return ...


def _signed(node: ast.expr) -> Attribute:
    """Return a number behind signs, of which there may be more than calls in a stack."""
    minus = False
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        minus, node = not minus, node.operand
    value: Any = ... if isinstance(node, ast.UnaryOp) else plain(node)
    if type(value) not in (int, float):
        return ...
    return -value if minus else value


def _is_encodable(value: object) -> bool:
    """Half of a surrogate pair is no character, and cannot be sent."""
    return not isinstance(value, str) or not any("\ud800" <= each <= "\udfff" for each in value)


def _is_infinity(node: ast.expr) -> bool:
    """Whether `node` is `inf`, behind a prefix such as `np.`, or `float("inf")`."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.func, ast.Name):
        return node.func.id == "float" and plain(node.args[0]) == "inf"
    return (isinstance(node, ast.Name) and node.id == "inf") or (
        isinstance(node, ast.Attribute) and node.attr == "inf"
    )
