"""How often a loop or a comprehension is sure to run, before it does."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import islice
from typing import Any

from engine.errors import EngineError
from engine.language.constant import constant
from engine.language.scope import Constant, Follows, Items, Where

__all__ = ["known", "names_in", "numbers", "rounds", "times"]

_ENDLESS = 2**62
_ONE_BY_ONE = 1_000
"""Rounds of a comprehension that are looked at one by one, where the next depends on its name."""


def known(node: ast.expr, where: Where) -> Any:
    """Return what `constant` does, and Ellipsis too where something is wrong: that is told when the
    statement is read."""
    try:
        return constant(node, where)
    except (EngineError, Follows, ArithmeticError, ValueError, TypeError):
        return ...


def numbers(node: ast.expr, where: Where) -> Sequence[Any]:
    """Return what a loop runs over, as far as that is sure."""
    if isinstance(node, ast.Call):
        bounds = [known(each, where) for each in node.args]
        is_range = getattr(node.func, "id", "") == "range" and not node.keywords
        whole = is_range and 1 <= len(bounds) <= 3 and all(type(each) is int for each in bounds)
        return range(*bounds) if whole and bounds[2:] != [0] else ()
    found = known(node, where)
    return found if isinstance(found, tuple) else ()


def times(node: ast.expr, where: Where) -> int:
    """Return how often a loop is sure to run: over numbers, a list, or the rows of a tensor."""
    found = where.scope.find(node.id) if isinstance(node, ast.Name) else None
    if isinstance(found, Items):
        return len(found.values)
    try:
        shape = where.facts.shape(found) if type(found) is int else ()
        return shape[0] if shape else len(numbers(node, where))
    except OverflowError:
        return _ENDLESS
    except EngineError:
        return 0


def rounds(generators: Sequence[ast.comprehension], where: Where) -> int:
    """Return how often a comprehension is sure to run. Its names must stand for nothing that is
    known in `where`."""
    if not generators:
        return 1
    first, *rest = generators
    tests = [known(test, where) for test in first.ifs]
    if any(test is ... or not test for test in tests):
        return 0
    name = first.target.id if isinstance(first.target, ast.Name) else ""
    if name not in {each for other in rest for each in names_in(other.iter)}:
        return times(first.iter, where) * rounds(rest, where)
    before, total = where.scope.names[name], 0
    for value in islice(numbers(first.iter, where), _ONE_BY_ONE):
        where.scope.names[name] = Constant(value)
        total += rounds(rest, where)
    where.scope.names[name] = before
    return total


def names_in(node: ast.AST) -> set[str]:
    """Return the names inside a part of a statement."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
