"""What is written out in the source: numbers, nested lists, and the values of keywords."""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import LimitError, SourceError, closest
from engine.graph import Attribute, Shape
from engine.language.constant import constant, signed
from engine.language.scope import Where
from engine.ops import Op
from engine.ops.attributes import fits

__all__ = ["attribute", "check_exact", "check_length", "displayed", "literal", "unknown_name"]

_LONGEST = 12
"""Characters of two names that may have been put side by side."""

_NEAR = 150
"""Names that a misspelled one is compared with, those bound last."""


_MOST = 20_000
"""Entries of a list that is repeated."""

_NESTED = 4
"""Times that a list which is repeated is repeated again."""


def displayed(node: ast.expr, where: Where, depth: int = 0) -> ast.List | ast.Tuple | None:
    """Return a list that is written out, `[0.0] * 3` with all its entries; None where `node` is no
    such list, or holds what must be computed once. Raises LimitError for a list too long."""
    if isinstance(node, ast.List | ast.Tuple):
        return node
    if not isinstance(node, ast.BinOp) or depth == _NESTED:
        return None
    if isinstance(node.op, ast.Add):
        first = displayed(node.left, where, depth + 1)
        second = first and displayed(node.right, where, depth + 1)
        return _together(node, first.elts + second.elts) if first and second else None
    if not isinstance(node.op, ast.Mult):
        return None
    for side, other in ((node.left, node.right), (node.right, node.left)):
        listed = displayed(side, where, depth + 1)
        if listed is None or not all(_is_plain(each, where) for each in listed.elts):
            continue
        times = constant(other, Where(where.statement, where.scope, where.facts.wholes))
        if type(times) is not int:
            continue
        check_length(len(listed.elts) * times, node, where)
        return _together(node, listed.elts * max(times, 0))
    return None


def check_length(asked: int, node: ast.expr, where: Where) -> None:
    """Raise LimitError for a list too long to be gone through."""
    if asked > _MOST:
        told = {"unit": "entries", "limit": "a list"}
        raise LimitError("limit.exceeded", where.span(node), asked=asked, **told, allowed=_MOST)


def _together(node: ast.BinOp, entries: list[ast.expr]) -> ast.List:
    return ast.copy_location(ast.List(entries, ast.Load()), node)


def _is_plain(node: ast.expr, where: Where) -> bool:
    """Whether computing it many times is the same as doing so once: a call may draw numbers."""
    calls = (ast.Call, ast.ListComp, ast.DictComp)
    once = any(isinstance(each, calls) for each in ast.walk(node))
    return not once or constant(node, where) is not ...


def literal(node: ast.expr, where: Where) -> npt.NDArray[np.float64] | None:
    """Return the value of a number or nested list, or None where `node` is neither: a list may hold
    nodes.

    Raises SourceError for a ragged list or an entry that is not a real number. Infinities are for
    lists alone, as a mask may have them.
    """
    number = _number(node, where)
    if number is not None:
        return np.asarray(number)
    node = displayed(node, where) or node
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    rows = _rows(node, where)
    return None if rows is None else np.asarray(rows, dtype=np.float64)


def _number(node: ast.expr, where: Where) -> float | None:
    inner, sign = signed(node) if isinstance(node, ast.UnaryOp) else (node, 1)
    if not isinstance(inner, ast.Constant):
        return None
    if isinstance(inner.value, bool) or not isinstance(inner.value, int | float):
        raise SourceError("literal.number", where.span(inner), text=where.segment(inner))
    try:
        value = float(inner.value)
    except OverflowError:
        value = math.inf
    check_exact(inner.value, where, inner)
    if not math.isfinite(value):
        raise SourceError("literal.number", where.span(inner), text=where.segment(inner))
    return sign * value


def check_exact(value: object, where: Where, node: ast.expr) -> None:
    """Raise SourceError for a whole number that a 64-bit float would round."""
    if type(value) is int and 2**53 < abs(value) < 2**1023 and int(float(value)) != value:
        shown, near = where.segment(node), str(int(float(value)))
        raise SourceError("literal.large", where.span(node), text=shown, near=near)


def _rows(node: ast.List | ast.Tuple, where: Where) -> list[Any] | None:
    """Nesting is bounded by the bracket limit of `read`, so this may recurse."""
    rows: list[Any] = []
    shapes: set[Shape] = set()
    for each in node.elts:
        entry = displayed(each, where) or each
        if isinstance(entry, ast.List | ast.Tuple):
            row = _rows(entry, where)
            if row is None:
                return None
            shapes.add(np.shape(row))
            rows.append(row)
            continue
        told = isinstance(entry, ast.Constant) and isinstance(entry.value, bool)
        number = float(entry.value) if told else _number(entry, where)  # type: ignore[attr-defined]
        if number is None:
            value = constant(entry, where)
            if type(value) not in (int, float) or _is_node(entry, where):
                return None
            number = float(value)
        shapes.add(())
        rows.append(number)
    if len(shapes) > 1:
        raise SourceError("literal.ragged", where.span(node))
    return rows


def _is_node(entry: ast.expr, where: Where) -> bool:
    """A leaf in a list stays a node, though its number is known."""
    return any(
        isinstance(each, ast.Name) and type(where.scope.find(each.id)) is int
        for each in ast.walk(entry)
    )


def attribute(op: Op, key: str, node: ast.expr, where: Where) -> Attribute:
    """Return the value of keyword `key` of `op`: a number, a boolean, a string, None or a tuple.

    Raises SourceError for a keyword the op does not have or another kind of value.
    """
    value = constant(node, where)
    if key not in op.attrs:
        told = {"attribute": key[:60], "choices": ", ".join(op.attrs) or "-"}
        raise SourceError("op.keyword", where.span(node), op=op.name, **told)
    if isinstance(value, float) and math.isinf(value):
        value = None if key in ("min", "max") else "inf" if value > 0 else ...
    needed = fits(key, op.attrs[key], value, op.name)
    if needed is None:
        return value
    if isinstance(node, ast.Name) and where.scope.find(node.id) is None:
        raise unknown_name(node, where)
    reason = f"It must be {needed}, known before anything is computed."
    span, text = where.span(node), where.segment(node)
    raise SourceError("op.attribute", span, op=op.name, attribute=key, value=text, reason=reason)


def unknown_name(node: ast.Name, where: Where) -> SourceError:
    """Return the error of a name that stands for nothing."""
    span, known = where.span(node), where.scope.known()[-_NEAR:]
    if where.segment(node).endswith("ᵀ"):
        return SourceError("syntax.character", span, character="ᵀ", suggestion=".T")
    left, dot, right = node.id.partition("·")
    if left in known and right in known:
        return SourceError("name.product", span, name=node.id, left=left, right=right)
    if dot:
        return SourceError("syntax.character", span, character=dot, suggestion="*")
    for cut in range(1, min(len(node.id), _LONGEST)):
        left, right = node.id[:cut], node.id[cut:]
        if left != right and left in known and right in known:
            return SourceError("name.product", span, name=node.id, left=left, right=right)
    guess = closest(node.id, known)
    if guess:
        return SourceError("name.misspelled", span, name=node.id, suggestion=guess)
    return SourceError("name.unknown", span, name=node.id)
