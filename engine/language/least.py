"""What a statement is sure to take when loops are unrolled and calls are read in their place: known
before any of it is, so that what is too much is refused at once.

A block is gone through once for each kind of arguments. What is not sure counts for nothing.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from engine.language.scope import Constant, Facts, Function, Scope, Where
from engine.language.surely import (
    NODE,
    NOTHING,
    STEP,
    UNKNOWN,
    Found,
    Kind,
    Needs,
    Sure,
    bind,
    is_given,
    join,
    kind_of,
    known,
    needed,
)
from engine.language.syntax import Block, Statement

__all__ = ["Least"]

_ENDLESS = 2**62
_LOOKED_AT = 2_500
"""Statements and parts of expressions of one program that are looked at."""

_VARIED = 8
"""Calls of one block with numbers that differ, behind which no number is looked at."""

_PASSES = 3
"""Of the body of a loop, until what is sure of its names no longer changes."""


class _Frame:
    """A block that is gone through. returned: what is sure of what it may return; over: whether it
    may have returned."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.returned: list[Kind] = []
        self.over = False

    def copy(self) -> _Frame:
        """Return a frame to try a block in."""
        scope = self.scope
        made = _Frame(Scope({**scope.names}, scope.outer, scope.prefixes, scope.constants))
        made.returned = self.returned
        return made


class Least:
    """Looks at the statements of one program, of which what is looked at is bounded. enough: at
    what nobody needs to know how much more it is."""

    def __init__(self, library: Callable[[str], Function], enough: Needs) -> None:
        self._library, self._enough = library, enough
        self._left = _LOOKED_AT
        self._calls: dict[object, Found] = {}
        self._varied = Counter[Function]()
        self._active: list[Function] = []
        self._top = Scope()

    def of(self, statement: Statement, scope: Scope, facts: Facts, rounds: int = 0) -> Needs:
        """Return what a statement is sure to need. rounds: of a loop, where that is known."""
        if self._left <= 0:
            return NOTHING
        bound = {each.id: UNKNOWN for each in _stored(statement)}
        top = scope.outer or scope
        self._top = Scope({**top.names, **bound}, None, top.prefixes, top.constants)
        self._calls.clear()
        self._varied.clear()
        frame = _Frame(Scope({**scope.names}, scope.outer and self._top, scope.prefixes))
        where = Where(statement, frame.scope, facts)
        if isinstance(statement.tree, ast.For) and rounds:
            return STEP.and_(self._for(statement, statement.tree, frame, where, rounds))
        return self._statement(statement, frame, facts)

    def _block(self, block: Block, frame: _Frame, facts: Facts) -> Needs:
        total = NOTHING
        for statement in block:
            if frame.over or self._left <= 0:
                break
            if isinstance(statement, Statement):
                total = total.and_(self._statement(statement, frame, facts))
        return total

    def _statement(self, statement: Statement, frame: _Frame, facts: Facts) -> Needs:
        self._left -= 1
        where, tree = Where(statement, frame.scope, facts), statement.tree
        match tree:
            case ast.For():
                count = _times(tree.iter, where)
                return STEP.and_(self._for(statement, tree, frame, where, count))
            case ast.If():
                return STEP.and_(self._if(statement, tree, frame, where))
            case ast.Assign():
                return STEP.and_(self._assign(tree.targets, tree.value, where))
            case ast.AnnAssign() if tree.value is not None:
                return STEP.and_(self._assign([tree.target], tree.value, where))
            case ast.AugAssign(target=ast.Name()):
                return STEP.and_(self._augmented(tree, where))
            case ast.Return():
                return STEP.and_(self._return(tree, frame, where))
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append"), args=[item])):
                return STEP.and_(self._value(item, where)[0])
        return STEP

    def _value(self, node: ast.expr, where: Where) -> Found:
        needs, kind, parts = needed(node, where, self._call)
        self._left -= parts // 4
        number = known(node, where) if kind == UNKNOWN else ...
        return needs, kind if number is ... else Constant(number)

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr, where: Where) -> Needs:
        needs, kind = self._value(value, where)
        if where.scope.outer is not None and is_given(value, where):
            kind = UNKNOWN
        for target in targets:
            _bind(target, kind, where.scope)
        return needs

    def _augmented(self, tree: ast.AugAssign, where: Where) -> Needs:
        assert isinstance(tree.target, ast.Name)
        loaded = ast.copy_location(ast.Name(tree.target.id, ast.Load()), tree.target)
        whole = ast.copy_location(ast.BinOp(loaded, tree.op, tree.value), tree)
        return self._assign([tree.target], whole, where)

    def _return(self, tree: ast.Return, frame: _Frame, where: Where) -> Needs:
        frame.over = True
        needs, kind = (NOTHING, UNKNOWN) if tree.value is None else self._value(tree.value, where)
        frame.returned.append(kind)
        return needs

    def _if(self, statement: Statement, tree: ast.If, frame: _Frame, where: Where) -> Needs:
        test = known(tree.test, where)
        if test is not ...:
            return self._block(statement.body if test else statement.otherwise, frame, where.facts)
        one, other = frame.copy(), frame.copy()
        needs = self._block(statement.body, one, where.facts)
        needs = needs.at_least(self._block(statement.otherwise, other, where.facts))
        _weaken(frame.scope, (one.scope, other.scope), where)
        frame.over = one.over or other.over
        return needs

    def _for(
        self, statement: Statement, tree: ast.For, frame: _Frame, where: Where, count: int
    ) -> Needs:
        """A loop of `count` rounds, which are alike unless one inside it says otherwise."""
        name = tree.target.id if isinstance(tree.target, ast.Name) else ""
        values = _numbers(tree.iter, where) if name and _is_bound_inside(statement, name) else ()
        if values:
            return self._one_by_one(statement, name, values, frame, where)
        needs = NOTHING
        for _ in range(_PASSES):
            inside = frame.copy()
            _bind(tree.target, UNKNOWN, inside.scope)
            needs = STEP.and_(self._block(statement.body, inside, where.facts))
            frame.over = frame.over or inside.over
            if not _weaken(frame.scope, (frame.scope, inside.scope), where) or self._left <= 0:
                break
        else:
            return NOTHING
        return needs.times(min(count, 1) if frame.over else count)

    def _one_by_one(
        self, statement: Statement, name: str, values: Iterable[Any], frame: _Frame, where: Where
    ) -> Needs:
        """A loop around one whose length depends on how far the outer one is."""
        total = NOTHING
        for value in values:
            if frame.over or self._left <= 0:
                break
            frame.scope.bind(name, Constant(value))
            total = total.and_(STEP).and_(self._block(statement.body, frame, where.facts))
            if total.steps > self._enough.steps or total.nodes > self._enough.nodes:
                break
        return total

    def _call(
        self, what: Function | str, node: ast.Call, parts: Sequence[Found], where: Where
    ) -> Found:
        """A call of a block of the program, whose body is gone through once for what is sure of its
        arguments."""
        function = self._library(what) if isinstance(what, str) else what
        given = bind(function, node, [kind for _, kind in parts], where)
        if given is None or function in self._active or self._left <= 0:
            return NOTHING, UNKNOWN
        if self._varied[function] >= _VARIED:
            given = {
                name: kind if isinstance(kind, Sure) else UNKNOWN for name, kind in given.items()
            }
        key = function, tuple((name, *_key(kind)) for name, kind in given.items())
        found = self._calls.get(key)
        if found is None:
            self._varied[function] += 1
            found = self._calls[key] = self._body(function, given, where.facts)
        return found

    def _body(self, function: Function, given: Mapping[str, Kind], facts: Facts) -> Found:
        scope = Scope({**given}, self._top, self._top.prefixes)
        scope.constants = any(isinstance(each, Constant) for each in given.values())
        frame = _Frame(scope)
        self._active.append(function)
        needs = self._block(function.body, frame, facts)
        self._active.pop()
        kind, *others = frame.returned or [UNKNOWN if function.own else NODE]
        for other in others:
            kind = join(kind, other)
        return needs, kind


def _key(kind: Kind) -> tuple[object, ...]:
    """Return what two alike have in common: True is 1 for Python."""
    return (repr(kind),) if isinstance(kind, Constant) else (kind,)


def _stored(statement: Statement) -> Iterable[ast.Name]:
    """Yield the names that a statement binds, those inside it included."""
    for each in ast.walk(statement.tree):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each
    for inner in (*statement.body, *statement.otherwise):
        if isinstance(inner, Statement):
            yield from _stored(inner)


def _bind(target: ast.expr, kind: Kind, scope: Scope) -> None:
    if isinstance(target, ast.Name):
        scope.bind(target.id, kind)  # type: ignore[arg-type]
        return
    entries = getattr(kind, "entries", ())
    names = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    for place, each in enumerate(names):
        _bind(each, entries[place] if len(entries) == len(names) else UNKNOWN, scope)


def _weaken(scope: Scope, ways: Sequence[Scope], where: Where) -> bool:
    """Let a name stand for what is sure of it whichever way was gone; return whether any changed
    that was bound before."""
    changed = False
    for name in {name for way in ways for name in way.names}:
        kinds = [way.names.get(name) for way in ways]
        if kinds[0] is kinds[1]:
            scope.names[name] = kinds[0]
            continue
        one, other = (UNKNOWN if each is None else kind_of(each, where) for each in kinds)
        both, before = join(one, other), scope.names.get(name)
        changed = changed or (before is not None and kind_of(before, where) != both)
        scope.names[name] = both
    return changed


def _is_bound_inside(statement: Statement, name: str) -> bool:
    """Whether a loop directly inside another runs over what depends on the outer one's name."""
    inner = (each.tree for each in statement.body if isinstance(each, Statement))
    runs = [each.iter for each in inner if isinstance(each, ast.For)]
    names = (each for run in runs for each in ast.walk(run) if isinstance(each, ast.Name))
    return any(each.id == name for each in names)


def _numbers(node: ast.expr, where: Where) -> Sequence[Any]:
    """Return what a loop runs over, as far as that is sure."""
    if isinstance(node, ast.Call):
        bounds = [known(each, where) for each in node.args]
        is_range = getattr(node.func, "id", "") == "range" and not node.keywords
        whole = is_range and 1 <= len(bounds) <= 3 and all(type(each) is int for each in bounds)
        return range(*bounds) if whole and bounds[2:] != [0] else ()
    found = known(node, where)
    return found if isinstance(found, tuple) else ()


def _times(node: ast.expr, where: Where) -> int:
    """Return how often a loop is sure to run."""
    try:
        return len(_numbers(node, where))
    except OverflowError:
        return _ENDLESS
