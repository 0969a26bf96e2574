"""What an expression is worth while the program is still being read: sizes, axes, indices, the
bounds of a loop, the condition of an `if`. Only small numbers are computed, and by our own hand."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import Any

from engine.errors import SourceError
from engine.graph import Attribute
from engine.language.scope import Constant, Failed, Follows, Items, Where
from engine.language.words import ARITHMETIC, BARE, COMPARISONS, FUNCTIONS, NAMED, SIZES

__all__ = ["constant", "signed"]

_DEEPEST = 40
_LARGEST = 2**256
_MOST = 20_000
"""Numbers in tuples of tuples."""

_SIZES = ("size", "dim", "numel", "nelement")

_LONGEST = 200
"""Characters of a text that is put together."""


def constant(node: ast.expr, where: Where, depth: int = 0) -> Attribute:
    """Return the number, boolean, string, None or tuple of these that `node` is sure to be, or
    Ellipsis where it is none.

    Raises Follows for a name whose own statement could not be read, SourceError for a number larger
    than any.
    """
    if type(node) is ast.Constant and type(node.value) is int:
        return node.value
    if depth > _DEEPEST:
        return ...
    rule = _RULES.get(type(node))
    return ... if rule is None else rule(node, where, depth + 1)


def signed(node: ast.expr) -> tuple[ast.expr, int]:
    """Take the signs off an expression, of which there may be more than calls in a stack; the
    second result is -1 or 1."""
    sign = 1
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        sign = -sign if isinstance(node.op, ast.USub) else sign
        node = node.operand
    return node, sign


def _literal(node: ast.Constant, where: Where, depth: int) -> Attribute:
    known = node.value is None or isinstance(node.value, bool | int | float | str)
    return node.value if known and _is_encodable(node.value) else ...


def _is_encodable(value: object) -> bool:
    """Half of a surrogate pair is no character, and cannot be sent."""
    return not isinstance(value, str) or not any("\ud800" <= each <= "\udfff" for each in value)


def _name(node: ast.Name, where: Where, depth: int) -> Attribute:
    found = where.scope.find(node.id)
    if type(found) is int:
        return where.facts.constant(found)
    if isinstance(found, Constant):
        return found.value
    if isinstance(found, Failed):
        raise Follows
    return BARE.get(node.id, ...) if found is None else ...


def _attribute(node: ast.Attribute, where: Where, depth: int) -> Attribute:
    if node.attr in NAMED and where.scope.module(node.value) is not None:
        return NAMED[node.attr]
    if node.attr in ("shape", "ndim", "size") and isinstance(node.value, ast.Name):
        found = where.scope.find(node.value.id)
        if type(found) is int:
            shape = where.facts.shape(found)
            return SIZES[node.attr](shape)
        if isinstance(found, Failed):
            raise Follows
    return ...


def _unary(node: ast.UnaryOp, where: Where, depth: int) -> Attribute:
    if isinstance(node.op, ast.Not):
        value = constant(node.operand, where, depth)
        return ... if value is ... else not value
    inner, sign = signed(node)
    value = ... if isinstance(inner, ast.UnaryOp) else constant(inner, where, depth)
    if type(value) not in (int, float):
        return ...
    number: Any = value
    return number if sign > 0 else -number


def _entries(node: ast.List | ast.Tuple, where: Where, depth: int) -> Attribute:
    entries: list[Attribute] = []
    for each in node.elts:
        value = constant(each, where, depth)
        if value is ...:
            return ...
        entries.append(value)
    nested = any(isinstance(each, tuple) for each in entries)
    return ... if nested and _size(tuple(entries), 0) > _MOST else tuple(entries)


def _size(value: Attribute, depth: int) -> int:
    """Return how many numbers there are; every tuple that has a name is small already."""
    if not isinstance(value, tuple):
        return 1
    return 2 * _MOST if depth > 5 else sum(_size(each, depth + 1) for each in value)


def _binary(node: ast.BinOp, where: Where, depth: int) -> Attribute:
    left = constant(node.left, where, depth)
    if left is ...:
        return ...
    right = constant(node.right, where, depth)
    if isinstance(left, tuple) and isinstance(right, tuple) and isinstance(node.op, ast.Add):
        return left + right if len(left) + len(right) <= 64 else ...
    if isinstance(left, tuple) and isinstance(node.op, ast.Mult) and type(right) is int:
        return left * right if len(left) * right <= 64 else ...
    if isinstance(left, str) and isinstance(right, str) and isinstance(node.op, ast.Add):
        return left + right if len(left) + len(right) <= _LONGEST else ...
    if not (_is_small(left) and _is_small(right)):
        return ...
    try:
        if isinstance(node.op, ast.Pow):
            whole = isinstance(left, int) and isinstance(right, int) and 0 <= right <= 256
            value = left**right if whole else math.pow(left, right)
        else:
            rule = ARITHMETIC.get(type(node.op))
            value = ... if rule is None else rule(left, right)
    except OverflowError:
        raise SourceError("literal.number", where.span(node), text=where.segment(node)) from None
    except (ArithmeticError, ValueError):
        return ...
    return value if _is_small(value) else ...


def _is_small(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < _LARGEST)


def _compare(node: ast.Compare, where: Where, depth: int) -> Attribute:
    left = _compared(node.left, node.ops[0], where, depth)
    for op, each in zip(node.ops, node.comparators, strict=True):
        right = _compared(each, op, where, depth)
        if left is ... or right is ...:
            return ...
        try:
            if not COMPARISONS[type(op)](left, right):
                return False
        except TypeError:
            return ...
        left = right
    return True


def _compared(node: ast.expr, op: ast.cmpop, where: Where, depth: int) -> Attribute:
    """In `b is None`, a node is something that is not None."""
    value = constant(node, where, depth)
    if value is ... and isinstance(op, ast.Is | ast.IsNot) and isinstance(node, ast.Name):
        return ... if where.scope.find(node.id) is None else where
    return value


def _choice(node: ast.BoolOp, where: Where, depth: int) -> Attribute:
    value: Attribute = ...
    for each in node.values:
        value = constant(each, where, depth)
        if value is ... or bool(value) == isinstance(node.op, ast.Or):
            break
    return value


def _either(node: ast.IfExp, where: Where, depth: int) -> Attribute:
    test = constant(node.test, where, depth)
    return ... if test is ... else constant(node.body if test else node.orelse, where, depth)


def _formatted(node: ast.JoinedStr, where: Where, depth: int) -> Attribute:
    """`f"W{k}"`, without formats."""
    text = ""
    for each in node.values:
        plain = isinstance(each, ast.FormattedValue) and each.format_spec is None
        inner = each.value if isinstance(each, ast.FormattedValue) and plain else each
        value = constant(inner, where, depth)
        if type(value) not in (int, str):
            return ...
        text += str(value)
    return text if len(text) <= _LONGEST else ...


def _part(node: ast.Subscript, where: Where, depth: int) -> Attribute:
    value = constant(node.value, where, depth)
    found = where.scope.find(node.value.id) if isinstance(node.value, ast.Name) else None
    if type(found) is int and value is ... and not isinstance(node.slice, ast.Slice):
        value = where.facts.entries(found)
    if not isinstance(value, tuple):
        return ...
    try:
        if isinstance(node.slice, ast.Slice):
            bounds = (node.slice.lower, node.slice.upper, node.slice.step)
            ends: list[Any] = [b and constant(b, where, depth) for b in bounds]
            return value[slice(*ends)]
        return value[constant(node.slice, where, depth)]
    except (IndexError, TypeError, ValueError):
        return ...


def _call(node: ast.Call, where: Where, depth: int) -> Attribute:
    function = node.func
    if node.keywords or len(node.args) > 8:
        return ...
    if isinstance(function, ast.Attribute) and where.scope.module(function.value) is None:
        return _of_tensor(function, node.args, where, depth)
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if where.scope.find(name) is not None and isinstance(function, ast.Name):
        return ...
    if name == "len" and len(node.args) == 1:
        return _length(node.args[0], where, depth)
    values = [constant(each, where, depth) for each in node.args] if name in FUNCTIONS else [...]
    if any(value is ... for value in values):
        return ...
    try:
        value = FUNCTIONS[name](*values)
    except (ArithmeticError, TypeError, ValueError):
        return ...
    return value if isinstance(value, tuple | bool | str) or _is_small(value) else ...


def _of_tensor(
    function: ast.Attribute, given: Sequence[ast.expr], where: Where, depth: int
) -> Attribute:
    """What the methods of a tensor tell about its shape."""
    if function.attr not in _SIZES or not isinstance(function.value, ast.Name):
        return ...
    found = where.scope.find(function.value.id)
    if type(found) is not int:
        return ...
    shape = where.facts.shape(found)
    if function.attr != "size":
        return len(shape) if function.attr == "dim" else math.prod(shape)
    axis = constant(given[0], where, depth) if given else None
    if axis is None:
        return shape
    return shape[axis] if type(axis) is int and -len(shape) <= axis < len(shape) else ...


def _length(node: ast.expr, where: Where, depth: int) -> Attribute:
    if isinstance(node, ast.Name):
        found = where.scope.find(node.id)
        if isinstance(found, Items):
            return len(found.values)
        if type(found) is int:
            shape = where.facts.shape(found)
            return shape[0] if shape else ...
    value = constant(node, where, depth)
    return len(value) if isinstance(value, tuple | str) else ...


_RULES: dict[type[ast.AST], Callable[[Any, Where, int], Attribute]] = {
    ast.Constant: _literal,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.UnaryOp: _unary,
    ast.List: _entries,
    ast.Tuple: _entries,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _choice,
    ast.IfExp: _either,
    ast.Subscript: _part,
    ast.Call: _call,
    ast.JoinedStr: _formatted,
}
