"""Counts what a program takes while it is read, and weighs each statement beforehand."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager

from engine.errors import LimitError
from engine.infer import Limits
from engine.language.build import Builder
from engine.language.least import Least
from engine.language.needs import Needs
from engine.language.read import Broken
from engine.language.scope import Function, Scope, Where
from engine.language.syntax import Block, Statement
from engine.language.weigh import Scale, Weigher

__all__ = ["Tally"]

_FEW = 64
"""Rounds of a loop inside what is weighed already that need not be weighed again."""

_PARTS = (ast.If, ast.FunctionDef, ast.For)
"""Statements whose parts are weighed one by one; a loop, when it is known how often it runs."""

_ENDLESS = 2**62
_GROWS = re.compile(r"\b(?:for|def|lambda|class)\b")
"""What can make a program larger than it is written."""

_DEFINES = (ast.FunctionDef, ast.ClassDef)


class Tally:
    """Statements carried out so far. library: returns a block of the library by name. scale: what
    is made is weighed with it, if at all."""

    def __init__(
        self,
        builder: Builder,
        limits: Limits,
        library: Callable[[str], Function],
        scale: Scale | None = None,
    ) -> None:
        self._builder, self._allowed = builder, 2 * limits.nodes
        most = _ENDLESS if builder.most is None else builder.most
        self._enough = Needs(self._allowed, most)
        self._least, self._ahead = Least(library, self._enough), Least(library, self._enough)
        self._weigher = Weigher(builder.known, limits, scale) if scale else None
        self._steps = 0
        self._inside = False

    def count(self, steps: int) -> None:
        """Count statements, or rounds that are sure to come. Raises LimitError for too many, or
        for what those before them make."""
        self._steps += steps
        _check(self._steps, self._allowed, "statements", "an unrolled program")
        if self._weigher is not None:
            self._weigher.look()

    @contextmanager
    def weighed(self, statement: Statement, scope: Scope, rounds: int = 0) -> Iterator[None]:
        """Carry out a statement that is sure not to need too much: what is inside it is not weighed
        again. rounds: of a loop. Raises LimitError."""
        around = self._inside
        whole = bool(rounds) or not isinstance(statement.tree, _PARTS)
        if whole and (not around or rounds > _FEW):
            self._weigh(statement, scope, rounds)
        self._inside = around or whole
        try:
            yield
        finally:
            self._inside = around

    def _weigh(self, statement: Statement, scope: Scope, rounds: int) -> None:
        self._compare(lambda: self._least.of(statement, scope, self._builder.known, rounds), 1)

    def foreseen(
        self, program: Iterator[Statement | Broken], scope: Scope, functions: Sized
    ) -> Iterator[Statement | Broken]:
        """Yield statements. From the first loop or block on, all that come are weighed together,
        and again when there are twice as many blocks. Raises LimitError."""
        rest, due = [], 0
        for statement in program:
            if isinstance(statement, Statement) and _may_grow(statement):
                rest = [statement, *program]
                break
            yield statement
        for place, statement in enumerate(rest):
            is_def = isinstance(statement, Statement) and isinstance(statement.tree, _DEFINES)
            if len(functions) >= due and not is_def and not self._ahead.is_spent:
                due = 2 * len(functions) + 1
                self._foresee(rest[place:], scope)
            yield statement

    def _foresee(self, rest: Block, scope: Scope) -> None:
        self._compare(lambda: self._ahead.of_all(rest, scope, self._builder.known), 0)

    def weigh_part(self, node: ast.expr, where: Where) -> None:
        """Weigh a comprehension in a statement that is not weighed. Raises LimitError."""
        if not self._inside:
            self._compare(lambda: self._least.of_part(node, where), 0)

    def _compare(self, look: Callable[[], Needs], counted: int) -> None:
        """What is looked up of leaves on the way does not count as asked for. counted: steps of it
        that are counted already."""
        known, most = self._builder.known, self._builder.most
        heard, known.used, known.shaped = (known.used, known.shaped), set(), set()
        try:
            least = look()
        finally:
            known.used, known.shaped = heard
        steps = self._steps + max(least.steps - counted, 0)
        _check(steps, self._allowed, "statements", "an unrolled program")
        if most is not None:
            _check(self._builder.count() + least.nodes, most, "nodes", "a graph")


def _may_grow(statement: Statement) -> bool:
    return statement.plain is None and _GROWS.search(statement.text) is not None


def _check(asked: int, allowed: int, unit: str, limit: str) -> None:
    if asked > allowed:
        shown = asked if asked < _ENDLESS else "endlessly many"
        raise LimitError("limit.exceeded", asked=shown, unit=unit, limit=limit, allowed=allowed)
