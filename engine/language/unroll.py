"""What a loop runs over, and how many statements a program is sure to run, before any of it is
unrolled."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import SourceError
from engine.language.bind import element
from engine.language.constant import constant
from engine.language.lists import part_name, root
from engine.language.lower import Lowering
from engine.language.read import Broken
from engine.language.scope import (
    Constant,
    Failed,
    Follows,
    Function,
    Items,
    Scope,
    Table,
    Value,
    Where,
)
from engine.language.syntax import Block, Statement
from engine.ops import OPS

__all__ = ["Run", "least_steps", "over"]

_NESTED = 8
"""Of `enumerate`, `zip` and `reversed` in one another."""

_ENDLESS = 2**62
_ROUNDS = 2_000
"""Rounds of outer loops that are counted one by one."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a loop runs over: how many values, and each of them by its position."""

    length: int
    value: Callable[[int], Value]


def over(node: ast.expr, lowering: Lowering, name: str, depth: int = 0) -> Run:
    """Return what `for name in node` runs over. Raises SourceError where that is not known before
    anything is computed."""
    where = lowering.where
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and depth < _NESTED:
        rule = _RULES.get(node.func.id)
        if rule is not None and (not node.keywords or node.func.id == "enumerate"):
            return rule(node, lowering, name, depth + 1)
    if isinstance(node, ast.Name):
        found = where.scope.find(node.id)
        if isinstance(found, Failed):
            raise Follows
        if isinstance(found, Items):
            return Run(len(found.values), found.values.__getitem__)
        if isinstance(found, Table):
            return Run(len(found.keys), lambda k: Constant(found.keys[k]))
        if type(found) is int and found not in lowering.builder.known.tuples:
            return _rows(found, node, lowering, name)
    known = constant(node, where)
    if isinstance(known, tuple):
        return Run(len(known), lambda k: Constant(known[k]))
    if isinstance(node, ast.List | ast.Tuple):
        values = [_entry(each, lowering, name, k) for k, each in enumerate(node.elts)]
        return Run(len(values), values.__getitem__)
    if root(node, where) is not None:
        listed = lowering.value(node)
        if isinstance(listed, Items):
            return Run(len(listed.values), listed.values.__getitem__)
    raise _no_run(node, where)


def _entry(node: ast.expr, lowering: Lowering, name: str, place: int) -> Value:
    """Return an entry of a list that is written out in the head of a loop."""
    if name:
        return element(lowering, part_name(name, place), node)
    return lowering.value(node)


def _no_run(node: ast.expr, where: Where) -> SourceError:
    return SourceError("flow.iterable", where.span(node), text=where.segment(node))


def _rows(node: int, place: ast.expr, lowering: Lowering, name: str) -> Run:
    """`for x in X` runs over the first axis of a tensor."""
    shape = lowering.builder.known.shape(node)
    if not shape:
        raise _no_run(place, lowering.where)

    def row(k: int) -> Value:
        statement, builder = lowering.statement, lowering.builder
        if not name:
            return builder.op(OPS["getitem"], (node,), {"index": (k,)}, *lowering.at(place))
        text = statement.segment(place)
        builder.begin(name, statement.span(place), f"{text}[{k}]", statement.note)
        made = builder.op(OPS["getitem"], (node,), {"index": (k,)}, *lowering.at(place))
        return builder.end(made)

    return Run(shape[0], row)


def _range(node: ast.Call, lowering: Lowering, name: str, depth: int) -> Run:
    where = lowering.where
    bounds = [constant(each, where) for each in node.args]
    if not 1 <= len(bounds) <= 3 or not all(type(each) is int for each in bounds):
        raise _no_run(node, where)
    if len(bounds) == 3 and bounds[2] == 0:
        raise _no_run(node, where)
    numbers = range(*bounds)
    try:
        length = len(numbers)
    except OverflowError:
        length = _ENDLESS
    return Run(length, lambda k: Constant(numbers[k]))


def _enumerate(node: ast.Call, lowering: Lowering, name: str, depth: int) -> Run:
    given = [*node.args[1:], *(each.value for each in node.keywords if each.arg == "start")]
    start = constant(given[0], lowering.where) if given else 0
    extra = len(given) > 1 or len(given) < len(node.args) - 1 + len(node.keywords)
    if type(start) is not int or not node.args or extra:
        raise _no_run(node, lowering.where)
    run = over(node.args[0], lowering, name, depth)
    return Run(run.length, lambda k: Items([Constant(start + k), run.value(k)]))


def _zip(node: ast.Call, lowering: Lowering, name: str, depth: int) -> Run:
    if not node.args:
        raise _no_run(node, lowering.where)
    runs = [
        over(each, lowering, name and part_name(name, k), depth) for k, each in enumerate(node.args)
    ]
    return Run(min(run.length for run in runs), lambda k: Items([run.value(k) for run in runs]))


def _reversed(node: ast.Call, lowering: Lowering, name: str, depth: int) -> Run:
    if len(node.args) != 1:
        raise _no_run(node, lowering.where)
    run = over(node.args[0], lowering, name, depth)
    return Run(run.length, lambda k: run.value(run.length - 1 - k))


_RULES: dict[str, Callable[[ast.Call, Lowering, str, int], Run]] = {
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "reversed": _reversed,
}


def least_steps(
    block: Block, where: Where, functions: Mapping[str, Function], rounds: list[int] | None = None
) -> int:
    """Return how many statements `block` is sure to run, calls and loops included; what depends on
    names that the block itself binds counts as little as it may. Nested as deep as indentation
    goes, which is bounded. rounds: how many rounds of loops may still be looked at one by one."""
    left = [_ROUNDS] if rounds is None else rounds
    return sum(_of_statement(each, where, functions, left) for each in block)


def _of_statement(
    statement: Statement | Broken,
    where: Where,
    functions: Mapping[str, Function],
    rounds: list[int],
) -> int:
    if isinstance(statement, Broken):
        return 1
    tree = statement.tree
    if isinstance(tree, ast.For):
        if isinstance(tree.target, ast.Name) and _is_bound_inside(statement, tree.target.id):
            return _one_by_one(statement, tree.target.id, tree.iter, where, functions, rounds)
        inside = 1 + least_steps(statement.body, where, functions, rounds)
        return 1 + _times(tree.iter, where) * inside
    if isinstance(tree, ast.If):
        branches = (statement.body, statement.otherwise)
        return 1 + min(least_steps(each, where, functions, rounds) for each in branches)
    if isinstance(tree, ast.FunctionDef):
        return 1
    return 1 + sum(
        functions[node.func.id].steps
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in functions
    )


def _is_bound_inside(statement: Statement, name: str) -> bool:
    """Whether a loop directly inside another runs over what depends on the outer one's name."""
    inner = (each.tree for each in statement.body if isinstance(each, Statement))
    runs = [each.iter for each in inner if isinstance(each, ast.For)]
    names = (each for run in runs for each in ast.walk(run) if isinstance(each, ast.Name))
    return any(each.id == name for each in names)


def _one_by_one(
    statement: Statement,
    name: str,
    iterated: ast.expr,
    where: Where,
    functions: Mapping[str, Function],
    rounds: list[int],
) -> int:
    """Count a loop around one whose length depends on how far the outer one is."""
    total = 1
    scope = Scope({**where.scope.names}, where.scope.outer, where.scope.prefixes)
    inside = Where(where.statement, scope, where.facts)
    values = _numbers(iterated, where) if _times(iterated, where) else ()
    for value in values:
        rounds[0] -= 1
        if rounds[0] < 0:
            break
        scope.bind(name, Constant(value))
        total += 1 + least_steps(statement.body, inside, functions, rounds)
    return total


def _numbers(node: ast.expr, where: Where) -> Sequence[Any]:
    if isinstance(node, ast.Call):
        return range(*(constant(each, where) for each in node.args))
    known = constant(node, where)
    return known if isinstance(known, tuple) else ()


def _times(node: ast.expr, where: Where) -> int:
    """Return how often a loop is sure to run."""
    try:
        is_range = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range"
        if is_range and isinstance(node, ast.Call):
            bounds = [constant(each, where) for each in node.args]
            return max(len(range(*bounds)), 0)
        known = constant(node, where)
    except OverflowError:
        return _ENDLESS
    except (TypeError, ValueError, Follows):
        return 0
    return len(known) if isinstance(known, tuple) else 0
