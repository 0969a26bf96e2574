"""What a snippet may use: every operation is counted, and nothing large is made before it is known
to fit. What is counted is the same on every machine, so a snippet stops at the same place."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from engine.errors import LimitError

__all__ = ["Budget", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """statements: that run, those of functions and loops each time. operations: expressions that
    are evaluated. entries: of one tensor. total: entries of all results together. output:
    characters printed. calls: functions within functions. items: of a list or text. names: of
    tensors that are told. nodes: of the graph that are told. told: entries of a tensor that are
    told. source: characters; depth: of brackets and blocks."""

    statements: int = 1_000
    operations: int = 100_000
    entries: int = 250_000
    total: int = 20_000_000
    output: int = 100_000
    calls: int = 40
    items: int = 100_000
    names: int = 400
    nodes: int = 500
    told: int = 1_000
    source: int = 20_000
    depth: int = 40


class Budget:
    """What is left. Each method raises LimitError where it is used up."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.work = self.made = self.printed = self.calls = self.statements = 0

    def spend(self, count: int = 1) -> None:
        """Count operations."""
        self.work += count
        if self.work > self.limits.operations:
            raise LimitError("autograd.budget.operations", allowed=self.limits.operations)

    def state(self) -> None:
        """Count a statement."""
        if self.statements >= self.limits.statements:
            raise LimitError("autograd.budget.statements", allowed=self.limits.statements)
        self.statements += 1

    def tensor(self, entries: int) -> None:
        """Count a tensor that is about to be made."""
        if entries > self.limits.entries:
            raise LimitError("autograd.budget.entries", allowed=self.limits.entries)
        self.made += entries
        if self.made > self.limits.total:
            raise LimitError("autograd.budget.total", allowed=self.limits.total)

    def items(self, count: int) -> None:
        """Count a list or text that is about to be made."""
        if count > self.limits.items:
            raise LimitError("autograd.budget.items", allowed=self.limits.items)
        self.spend(1 + count // 16)

    def sized(self, value: Any) -> Any:
        """Return a value that was made, and count its size."""
        if isinstance(value, Sized) and isinstance(value, str | list | tuple | dict | set):
            self.items(len(value))
        return value

    def print(self, text: str) -> None:
        """Count output."""
        self.printed += len(text)
        if self.printed > self.limits.output:
            raise LimitError("autograd.budget.output", allowed=self.limits.output)

    def enter(self) -> None:
        """Count a call that begins."""
        self.calls += 1
        if self.calls > self.limits.calls:
            raise LimitError("autograd.budget.calls", allowed=self.limits.calls)

    def leave(self) -> None:
        """Count a call that ended."""
        self.calls -= 1
