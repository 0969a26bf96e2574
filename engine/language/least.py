"""What a statement is sure to take when loops are unrolled and calls are read in their place: known
before any of it is, so that what is too much is refused at once.

A block is gone through once for each kind of arguments. What is not sure counts for nothing.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from engine.language.assign import bound_within
from engine.language.needs import (
    NODE,
    NOTHING,
    STEP,
    STORED,
    UNKNOWN,
    Found,
    Kind,
    Leaf,
    Needs,
    Sure,
    is_node,
    join,
    kind_of,
)
from engine.language.often import known, names_in, numbers, times
from engine.language.scope import Constant, Facts, Function, Scope, Where
from engine.language.surely import bind, is_given, needed
from engine.language.syntax import Block, Statement

__all__ = ["Least"]

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

    @property
    def is_spent(self) -> bool:
        """Whether as much has been looked at as may be."""
        return self._left <= 0

    def of(self, statement: Statement, scope: Scope, facts: Facts, rounds: int = 0) -> Needs:
        """Return what a statement is sure to need. rounds: of a loop, where that is known."""
        if self.is_spent:
            return NOTHING
        frame = self._begin([statement], scope)
        where = Where(statement, frame.scope, facts)
        if isinstance(statement.tree, ast.For) and rounds:
            return STEP.and_(self._for(statement, statement.tree, frame, where, rounds))
        return self._statement(statement, frame, facts)

    def of_all(self, block: Block, scope: Scope, facts: Facts) -> Needs:
        """Return what statements one after another are sure to need."""
        return self._block(block, self._begin(block, scope), facts)

    def of_part(self, node: ast.expr, where: Where) -> Needs:
        """Return what an expression inside a statement is sure to need."""
        if self.is_spent:
            return NOTHING
        frame = self._begin([where.statement], where.scope)
        self._left -= 1
        return self._value(node, Where(where.statement, frame.scope, where.facts))[0]

    def _begin(self, block: Block, scope: Scope) -> _Frame:
        """What blocks know of the program does not hold of names that are bound again."""
        bound = dict.fromkeys(bound_within(block), UNKNOWN)
        top = scope.outer or scope
        self._top = Scope({**top.names, **bound}, None, top.prefixes, top.constants)
        self._calls.clear()
        self._varied.clear()
        return _Frame(Scope({**scope.names}, scope.outer and self._top, scope.prefixes))

    def _block(self, block: Block, frame: _Frame, facts: Facts) -> Needs:
        total = NOTHING
        for statement in block:
            if frame.over or self.is_spent:
                break
            if isinstance(statement, Statement):
                total = total.and_(self._statement(statement, frame, facts))
        return total

    def _statement(self, statement: Statement, frame: _Frame, facts: Facts) -> Needs:
        self._left -= 1
        where, tree = Where(statement, frame.scope, facts), statement.tree
        match tree:
            case ast.For():
                count = times(tree.iter, where)
                return STEP.and_(self._for(statement, tree, frame, where, count))
            case ast.If():
                return STEP.and_(self._if(statement, tree, frame, where))
            case ast.Assign():
                return STEP.and_(self._assign(tree.targets, tree.value, where))
            case ast.AnnAssign() if tree.value is not None:
                return STEP.and_(self._assign([tree.target], tree.value, where))
            case ast.AugAssign(target=ast.Name() | ast.Subscript()):
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
        elif where.scope.outer is None and _is_number(value):
            kind = Leaf(kind.value) if isinstance(kind, Constant) else kind
        for target in targets:
            _bind(target, kind, where.scope)
            needs = needs.and_(STORED) if _is_entry(target, where) else needs
        return needs

    def _augmented(self, tree: ast.AugAssign, where: Where) -> Needs:
        whole = ast.copy_location(ast.BinOp(tree.target, tree.op, tree.value), tree)
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
        values = numbers(tree.iter, where) if name and _is_bound_inside(statement, name) else ()
        if values:
            return self._one_by_one(statement, name, values, frame, where)
        needs = NOTHING
        for _ in range(_PASSES):
            inside = frame.copy()
            _bind(tree.target, UNKNOWN, inside.scope)
            needs = STEP.and_(self._block(statement.body, inside, where.facts))
            frame.over = frame.over or inside.over
            if not _weaken(frame.scope, (frame.scope, inside.scope), where) or self.is_spent:
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
            if frame.over or self.is_spent:
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
        if given is None or function in self._active or self.is_spent:
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


def _bind(target: ast.expr, kind: Kind, scope: Scope) -> None:
    if isinstance(target, ast.Name):
        scope.bind(target.id, kind)  # type: ignore[arg-type]
        return
    entries = getattr(kind, "entries", ())
    names = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    for place, each in enumerate(names):
        _bind(each, entries[place] if len(entries) == len(names) else UNKNOWN, scope)


def _is_number(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and type(inner.value) in (int, float)


def _is_entry(target: ast.expr, where: Where) -> bool:
    """Whether entries of a tensor are replaced."""
    name = target.value if isinstance(target, ast.Subscript) else None
    found = where.scope.find(name.id) if isinstance(name, ast.Name) else None
    return found is not None and is_node(kind_of(found, where))


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
    return any(name in names_in(run) for run in runs)
