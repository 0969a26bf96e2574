"""Statements: each simple one is a step, after which its event is told; blocks tell their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from engine.autograd import operators
from engine.autograd.attributes import attribute, set_attribute, set_subscript, subscript
from engine.autograd.call import called, items_of
from engine.autograd.errors import catches
from engine.autograd.events import Event
from engine.autograd.expressions import closure, evaluate, truth
from engine.autograd.imports import bind_import
from engine.autograd.machine import Broke, Continued, Machine, Returned
from engine.autograd.refuse import Raised, refused
from engine.autograd.scope import Scope
from engine.autograd.text import plain_text
from engine.autograd.values import Closure, Kind, Native, python_name
from engine.eager.hooks import RemovableHandle
from engine.eager.modes import Mode

__all__ = ["Interpreter"]

Steps = Iterator[Event]
CONTEXTS = (Mode, RemovableHandle)


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
        rule = _BLOCKS.get(type(node))
        if rule is not None:
            yield from rule(self, node)
            return
        with self.active():
            self.budget.state()
            _SIMPLE[type(node)](self, node)
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
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.DictComp):
            stack.extend(ast.iter_child_nodes(node))
    return frozenset(found - outer)


def _assign(machine: Interpreter, node: ast.Assign) -> None:
    value = evaluate(machine, node.value)
    for target in node.targets:
        machine.assign(target, value)


def _annotated(machine: Interpreter, node: ast.AnnAssign) -> None:
    if node.value is not None:
        machine.assign(node.target, evaluate(machine, node.value))


def _augmented(machine: Interpreter, node: ast.AugAssign) -> None:
    target, kind = node.target, type(node.op)

    def changed(before: Any) -> Any:
        return operators.in_place(machine.budget, kind, before, evaluate(machine, node.value))

    if isinstance(target, ast.Attribute):
        holder = evaluate(machine, target.value)
        value = changed(attribute(machine, holder, target))
        set_attribute(machine, holder, target, value)
    elif isinstance(target, ast.Subscript):
        holder, index = evaluate(machine, target.value), evaluate(machine, target.slice)
        value = changed(subscript(machine, holder, index))
        set_subscript(machine, holder, index, value)
    else:
        name = ast.Name(target.id, ast.Load(), lineno=target.lineno, col_offset=target.col_offset)
        machine.assign(target, changed(evaluate(machine, name)))


def _delete(machine: Interpreter, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            machine.scope.unbind(target.id)
        elif isinstance(target, ast.Subscript):
            holder, index = evaluate(machine, target.value), evaluate(machine, target.slice)
            if not isinstance(holder, list | dict):
                raise Raised(
                    "TypeError", f"'{python_name(holder)}' object doesn't support item deletion"
                )
            del holder[index]
        else:
            raise refused("del of an attribute", "Set it to None.", target)


def _raise(machine: Interpreter, node: ast.Raise) -> None:
    if node.exc is None:
        if not machine.handling:
            raise Raised("RuntimeError", "No active exception to reraise")
        raise machine.handling[-1]
    value = evaluate(machine, node.exc)
    if isinstance(value, Kind):
        value = called(machine, value, [], {})
    if not isinstance(value, Raised):
        raise Raised("TypeError", "exceptions must derive from BaseException")
    raise value


def _assert(machine: Interpreter, node: ast.Assert) -> None:
    if not truth(evaluate(machine, node.test)):
        message = "" if node.msg is None else evaluate(machine, node.msg)
        raise Raised("AssertionError", plain_text(machine.budget, message))


def _return(machine: Interpreter, node: ast.Return) -> None:
    value = None if node.value is None else evaluate(machine, node.value)
    machine.executed(node)
    raise Returned(value)


def _define(machine: Interpreter, node: ast.FunctionDef) -> Steps:
    def make() -> None:
        made = closure(machine, node.name, node.args, node.body)
        for decorator in reversed(node.decorator_list):
            mode = evaluate(machine, decorator)
            if isinstance(mode, Native):
                mode = called(machine, mode, [], {})
            if not isinstance(mode, Mode):
                raise refused("this decorator", "Use `@torch.no_grad()`.", decorator)
            made.wrap.append(mode)
        machine.assign(ast.Name(node.name, ast.Store()), made)

    machine.head(node, make)
    yield from machine.told()


def _if(machine: Interpreter, node: ast.If) -> Steps:
    chosen = machine.head(node, lambda: truth(evaluate(machine, node.test)))
    yield from machine.told()
    yield from machine.block(node.body if chosen else node.orelse)


def _turn(machine: Interpreter, body: list[ast.stmt]) -> Iterator[Event]:
    """One turn of a loop; Broke passes through."""
    try:
        yield from machine.block(body)
    except Continued:
        yield from machine.told()


def _while(machine: Interpreter, node: ast.While) -> Steps:
    while machine.head(node, lambda: truth(evaluate(machine, node.test))):
        yield from machine.told()
        try:
            yield from _turn(machine, node.body)
        except Broke:
            yield from machine.told()
            return
    yield from machine.told()
    yield from machine.block(node.orelse)


def _for(machine: Interpreter, node: ast.For) -> Steps:
    with machine.active():
        several = items_of(machine, evaluate(machine, node.iter))

    def advance() -> bool:
        for each in several:
            machine.assign(node.target, each)
            return True
        return False

    while True:
        with machine.active():
            more = advance()
        if not more:
            break
        machine.head(node, lambda: None)
        yield from machine.told()
        try:
            yield from _turn(machine, node.body)
        except Broke:
            yield from machine.told()
            return
    yield from machine.block(node.orelse)


def _with(machine: Interpreter, node: ast.With) -> Steps:
    entered: list[Any] = []

    def begin() -> None:
        for item in node.items:
            mode = evaluate(machine, item.context_expr)
            if not isinstance(mode, CONTEXTS):
                name = python_name(mode)
                text = f"'{name}' object does not support the context manager protocol"
                raise Raised("TypeError", text)
            value = mode.__enter__()
            entered.append(mode)
            if item.optional_vars is not None:
                machine.assign(item.optional_vars, value)

    try:
        machine.head(node, begin)
        yield from machine.told()
        yield from machine.block(node.body)
    finally:
        with machine.active():
            for mode in reversed(entered):
                mode.__exit__(None, None, None)


def _try(machine: Interpreter, node: ast.Try) -> Steps:
    try:
        try:
            yield from machine.block(node.body)
        except Raised as error:
            handler = _handler(machine, node, error)
            if handler is None:
                raise
            yield from machine.told()
            if handler.name:
                machine.scope.bind(handler.name, error)
            machine.handling.append(error)
            yield from machine.block(handler.body)
            machine.handling.pop()
            if handler.name:
                machine.scope.unbind(handler.name)
        else:
            yield from machine.block(node.orelse)
    finally:
        if node.finalbody:
            yield from machine.block(node.finalbody)


def _handler(machine: Interpreter, node: ast.Try, error: Raised) -> ast.ExceptHandler | None:
    for handler in node.handlers:
        if handler.type is None:
            return handler
        kinds = evaluate(machine, handler.type)
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            if isinstance(kind, Kind) and catches(kind.name, error.type):
                return handler
    return None


def _signal(kind: type[Exception]) -> Callable[[Interpreter, ast.stmt], None]:
    def rule(machine: Interpreter, node: ast.stmt) -> None:
        machine.executed(node)
        raise kind

    return rule


def _share(machine: Interpreter, node: Any) -> None:
    for name in node.names:
        machine.scope.share(name, isinstance(node, ast.Global))


_BLOCKS: dict[type, Callable[[Interpreter, Any], Steps]] = {
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.With: _with,
    ast.Try: _try,
    ast.FunctionDef: _define,
}
_SIMPLE: dict[type, Callable[[Interpreter, Any], None]] = {
    ast.Expr: lambda machine, node: evaluate(machine, node.value),
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Return: _return,
    ast.Pass: lambda machine, node: None,
    ast.Break: _signal(Broke),
    ast.Continue: _signal(Continued),
    ast.Global: _share,
    ast.Nonlocal: _share,
    ast.Import: bind_import,
    ast.ImportFrom: bind_import,
}
