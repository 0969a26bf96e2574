"""Events by the hundred, of graphs of mere numbers: columns of numbers in place of objects.

A column stands for the events that it yields, each of which has one number. Who only writes them
down reads the numbers instead: all else is the same in every run of a program, but for kinks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from engine.events import (
    AccumulateEvent,
    AdjointEvent,
    EdgeRef,
    Event,
    JacobianEvent,
    TermEvent,
    ValueEvent,
)
from engine.jacobians.jacobian import Labelled
from engine.jacobians.pattern import Pattern

__all__ = ["Column", "Ends", "JacobianColumn", "SumColumn", "ValueColumn", "events_of"]

_FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """Values of nodes, by name. seq: of the first event."""

    seq: int
    numbers: Sequence[float]
    nodes: Sequence[str]

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Event]:
        numbered = zip(count(self.seq), self.nodes, self.numbers, strict=False)
        return (ValueEvent(seq, node, np.asarray(number)) for seq, node, number in numbered)


Ends = tuple[str, str, int]
"""An edge: the names of its nodes, and the argument position."""


@dataclass(frozen=True, slots=True)
class JacobianColumn:
    """Local Jacobians of edges, 1 by 1. seq: of the first event; numbers: the entries. kinks:
    positions of those at a kink. places: where in `among` is what the pattern scales, 0 where the
    entry is the scale alone."""

    seq: int
    numbers: Sequence[float]
    edges: Sequence[Ends]
    patterns: Sequence[Pattern]
    kinks: tuple[int, ...]
    places: Sequence[int]
    among: Sequence[float]

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Event]:
        parts = zip(self.edges, self.patterns, self.places, strict=True)
        for at, (ends, pattern, place) in enumerate(parts):
            value = np.asarray(self.among[place]) if place else None
            jacobian = Labelled(np, _FLOAT64, (), (), pattern, value)
            yield JacobianEvent(self.seq + at, EdgeRef(*ends), jacobian, at in self.kinks)


@dataclass(frozen=True, slots=True)
class SumColumn:
    """The reverse sweep over some nodes, each with the edges its terms arrive along. seq: of the
    first event; numbers: for each edge the term and the running sum, for each node then its P."""

    seq: int
    numbers: Sequence[float]
    nodes: Sequence[tuple[str, Sequence[Ends]]]

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Event]:
        seq, numbers = count(self.seq), iter(self.numbers)
        for node, edges in self.nodes:
            missing = len(edges)
            for ends in edges:
                missing -= 1
                via = EdgeRef(*ends)
                yield TermEvent(next(seq), node, via, np.array([[next(numbers)]]))
                yield AccumulateEvent(next(seq), node, np.array([[next(numbers)]]), missing)
            yield AdjointEvent(next(seq), node, np.array([[next(numbers)]]))


Column = ValueColumn | JacobianColumn | SumColumn


def events_of(steps: Iterable[Event | Column]) -> Iterator[Event]:
    """Yield every event one by one."""
    for step in steps:
        if isinstance(step, Column):
            yield from step
        else:
            yield step
