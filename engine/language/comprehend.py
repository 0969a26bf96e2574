"""`[f(x) for x in xs if …]` and the like: one round after another, as loops are unrolled."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from engine.errors import SourceError
from engine.language.constant import constant
from engine.language.lists import key_of
from engine.language.lower import Lowering
from engine.language.refuse import refused
from engine.language.scope import Constant, Items, Scope, Table, Value
from engine.language.unroll import Run, over
from engine.ops import OPS

__all__ = ["comprehended", "end", "outside", "rounds", "summed"]

Step = Callable[[int], None]
"""Is told how many rounds are sure to come, and raises LimitError for too many."""


def comprehended(lowering: Lowering, node: ast.expr, step: Step) -> Value:
    """Return the list or the dictionary that a comprehension inside an expression makes. Raises
    SourceError, and LimitError for too many rounds."""
    if isinstance(node, ast.DictComp):
        table = Table([], Items([], lowering.scope))
        for _ in rounds(lowering, node.generators, step):
            table.put(key_of(node.key, lowering.where), _value(lowering, node.value))
        return table
    if not isinstance(node, ast.ListComp | ast.GeneratorExp):
        raise refused(node, lowering.where)
    values = [_value(lowering, node.elt) for _ in rounds(lowering, node.generators, step)]
    return Items(values, lowering.scope)


def summed(lowering: Lowering, node: ast.ListComp | ast.GeneratorExp, step: Step) -> Value:
    """Return the sum of what a comprehension makes, added up round by round as `a + b + c` is."""
    total: Value = Constant(0)
    for position in rounds(lowering, node.generators, step):
        value = _value(lowering, node.elt)
        numbers = [each.value for each in (total, value) if isinstance(each, Constant)]
        if not position:
            total = value
        elif len(numbers) == 2 and all(type(each) in (int, float, bool) for each in numbers):
            total = Constant(sum(numbers))
        else:
            total = lowering.apply(node, [total, value], (OPS["add"], {}))
    return total


def _value(lowering: Lowering, node: ast.expr) -> Value:
    known = constant(node, lowering.pure)
    return lowering.value(node, whole=False) if known is ... else Constant(known)


def rounds(
    lowering: Lowering, generators: Sequence[ast.comprehension], step: Step, *, named: bool = False
) -> Iterator[int]:
    """Bind the names of `for … in … if …` round by round, and give them back at the end; yield the
    number of the round. named: whether the rows of a tensor are statements of their own."""
    with_names = [(each, _names(lowering, each), _Same(each.iter)) for each in generators]
    for count, _ in enumerate(_rounds(lowering, with_names, step, named)):
        yield count


class _Same:
    """What an inner `for` runs over, read once where it is the same in every round around it."""

    def __init__(self, node: ast.expr) -> None:
        self._node = node
        self._run: Run | None = None
        self._fixed = (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "range"
            and all(isinstance(each, ast.Constant) for each in node.args)
        )

    def run(self, lowering: Lowering, name: str) -> Run:
        """Return what the loop runs over. Raises SourceError as `over` does."""
        run = self._run or over(self._node, lowering, name)
        self._run = run if self._fixed else None
        return run


def _names(lowering: Lowering, generator: ast.comprehension) -> list[str]:
    inside = [each.id for each in ast.walk(generator.target) if isinstance(each, ast.Name)]
    if generator.is_async or not inside:
        raise refused(generator.target, lowering.where)
    return inside


def _rounds(
    lowering: Lowering,
    generators: Sequence[tuple[ast.comprehension, Sequence[str], _Same]],
    step: Step,
    named: bool,
) -> Iterator[None]:
    (first, target, same), *rest = generators
    names = lowering.scope.names
    run = same.run(lowering, target[0] if named else "")
    step(run.length)
    before = {each: names.get(each) for each in target}
    lowering.scope.hidden.append(before)
    try:
        for position in range(run.length):
            _bind(lowering, first.target, run.value(position))
            if first.ifs and not all(_holds(test, lowering) for test in first.ifs):
                continue
            if rest:
                yield from _rounds(lowering, rest, step, named)
            else:
                yield
    finally:
        hidden = lowering.scope.hidden
        if hidden and hidden[-1] is before:
            _put(names, hidden.pop())


@contextmanager
def outside(scope: Scope) -> Iterator[None]:
    """Give names back what they stand for around comprehensions: a block sees no name of these."""
    if not scope.hidden:
        yield
        return
    names = scope.names
    inside = {name: names.get(name) for each in scope.hidden for name in each}
    for each in reversed(scope.hidden):
        _put(names, each)
    try:
        yield
    finally:
        _put(names, inside)


def end(scope: Scope) -> None:
    """Leave every comprehension that an error has ended."""
    while scope.hidden:
        _put(scope.names, scope.hidden.pop())


def _put(names: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        names.pop(name, None)
        if value is not None:
            names[name] = value


def _holds(test: ast.expr, lowering: Lowering) -> bool:
    value = constant(test, lowering.where)
    if value is ...:
        text, span = lowering.where.segment(test), lowering.where.span(test)
        raise SourceError("flow.condition", span, construct=text)
    return bool(value)


def _bind(lowering: Lowering, target: ast.expr, found: Value) -> None:
    if isinstance(target, ast.Name):
        lowering.scope.bind(target.id, found)
        return
    if not isinstance(target, ast.Tuple | ast.List):
        raise refused(target, lowering.where)
    run = _parts(lowering, target, found)
    if run.length != len(target.elts):
        text, span = lowering.where.segment(target), lowering.where.span(target)
        told = {"given": run.length, "expected": len(target.elts)}
        raise SourceError("flow.unpack", span, text=text, **told)
    for place, each in enumerate(target.elts):
        _bind(lowering, each, run.value(place))


def _parts(lowering: Lowering, target: ast.expr, found: Value) -> Run:
    if isinstance(found, Items):
        return Run(len(found.values), found.values.__getitem__)
    if isinstance(found, Constant) and isinstance(found.value, tuple):
        known = found.value
        return Run(len(known), lambda place: Constant(known[place]))
    shape = lowering.builder.known.shape(found) if type(found) is int else ()
    source: Any = found

    def row(place: int) -> Value:
        at, attrs = lowering.at(target), {"index": (place,)}
        return lowering.builder.op(OPS["getitem"], (source,), attrs, *at)

    return Run(shape[0] if shape else 0, row)
