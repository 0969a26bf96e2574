"""What a loop runs over."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import SourceError
from engine.language.bind import element
from engine.language.constant import constant
from engine.language.lists import part_name, root
from engine.language.lower import Lowering
from engine.language.scope import (
    FAILED,
    Constant,
    Failed,
    Follows,
    Items,
    Table,
    Value,
    Where,
)
from engine.ops import OPS

__all__ = ["Run", "over"]

_NESTED = 8
"""Of `enumerate`, `zip` and `reversed` in one another."""

_COMPUTED = (ast.Call, ast.Subscript, ast.Attribute, ast.BinOp)
_ENDLESS = 2**62


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
    found = where.scope.find(node.id) if isinstance(node, ast.Name) else None
    if isinstance(found, Failed):
        raise Follows
    if isinstance(found, Items | Table):
        return _listed(found)
    if type(found) is int and found not in lowering.builder.known.tuples:
        return _rows(found, node, lowering, name)
    known = constant(node, lowering.pure if isinstance(node, ast.List | ast.Tuple) else where)
    if isinstance(known, tuple):
        return Run(len(known), lambda k: Constant(known[k]))
    if isinstance(node, ast.List | ast.Tuple):
        return _listed(Items([_entry(e, lowering, name, k) for k, e in enumerate(node.elts)]))
    if root(node, where) is not None:
        held = lowering.value(node)
    else:
        computed = isinstance(node, _COMPUTED) and _called(node) not in _RULES
        held = _entry(node, lowering, name, "rows") if computed else FAILED
    if isinstance(held, Items | Table):
        return _listed(held)
    if type(held) is int:
        return _rows(held, node, lowering, name)
    raise _no_run(node, where)


def _listed(found: Items | Table) -> Run:
    """The entries of a list, or the keys of a dictionary."""
    if isinstance(found, Table):
        keys = found.keys
        return Run(len(keys), lambda k: Constant(keys[k]))
    return Run(len(found.values), found.values.__getitem__)


def _called(node: ast.expr) -> str:
    return getattr(getattr(node, "func", None), "id", "")


def _entry(node: ast.expr, lowering: Lowering, name: str, place: int | str) -> Value:
    """Return an entry of a list that is written out in the head of a loop."""
    if name:
        return element(lowering, part_name(name, place), node)
    return lowering.value(node, whole=False)


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
