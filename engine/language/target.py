"""What a call names: a function, behind a prefix such as `np.`, or a method of a tensor."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from engine.errors import SourceError
from engine.language.literal import unknown_name
from engine.language.refuse import refused
from engine.language.scope import Failed, Follows, Value, Where

__all__ = ["Target", "side_by_side", "target_of"]


_KEYWORDS = {"torch": {"dim", "keepdim", "unbiased"}, "numpy": {"keepdims", "ddof"}}


@dataclass(frozen=True, slots=True)
class Target:
    """What is called: its name, whose habits a prefix stands for, the tensor before the dot, and
    what the program binds to the name."""

    name: str
    module: str
    receiver: ast.expr | None
    bound: Value | None


def target_of(node: ast.Call, where: Where) -> Target:
    """Return what a call names. Raises SourceError for what cannot be called."""
    function = node.func
    if isinstance(function, ast.Name):
        return Target(function.id, "", None, where.scope.find(function.id))
    if not isinstance(function, ast.Attribute):
        number = isinstance(function, ast.Constant | ast.BinOp)
        raise side_by_side(node, where) if number else refused(function, where)
    module = where.scope.module(function.value)
    receiver = function.value if module is None else None
    if isinstance(receiver, ast.Attribute | ast.Name):
        _check_prefix(receiver, where)
    habit = _habit(node, where) if module is None else module
    return Target(function.attr, habit, receiver, None)


def _habit(node: ast.Call, where: Where) -> str:
    """Return whose method a method is: its keywords tell, or how all tensors were made."""
    keywords = {each.arg for each in node.keywords}
    for module, words in _KEYWORDS.items():
        if not words.isdisjoint(keywords):
            return module
    made = where.scope.made
    return next(iter(made)) if len(made) == 1 else ""


def _check_prefix(receiver: ast.expr, where: Where) -> None:
    """`tf.nn.relu(x)`: where `tf` is nothing, that is what is wrong. Raises SourceError."""
    while isinstance(receiver, ast.Attribute):
        receiver = receiver.value
    if not isinstance(receiver, ast.Name):
        return
    found = where.scope.find(receiver.id)
    if isinstance(found, Failed):
        raise Follows
    if found is None and receiver.id not in where.scope.prefixes:
        raise unknown_name(receiver, where)


def side_by_side(node: ast.Call, where: Where) -> SourceError:
    """Return the error of `2(x + 1)`, which calls a number: read aloud, it is a product."""
    return SourceError("syntax.factors", where.span(node), statement=where.segment(node))
