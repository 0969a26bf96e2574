"""Runs the statements of a snippet, one at a time, on our own tree-walking evaluator.

A generator of events drives it: whoever reads the events sets the pace, and may stop at any time.
Between statements the thread's own settings hold, so a reader sees nothing of ours.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from engine.autograd import errors
from engine.autograd.budget import Budget, Limits
from engine.autograd.events import Event
from engine.autograd.observe import Observer
from engine.autograd.random import Generator
from engine.autograd.refuse import Raised
from engine.autograd.scope import Scope
from engine.autograd.values import Closure
from engine.eager.modes import RECORDING

__all__ = ["Broke", "Continued", "Machine", "Returned"]


class Returned(Exception):
    """A function gives its value."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class Broke(Exception):
    """A loop is left."""


class Continued(Exception):
    """A loop goes on with its next turn."""


class Machine:
    """The state of one run: names, budget, what was printed, and events that wait to be told."""

    def __init__(self, limits: Limits, device: str = "cpu") -> None:
        self.limits, self.budget, self.device = limits, Budget(limits), device
        self.generator = Generator(0)
        self.real: np.dtype[Any] = np.dtype(np.float32)
        self.recording, self.inference = True, False
        self.printing: Any = None
        self.output: list[str] = []
        self.anomaly = False
        self.waiting: list[Event] = []
        self.functions: list[str] = []
        self.handling: list[Raised] = []
        self.modes: list[bool] = []
        self.scope = Scope()
        self._inside = False
        self.builtins: Mapping[str, Any] = {}
        self.observer = Observer(self)

    def evaluate(self, node: ast.expr) -> Any:
        """Return the value of an expression."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Any) -> None:
        """Give a target its value."""
        raise NotImplementedError

    def block(self, body: list[ast.stmt]) -> Iterator[Event]:
        """Run statements, one after the other."""
        raise NotImplementedError

    def head(self, node: ast.stmt, value: Callable[[], Any]) -> Any:
        """Return the value of the head of a block: it is a step too."""
        raise NotImplementedError

    def enter(self, function: Closure, names: dict[str, Any]) -> Any:
        """Return what a function of the snippet gives for these arguments."""
        raise NotImplementedError

    @contextmanager
    def active(self) -> Iterator[None]:
        """Within: ops of this thread are those of the snippet. An error of the host becomes the
        snippet's own, where it may be."""
        try:
            if self._inside:
                yield
            else:
                with self._settings():
                    yield
        except errors.HOST as error:
            raise errors.raised(error) from None

    @contextmanager
    def _settings(self) -> Iterator[None]:
        before = dict(vars(RECORDING))
        RECORDING.on, RECORDING.real = self.recording, self.real
        RECORDING.inference, RECORDING.printing = self.inference, self.printing
        RECORDING.charge, RECORDING.watch = self.budget.tensor, self.observer.pulled
        RECORDING.warned = self.observer.warned_of
        self._inside = True
        try:
            with np.errstate(all="ignore"):
                yield
        finally:
            self._inside = False
            self.recording, self.real = RECORDING.on, RECORDING.real
            self.inference, self.printing = RECORDING.inference, RECORDING.printing
            vars(RECORDING).clear()
            vars(RECORDING).update(before)

    def print(self, text: str) -> None:
        """Add to the output."""
        self.budget.print(text)
        self.output.append(text)

    def executed(self, node: ast.stmt) -> None:
        """Tell that a statement ran."""
        self.waiting.append(self.observer.executed(node))

    def told(self) -> Iterator[Event]:
        """Yield the events that wait."""
        waiting, self.waiting = self.waiting, []
        yield from waiting

    def is_recording(self) -> bool:
        """Return whether ops of the snippet are recorded."""
        return RECORDING.on if self._inside else self.recording
