"""Lines of a notebook that compute nothing: what only shows something is passed over, what would
train or draw has an error that says so."""

from __future__ import annotations

import ast

from engine.errors import SourceError
from engine.language.given import is_op
from engine.language.literal import unknown_name
from engine.language.refuse import refused
from engine.language.scope import Failed, Follows, Where
from engine.ops.block import BLOCKS

__all__ = ["clears_grad", "is_aside", "is_main", "without_effect"]

_SHOWN = ("print", "display", "type", "len")
_QUIET = ("zero_grad", "retain_grad", "size", "dim", "numel")


def is_aside(node: ast.expr, where: Where) -> bool:
    """Whether an expression that stands alone only shows something: a docstring, `...`, `print(x)`,
    `x`, `x.shape`, `x.grad`. Raises SourceError for a name that stands for nothing."""
    if isinstance(node, ast.Constant):
        return node.value is ... or isinstance(node.value, str)
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Name):
        return function.id in _SHOWN and where.scope.find(function.id) is None
    if isinstance(function, ast.Attribute):
        return function.attr in _QUIET or _speaks_of_grad(function.value)
    inner = _innermost(node)
    if isinstance(inner, ast.Name):
        if where.scope.find(inner.id) is None and inner.id not in where.scope.prefixes:
            raise unknown_name(inner, where)
        return True
    return isinstance(node, ast.Compare) and _speaks_of_grad(node)


def clears_grad(node: ast.expr) -> bool:
    """Whether this is `optimizer.zero_grad()` or `x.grad.zero_()`."""
    name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
    return name in ("zero_grad", "zero_")


def is_main(test: ast.expr) -> bool:
    """Whether this is the condition of `if __name__ == "__main__":`."""
    return isinstance(test, ast.Compare) and getattr(test.left, "id", "") == "__name__"


def without_effect(tree: ast.Expr, node: ast.Call, where: Where) -> SourceError:
    """Return the error of a call that stands alone: a value without a name, or an effect that no
    program has."""
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    inner = _innermost(function)
    if isinstance(inner, ast.Name) and isinstance(where.scope.find(inner.id), Failed):
        raise Follows
    if is_op(node) or name in BLOCKS or where.scope.find(name) is not None:
        return refused(tree, where)
    return SourceError("syntax.effect", where.span(node), construct=where.segment(node))


def _innermost(node: ast.expr) -> ast.expr:
    """Take the attributes off a name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _speaks_of_grad(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr == "grad" for each in ast.walk(node))
