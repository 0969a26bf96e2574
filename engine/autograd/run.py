"""A snippet from text to events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.autograd.budget import Limits
from engine.autograd.events import Ended, Event, Stopped
from engine.autograd.machine import Returned
from engine.autograd.python_names import BUILTINS
from engine.autograd.read import read
from engine.autograd.refuse import Raised, span_of
from engine.autograd.statements import Interpreter
from engine.autograd.torch_names import START
from engine.errors import EngineError, Span

__all__ = ["run"]

_USUAL = Limits()


def run(source: str, limits: Limits = _USUAL) -> Iterator[Event]:
    """Return the events of a snippet, made as they are read. The last one is `Ended`.

    Raises SourceError or LimitError, before anything runs, for text that cannot be read or has
    parts that are not part of this Python; what goes wrong later is an event, `Stopped`.
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
        found = _stopped(machine, error)
    if not ok:
        yield from machine.told()
        if machine.current is not None and (machine.output or machine.observer.warned):
            machine.executed(machine.current)
            yield from machine.told()
        yield found
    yield from machine.told()
    yield Ended(machine.budget.statements, machine.budget.work, ok)


def _stopped(machine: Interpreter, error: Exception) -> Stopped:
    span = span_of(machine.current) if machine.current is not None else Span(1, 1, 1, 2)
    step = machine.budget.statements
    if isinstance(error, Raised):
        node = machine.observer.known(error.value)
        return Stopped(step, span, error.type, error.message, node, None, "", {})
    if isinstance(error, EngineError):
        span = error.span or span
        name = type(error).__name__
        return Stopped(step, span, name, error.detail, None, error.code, error.hint, error.params)
    if isinstance(error, Returned):
        return Stopped(step, span, "SyntaxError", "'return' outside function", None, None, "", {})
    depth = "maximum recursion depth exceeded"
    return Stopped(step, span, "RecursionError", depth, None, None, "", {})
