"""Simple statements: what each does; its event is told by whoever runs it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from engine.autograd import operators
from engine.autograd.attributes import attribute, set_attribute, set_subscript, subscript
from engine.autograd.call import called
from engine.autograd.classes import define_class
from engine.autograd.expressions import evaluate, truth
from engine.autograd.imports import bind_import
from engine.autograd.machine import Broke, Continued, Machine, Returned
from engine.autograd.refuse import Raised, refused
from engine.autograd.text import plain_text
from engine.autograd.values import Kind, python_name

__all__ = ["SIMPLE"]


def _assign(machine: Machine, node: ast.Assign) -> None:
    value = evaluate(machine, node.value)
    for target in node.targets:
        machine.assign(target, value)


def _annotated(machine: Machine, node: ast.AnnAssign) -> None:
    if node.value is not None:
        machine.assign(node.target, evaluate(machine, node.value))


def _augmented(machine: Machine, node: ast.AugAssign) -> None:
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


def _delete(machine: Machine, node: ast.Delete) -> None:
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


def _raise(machine: Machine, node: ast.Raise) -> None:
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


def _assert(machine: Machine, node: ast.Assert) -> None:
    if not truth(evaluate(machine, node.test)):
        message = "" if node.msg is None else evaluate(machine, node.msg)
        raise Raised("AssertionError", plain_text(machine.budget, message))


def _return(machine: Machine, node: ast.Return) -> None:
    value = None if node.value is None else evaluate(machine, node.value)
    machine.executed(node)
    raise Returned(value)


def _signal(kind: type[Exception]) -> Callable[[Machine, ast.stmt], None]:
    def rule(machine: Machine, node: ast.stmt) -> None:
        machine.executed(node)
        raise kind

    return rule


def _share(machine: Machine, node: Any) -> None:
    for name in node.names:
        machine.scope.share(name, isinstance(node, ast.Global))


SIMPLE: dict[type, Callable[[Machine, Any], None]] = {
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
    ast.ClassDef: define_class,
}
