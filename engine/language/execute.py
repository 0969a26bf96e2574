"""Statements one after another: loops are unrolled, calls are read in their place, and after an
error reading goes on with what does not depend on it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from engine.errors import EngineError, LimitError, SourceError, Span
from engine.graph import Definition
from engine.infer import Limits
from engine.language.aside import is_main
from engine.language.assign import assign, bound_by, bound_within, unpack
from engine.language.bind import show_list
from engine.language.build import Builder
from engine.language.classes import class_of, made_by
from engine.language.comprehend import comprehended, end, outside, rounds, summed
from engine.language.constant import constant
from engine.language.create import Maker
from engine.language.define import arguments_of, defined, imported, library
from engine.language.effects import augmented, effect, handed_back, set_or_assign
from engine.language.given import planned
from engine.language.lower import Lowering
from engine.language.plain import carried_out
from engine.language.read import Broken
from engine.language.refuse import refused
from engine.language.scope import (
    FAILED,
    MODULES,
    Constant,
    Follows,
    Function,
    Items,
    Scope,
    Value,
    Where,
)
from engine.language.syntax import Block, Statement
from engine.language.tally import Tally
from engine.language.unroll import Run, over
from engine.language.weigh import Scale

__all__ = ["Execution"]

_MOST_ERRORS = 8
_ENDS = ("a graph", "an unrolled program", "nesting", "an evaluation")
"""Limits behind which a program is not read on."""

_DEEPEST = 50  # calls and indented blocks in one another


class Execution:
    """Reads a program into a builder. errors: in the order they were met. scale: of `Tally`."""

    def __init__(self, builder: Builder, limits: Limits, scale: Scale | None = None) -> None:
        self.builder, self.limits = builder, limits
        self.maker = Maker(limits, scale.sketch if scale else None)
        self.errors: list[EngineError] = []
        self.top = Scope(builder.names, prefixes=dict(MODULES))
        self.functions: dict[str, Function] = {}
        self._tally = Tally(builder, limits, library, scale)
        self._depth = self._failures = 0
        self._active: list[Function] = []
        self._place: tuple[Span, str] | None = None
        self._last: Statement | Broken | None = None

    def run(self, program: Iterable[Statement | Broken]) -> None:
        """Carry out every statement, as far as there are not too many errors. Raises LimitError
        for a program that is too large to be read on."""
        for statement in self._tally.foreseen(iter(program), self.top, self.functions):
            self._step(statement, self.top)
            self._last = statement
            if len(self.errors) >= _MOST_ERRORS:
                break
        if isinstance(self._last, Statement) and isinstance(self._last.tree, ast.Assign):
            show_list(Lowering(self, self._last, self.top), self._last.tree.targets[0])

    def block(self, name: str) -> Function:
        """Return a block of the library."""
        return library(name)

    def comprehension(self, within: Lowering, node: ast.expr) -> Value:
        """Return the list or the dictionary that a comprehension makes."""
        self._tally.weigh_part(node, within.where)
        return comprehended(within, node, self._tally.count)

    def total(self, within: Lowering, node: ast.ListComp | ast.GeneratorExp) -> Value:
        """Return the sum of what a comprehension makes."""
        self._tally.weigh_part(node, within.where)
        return summed(within, node, self._tally.count)

    def rounds(self, within: Lowering, node: ast.ListComp | ast.DictComp) -> Iterator[int]:
        """Bind the names of a comprehension, round by round, as a loop does."""
        self._tally.weigh_part(node, within.where)
        return rounds(within, node.generators, self._tally.count, named=True)

    def _step(self, statement: Statement | Broken, scope: Scope) -> Value | None:
        """Carry out one statement; a value is what the block returns. At the top an error is kept
        and what the statement would have bound is marked."""
        if self._active:
            return self._execute(statement, scope)
        mark = self.builder.mark()
        try:
            return self._execute(statement, scope)
        except EngineError as error:
            if isinstance(error, LimitError) and error.params["limit"] in _ENDS:
                raise
            self._keep(error)
        except Follows:
            pass
        end(self.top)
        self._failures += 1
        self.builder.cancel(mark)
        self._fail(statement)
        return None

    def _keep(self, error: EngineError) -> None:
        same = (error.code, error.span, error.detail)
        if all((each.code, each.span, each.detail) != same for each in self.errors):
            self.errors.append(error)

    def _fail(self, statement: Statement | Broken) -> None:
        """Nothing that uses what this statement binds is looked at."""
        self.top.names.update(dict.fromkeys(bound_within([statement]), FAILED))

    def _execute(self, statement: Statement | Broken, scope: Scope) -> Value | None:
        self._tally.count(1)
        if isinstance(statement, Broken):
            raise statement.error
        if carried_out(statement, scope, self.builder, self._place):
            return None
        tree, rule = statement.tree, _STATEMENTS.get(type(statement.tree))
        lowering = Lowering(self, statement, scope, self._place)
        if rule is None:
            raise refused(tree, lowering.where)
        if not self.functions:
            return rule(self, lowering, tree)
        with self._tally.weighed(statement, scope):
            return rule(self, lowering, tree)

    def _inside(self, block: Block, scope: Scope) -> Value | None:
        """Carry out what is indented; the value is what it returns, if it does."""
        self._depth += 1
        if self._depth > _DEEPEST:
            told = {"unit": "levels", "limit": "nesting"}
            raise LimitError("limit.exceeded", None, asked=self._depth, **told, allowed=_DEEPEST)
        try:
            for statement in block:
                found = self._step(statement, scope)
                if found is not None:
                    return found
            return None
        finally:
            self._depth -= 1

    def call(
        self,
        function: Function,
        arguments: dict[str, Value],
        within: Lowering,
        node: ast.Call,
        whole: bool,
    ) -> Value:
        """Read the body of a block in the place of its call, over names of its own."""
        if function.own:
            self._check_order(function, within, node)
        builder, place = self.builder, within.at(node)
        scope = Scope(dict(arguments), self.top, self.top.prefixes)
        scope.first = builder.count()
        scope.constants = any(isinstance(each, Constant) for each in arguments.values())
        frame = builder.enter(function.name, whole and builder.is_fresh(), scope.names)
        with outside(self.top):
            found = self._returned(function, scope, None if function.own else place)
        if found is None:
            raise SourceError("flow.nothing", within.where.span(node), name=function.name)
        value: int | tuple[int, ...] = found if type(found) is int else 0
        if isinstance(found, Items):
            found.owner = within.scope
            value = tuple(each if type(each) is int else 0 for each in found.values)
        builder.leave(frame, value, function.name, arguments_of(arguments), place)
        return found

    def _check_order(self, function: Function, within: Lowering, node: ast.Call) -> None:
        """A block calls blocks above it: so none calls itself, and what each takes is known."""
        caller = self._active[-1] if self._active else None
        if caller is not None and caller.own and caller.order <= function.order:
            code = "flow.recursion" if caller.order == function.order else "flow.order"
            span, name = within.where.span(node), function.name
            raise SourceError(code, span, name=name, caller=caller.name)

    def _returned(
        self, function: Function, scope: Scope, place: tuple[Span, str] | None
    ) -> Value | None:
        """Return what a block returns; one of the library, what it calls `out`."""
        around, self._place = self._place, place
        self._active.append(function)
        try:
            found = self._inside(function.body, scope)
        finally:
            self._place = around
            self._active.pop()
        if function.own:
            return found
        value: Value = scope.names["out"]
        return value

    def _annotated(self, lowering: Lowering, tree: ast.AnnAssign) -> None:
        if tree.value is not None:
            assign(lowering, [tree.target], tree.value)

    def _for(self, lowering: Lowering, tree: ast.For) -> Value | None:
        names = bound_by(tree.target)
        if not names or not isinstance(tree.target, ast.Name | ast.Tuple):
            raise refused(tree.target, lowering.where)
        run = over(tree.iter, lowering, names[0])
        body, scope = lowering.statement.body, lowering.scope
        inside = Scope({**scope.names, **dict.fromkeys(names)}, scope.outer, scope.prefixes)
        inside.names.update(dict.fromkeys(bound_within(body)))
        where = Where(lowering.statement, inside, lowering.where.facts)
        made = sum(planned(each.tree, where) for each in body if isinstance(each, Statement))
        self.maker.check(run.length * made, lowering.where.span())
        with self._tally.weighed(lowering.statement, scope, run.length):
            return self._repeat(lowering, tree, run)

    def _repeat(self, lowering: Lowering, tree: ast.For, run: Run) -> Value | None:
        """Carry out a loop, round by round."""
        body, failures = lowering.statement.body, self._failures
        for position in range(run.length):
            self._tally.count(1)
            unpack(lowering, tree.target, run.value(position), self.builder.count())
            value = self._inside(body, lowering.scope)
            if value is not None:
                return value
            if self._failures > failures:
                break
        return None

    def _if(self, lowering: Lowering, tree: ast.If) -> Value | None:
        test = is_main(tree.test) or constant(tree.test, lowering.where)
        if test is ...:
            text, span = lowering.where.segment(tree.test), lowering.where.span(tree.test)
            raise SourceError("flow.condition", span, construct=text)
        statement = lowering.statement
        return self._inside(statement.body if test else statement.otherwise, lowering.scope)

    def _def(self, lowering: Lowering, tree: ast.FunctionDef) -> None:
        function, definition = defined(lowering, tree)
        broken = [each.error for each in function.body if isinstance(each, Broken)]
        if broken:
            for error in broken[1:]:
                self._keep(error)
            raise broken[0]
        self._admit(lowering, function, definition)

    def _assign(self, lowering: Lowering, tree: ast.Assign) -> None:
        """`f = lambda x: x ** 2` and `net = Net()` define blocks; all else binds values."""
        blocks = made_by(lowering, tree, lambda each: self._execute(each, lowering.scope))
        if blocks is None:
            set_or_assign(lowering, tree)
        for function, definition in blocks or ():
            self._admit(lowering, function, definition)

    def _admit(self, lowering: Lowering, function: Function, definition: Definition) -> None:
        function = replace(function, order=len(self.builder.blocks))
        self.functions[function.name] = function
        self.builder.blocks[function.name] = definition
        lowering.scope.bind(function.name, function)

    def _return(self, lowering: Lowering, tree: ast.Return) -> Value:
        if not self._active:
            raise refused(tree, lowering.where)
        return handed_back(lowering, tree)


_STATEMENTS: dict[type[ast.stmt], Callable[[Execution, Lowering, Any], Value | None]] = {
    ast.Assign: Execution._assign,
    ast.AugAssign: lambda _, lowering, tree: augmented(lowering, tree),
    ast.AnnAssign: Execution._annotated,
    ast.For: Execution._for,
    ast.If: Execution._if,
    ast.FunctionDef: Execution._def,
    ast.ClassDef: lambda _, at, tree: at.scope.bind(tree.name, class_of(at, tree)),
    ast.Return: Execution._return,
    ast.Import: lambda _, lowering, tree: imported(lowering, tree),
    ast.ImportFrom: lambda _, lowering, tree: imported(lowering, tree),
    ast.Expr: lambda _, lowering, tree: effect(lowering, tree),
    ast.Pass: lambda *_: None,
    ast.Assert: lambda *_: None,
}
