"""The expression and the program that a call stands in, as those see them that read it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from engine.errors import Span
from engine.language.build import Builder
from engine.language.create import Maker
from engine.language.given import Given
from engine.language.scope import Function, Scope, Value, Where
from engine.language.syntax import Statement
from engine.ops import Op

__all__ = ["Caller", "Operands", "Task"]

Task = tuple[Callable[..., Value], ast.expr, int, Any]
"""What is to be done with the values of the last few operands."""


class Operands(Protocol):
    """The expression that a call stands in."""

    builder: Builder
    caller: Caller
    scope: Scope
    statement: Statement

    def value(self, root: ast.expr) -> Value:
        """Return the value of an expression."""

    @property
    def where(self) -> Where:
        """What may be looked up."""

    @property
    def pure(self) -> Where:
        """What may be looked up where a node must stay one."""

    def at(self, node: ast.expr) -> tuple[Span, str]:
        """Return where the nodes of an expression stand."""

    def as_node(self, value: Value, item: ast.expr) -> int:
        """Return a value as a node."""

    def apply(self, item: ast.expr, values: list[Value], rest: tuple[Op, Any]) -> Value:
        """Add an op."""

    def given(self, given: Given, item: ast.expr) -> Value:
        """Add a tensor that was made."""


class Caller(Protocol):
    """The program that an expression stands in."""

    builder: Builder
    maker: Maker

    def call(
        self,
        function: Function,
        arguments: dict[str, Value],
        within: Any,
        node: ast.Call,
        whole: bool,
    ) -> Value:
        """Read the body of a block in the place of its call."""

    def comprehension(self, within: Any, node: ast.expr) -> Value:
        """Return what a comprehension makes."""

    def total(self, within: Any, node: ast.ListComp | ast.GeneratorExp) -> Value:
        """Return the sum of what a comprehension makes."""

    def rounds(self, within: Any, node: ast.ListComp | ast.DictComp) -> Iterator[int]:
        """Bind the names of a comprehension, round by round."""

    def block(self, name: str) -> Function:
        """Return a block of the library."""
