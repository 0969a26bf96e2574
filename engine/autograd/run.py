"""A snippet from text to events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.autograd.budget import Limits
from engine.autograd.events import Ended, Event, Failed
from engine.autograd.machine import Returned
from engine.autograd.python_names import BUILTINS
from engine.autograd.read import read
from engine.autograd.refuse import Raised, place_of
from engine.autograd.statements import Interpreter
from engine.autograd.torch_names import START
from engine.errors import EngineError

__all__ = ["run"]

_USUAL = Limits()


def run(source: str, limits: Limits = _USUAL) -> Iterator[Event]:
    """Return the events of a snippet, made as they are read. The last one is `Ended`.

    Raises SourceError or LimitError, before anything runs, for text that cannot be read or has
    parts that are not part of this Python; what goes wrong later is an event, `Failed`.
    """
    tree = read(source, limits)
    machine = Interpreter(limits)
    machine.builtins = BUILTINS | START
    return _events(machine, tree.body)


def _events(machine: Interpreter, body: list[Any]) -> Iterator[Event]:
    ok = False
    try:
        yield from machine.block(body)
        ok = True
    except (Raised, EngineError, RecursionError, MemoryError, Returned) as error:
        found = _failed(machine, error)
    if not ok:
        yield from machine.told()
        if machine.current is not None and (machine.output or machine.observer.warned):
            machine.executed(machine.current)
            yield from machine.told()
        yield found
    yield from machine.told()
    yield Ended(machine.budget.statements, machine.budget.work, ok)


def _failed(machine: Interpreter, error: Exception) -> Failed:
    place = place_of(machine.current) if machine.current is not None else (1, 1, 1, 2)
    step = machine.budget.statements
    if isinstance(error, Raised):
        node = machine.observer.known(error.value)
        return Failed(step, place, error.type, error.message, node, None, "", {})
    if isinstance(error, EngineError):
        if error.span is not None:
            span = error.span
            place = (span.line, span.column, span.end_line, span.end_column)
        name = type(error).__name__
        return Failed(step, place, name, error.detail, None, error.code, error.hint, error.params)
    if isinstance(error, Returned):
        return Failed(step, place, "SyntaxError", "'return' outside function", None, None, "", {})
    depth = "maximum recursion depth exceeded"
    return Failed(step, place, "RecursionError", depth, None, None, "", {})
