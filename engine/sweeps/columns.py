"""Events by the hundred, of graphs of mere numbers: columns of numbers in place of objects.

A column stands for the events that it yields, one after the other. Who only writes them down reads
the numbers instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

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

__all__ = ["Column", "Ends", "JacobianColumn", "SumColumn", "Sums", "ValueColumn", "events_of"]

_FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """Values of nodes, by name. seq: of the first event."""

    seq: int
    nodes: Sequence[str]
    values: Sequence[float]

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Event]:
        numbered = zip(count(self.seq), self.nodes, self.values, strict=False)
        return (ValueEvent(seq, node, np.asarray(value)) for seq, node, value in numbered)


Ends = tuple[str, str, int]
"""An edge: the names of its nodes, and the argument position."""


@dataclass(frozen=True, slots=True)
class JacobianColumn:
    """Local Jacobians of edges, 1 by 1. seq: of the first event. varies: what the pattern scales,
    None where it is the scale alone; entries: the products of both."""

    seq: int
    edges: Sequence[Ends]
    patterns: Sequence[Pattern]
    varies: Sequence[float | None]
    entries: Sequence[float]
    kinks: Sequence[bool]

    def __len__(self) -> int:
        return len(self.edges)

    def __iter__(self) -> Iterator[Event]:
        parts = zip(self.edges, self.patterns, self.varies, self.kinks, strict=True)
        for seq, (ends, pattern, varies, kink) in enumerate(parts, self.seq):
            value = None if varies is None else np.asarray(varies)
            jacobian = Labelled(np, _FLOAT64, (), (), pattern, value)
            yield JacobianEvent(seq, EdgeRef(*ends), jacobian, kink)


class Sums(NamedTuple):
    """The terms that arrive at a node, the edges they come along, and the running sums, of which
    the last is its P."""

    node: str
    edges: Sequence[Ends]
    terms: Sequence[float]
    sums: Sequence[float]


@dataclass(frozen=True, slots=True)
class SumColumn:
    """The reverse sweep over some nodes. seq: of the first event; count: of the events."""

    seq: int
    nodes: Sequence[Sums]
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Event]:
        seq = count(self.seq)
        for node, edges, terms, sums in self.nodes:
            missing = len(edges)
            for ends, term, total in zip(edges, terms, sums, strict=True):
                missing -= 1
                via = EdgeRef(*ends)
                yield TermEvent(next(seq), node, via, np.array([[term]]))
                yield AccumulateEvent(next(seq), node, np.array([[total]]), missing)
            yield AdjointEvent(next(seq), node, np.array([[sums[-1]]]))


Column = ValueColumn | JacobianColumn | SumColumn


def events_of(steps: Iterable[Event | Column]) -> Iterator[Event]:
    """Yield every event one by one."""
    for step in steps:
        if isinstance(step, Column):
            yield from step
        else:
            yield step
