"""Events to bytes, quickly: what `encode` writes, for the kinds that come by the thousand.

Most of an event is the same from one to the next: its keys, the names of nodes, the head of a
tensor. These pieces are made once a stream, and a scalar costs little more than its digits. All
else is left to `encode`, which a test compares with this byte for byte.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np
import orjson

from app.wire.encode import encode, tensor
from engine.events import (
    AccumulateEvent,
    AdjointEvent,
    EdgeRef,
    JacobianEvent,
    SeedEvent,
    TangentEvent,
    TermEvent,
    ValueEvent,
)
from engine.jacobians.jacobian import Labelled
from engine.jacobians.pattern import Pattern
from engine.sweeps.columns import Column, Ends, JacobianColumn, SumColumn, Sums, ValueColumn

__all__ = ["Lines"]

_FLOAT64 = np.dtype(np.float64)
_dumps = orjson.dumps

_BOOLS = (b"false", b"true")
_NUMBER = b'{"shape":[],"dtype":"float64","data":%b}'
_ONE_BY_ONE = b'{"shape":[1,1],"dtype":"float64","data":[[%b]]}'
_VALUE = b'{"kind":"value","seq":%d,"node":%b,"value":' + _NUMBER + b"}"
_JACOBIAN = b'{"kind":"jacobian","seq":%d,"edge":%b,%b"kink":%b,"dense":' + _ONE_BY_ONE + b"}"
_TERM = b'{"kind":"term","seq":%d,"node":%b,"via":%b,"value":' + _ONE_BY_ONE + b"}"
_ACCUMULATE = b'{"kind":"accumulate","seq":%d,"node":%b,"value":' + _ONE_BY_ONE + b',"missing":%d}'
_ADJOINT = b'{"kind":"adjoint","seq":%d,"node":%b,"value":' + _ONE_BY_ONE + b"}"
"""The events of columns, all of whose numbers are finite."""


class Lines:
    """Writes the events of one stream."""

    def __init__(self) -> None:
        self._names: dict[str, bytes] = {}
        self._edges: dict[Ends, bytes] = {}
        self._tensors: dict[tuple[int, ...], bytes] = {}
        self._patterns: dict[Pattern, bytes] = {}
        self._writers: dict[type, Callable[[Any], bytes]] = {
            ValueEvent: self._value,
            SeedEvent: self._value,
            AdjointEvent: self._value,
            TangentEvent: self._value,
            AccumulateEvent: self._accumulate,
            TermEvent: self._term,
            JacobianEvent: self._jacobian,
        }

    def write(self, event: object) -> bytes:
        """The JSON of an event, as `encode` writes it."""
        return self._writers.get(type(event), encode)(event)

    def column(self, column: Column) -> list[bytes]:
        """The JSON of the events that a column stands for, one by one."""
        if isinstance(column, ValueColumn):
            return self._values(column)
        if isinstance(column, JacobianColumn):
            return self._jacobians(column)
        return self._sums(column)

    def _values(self, column: ValueColumn) -> list[bytes]:
        names = map(self._name, column.nodes)
        numbered = zip(count(column.seq), names, _texts(column.values), strict=False)
        return [_VALUE % each for each in numbered]

    def _jacobians(self, column: JacobianColumn) -> list[bytes]:
        edges, heads = map(self._ends, column.edges), map(self._head, column.patterns)
        kinks, entries = map(_BOOLS.__getitem__, column.kinks), _texts(column.entries)
        parts = zip(count(column.seq), edges, heads, kinks, entries, strict=False)
        return [_JACOBIAN % each for each in parts]

    def _sums(self, column: SumColumn) -> list[bytes]:
        lines: list[bytes] = []
        seq = column.seq
        for each in column.nodes:
            self._sum(each, seq, lines)
            seq += 1 + 2 * len(each.edges)
        return lines

    def _sum(self, each: Sums, seq: int, lines: list[bytes]) -> None:
        """The events of one node of the reverse sweep."""
        name, missing = self._name(each.node), len(each.edges)
        total = b""
        texts = _texts([*each.terms, *each.sums])
        for via, term, total in zip(each.edges, texts, texts[missing:], strict=False):
            missing -= 1
            lines.append(_TERM % (seq, name, self._ends(via), term))
            lines.append(_ACCUMULATE % (seq + 1, name, total, missing))
            seq += 2
        lines.append(_ADJOINT % (seq, name, total))

    def _value(self, event: ValueEvent) -> bytes:
        return b'{"kind":"%b","seq":%d,"node":%b,"value":%b}' % (
            event.kind.encode(),
            event.seq,
            self._name(event.node),
            self._tensor(event.value),
        )

    def _accumulate(self, event: AccumulateEvent) -> bytes:
        return b'{"kind":"accumulate","seq":%d,"node":%b,"value":%b,"missing":%d}' % (
            event.seq,
            self._name(event.node),
            self._tensor(event.value),
            event.missing,
        )

    def _term(self, event: TermEvent) -> bytes:
        return b'{"kind":"term","seq":%d,"node":%b,"via":%b,"value":%b}' % (
            event.seq,
            self._name(event.node),
            self._edge(event.via),
            self._tensor(event.value),
        )

    def _jacobian(self, event: JacobianEvent) -> bytes:
        """Of a single entry, which is most of what a graph of scalars sends."""
        jacobian = event.jacobian
        if not isinstance(jacobian, Labelled) or jacobian.pattern.sizes:
            return encode(event)
        return b'{"kind":"jacobian","seq":%d,"edge":%b,%b"kink":%b,"dense":%b}' % (
            event.seq,
            self._edge(event.edge),
            self._head(jacobian.pattern),
            _BOOLS[event.kink],
            self._tensor(jacobian.dense()),
        )

    def _name(self, name: str) -> bytes:
        written = self._names.get(name)
        if written is None:
            written = self._names[name] = _dumps(name)
        return written

    def _edge(self, edge: EdgeRef) -> bytes:
        return self._ends((edge.source, edge.to, edge.slot))

    def _ends(self, ends: Ends) -> bytes:
        written = self._edges.get(ends)
        if written is None:
            source, to, slot = ends
            parts = (self._name(source), self._name(to), slot)
            written = self._edges[ends] = b'{"from":%b,"to":%b,"slot":%d}' % parts
        return written

    def _head(self, pattern: Pattern) -> bytes:
        """What the wire says of a Jacobian of a single entry."""
        written = self._patterns.get(pattern)
        if written is None:
            told = {"structure": pattern.structure, "shape": (1, 1)}
            counts = {"stored": pattern.stored, "nonzero": pattern.nonzero}
            written = self._patterns[pattern] = _dumps({**told, **counts})[1:-1] + b","
        return written

    def _tensor(self, value: Any) -> bytes:
        if type(value) is not np.ndarray or value.size != 1 or value.dtype != _FLOAT64:
            return encode(tensor(value))
        number = value.item()
        if not math.isfinite(number):
            return encode(tensor(value))
        frame = self._tensors.get(value.shape)
        if frame is None:
            head, tail = encode(tensor(np.zeros(value.shape))).split(b"0.0")
            frame = self._tensors[value.shape] = head + b"%b" + tail
        return frame % _dumps(number)


def _texts(numbers: Sequence[float]) -> list[bytes]:
    """Finite numbers, each as it is written, by one call."""
    return _dumps(numbers)[1:-1].split(b",")
