"""Runs statements: each simple one is a step, and its event is told; blocks tell their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from engine.autograd.attributes import set_attribute, set_subscript
from engine.autograd.blocks import BLOCKS
from engine.autograd.call import items_of
from engine.autograd.events import Event
from engine.autograd.expressions import evaluate
from engine.autograd.machine import Machine, Returned
from engine.autograd.refuse import Raised
from engine.autograd.scope import Scope
from engine.autograd.simple import SIMPLE
from engine.autograd.values import Closure

__all__ = ["Interpreter"]

Steps = Iterator[Event]


class Interpreter(Machine):
    """The machine with its rules for statements."""

    current: ast.stmt | None = None

    def evaluate(self, node: ast.expr) -> Any:
        return evaluate(self, node)

    def block(self, body: list[ast.stmt]) -> Steps:
        """Run statements, one after the other."""
        for node in body:
            yield from self.statement(node)

    def statement(self, node: ast.stmt) -> Steps:
        """Run one statement."""
        self.current = node
        rule = BLOCKS.get(type(node))
        if rule is not None:
            yield from rule(self, node)
            return
        with self.active():
            self.budget.state()
            SIMPLE[type(node)](self, node)
        self.executed(node)
        yield from self.told()

    def head(self, node: ast.stmt, value: Callable[[], Any]) -> Any:
        """Evaluate the head of a block: it is a step too."""
        self.current = node
        with self.active():
            self.budget.state()
            found = value()
        self.executed(node)
        return found

    def enter(self, function: Closure, names: dict[str, Any]) -> Any:
        outside, current, told = self.scope, self.current, self.waiting
        self.scope, self.waiting = Scope(function.scope, _local(function)), []
        self.scope.names.update(names)
        self.scope.function = function
        self.functions.append(function.name)
        value = None
        try:
            if isinstance(function.body, ast.expr):
                value = evaluate(self, function.body)
            else:
                for event in self.block(function.body):
                    told.append(event)
        except Returned as returned:
            value = returned.value
        finally:
            self.scope, self.waiting = outside, told + self.waiting
            self.functions.pop()
        self.current = current
        return value

    def assign(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name):
            self.scope.bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, list(items_of(self, value)))
        elif isinstance(target, ast.Attribute):
            set_attribute(self, evaluate(self, target.value), target, value)
        elif isinstance(target, ast.Subscript):
            holder, index = evaluate(self, target.value), evaluate(self, target.slice)
            set_subscript(self, holder, index, value)

    def _unpack(self, targets: list[ast.expr], values: list[Any]) -> None:
        star = next((i for i, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
        if star is not None and len(values) >= len(targets) - 1:
            behind = len(targets) - star - 1
            middle = values[star : len(values) - behind]
            values = [*values[:star], middle, *values[len(values) - behind :]]
        if len(values) < len(targets):
            wanted = f"not enough values to unpack (expected {len(targets)}, got {len(values)})"
            raise Raised("ValueError", wanted)
        if len(values) > len(targets):
            raise Raised("ValueError", f"too many values to unpack (expected {len(targets)})")
        for target, value in zip(targets, values, strict=True):
            self.assign(target.value if isinstance(target, ast.Starred) else target, value)


def _local(function: Closure) -> frozenset[str]:
    """The names that a function binds itself."""
    if isinstance(function.body, ast.expr):
        return frozenset()
    found, outer = set(), set()
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outer.update(node.names)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.DictComp):
            stack.extend(ast.iter_child_nodes(node))
    return frozenset(found - outer)
