"""Blocks: each turn of a loop, each test of an `if` is a step; then come the statements within."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from engine.autograd.call import items_of
from engine.autograd.classes import defined
from engine.autograd.errors import catches
from engine.autograd.events import Event
from engine.autograd.expressions import evaluate, truth
from engine.autograd.machine import Broke, Continued, Machine
from engine.autograd.refuse import Raised
from engine.autograd.values import Kind, python_name
from engine.eager.hooks import RemovableHandle
from engine.eager.modes import Mode

__all__ = ["BLOCKS"]

Steps = Iterator[Event]
CONTEXTS = (Mode, RemovableHandle)


def _define(machine: Machine, node: ast.FunctionDef) -> Steps:
    def make() -> None:
        made = defined(machine, node, node.name)
        machine.assign(ast.Name(node.name, ast.Store()), made)

    machine.head(node, make)
    yield from machine.told()


def _if(machine: Machine, node: ast.If) -> Steps:
    chosen = machine.head(node, lambda: truth(evaluate(machine, node.test)))
    yield from machine.told()
    yield from machine.block(node.body if chosen else node.orelse)


def _turn(machine: Machine, body: list[ast.stmt]) -> Iterator[Event]:
    """One turn of a loop; Broke passes through."""
    try:
        yield from machine.block(body)
    except Continued:
        yield from machine.told()


def _while(machine: Machine, node: ast.While) -> Steps:
    while machine.head(node, lambda: truth(evaluate(machine, node.test))):
        yield from machine.told()
        try:
            yield from _turn(machine, node.body)
        except Broke:
            yield from machine.told()
            return
    yield from machine.told()
    yield from machine.block(node.orelse)


def _for(machine: Machine, node: ast.For) -> Steps:
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


def _with(machine: Machine, node: ast.With) -> Steps:
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


def _try(machine: Machine, node: ast.Try) -> Steps:
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


def _handler(machine: Machine, node: ast.Try, error: Raised) -> ast.ExceptHandler | None:
    for handler in node.handlers:
        if handler.type is None:
            return handler
        kinds = evaluate(machine, handler.type)
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            if isinstance(kind, Kind) and catches(kind.name, error.type):
                return handler
    return None


BLOCKS: dict[type, Callable[[Machine, Any], Steps]] = {
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.With: _with,
    ast.Try: _try,
    ast.FunctionDef: _define,
}
