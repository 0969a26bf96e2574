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
from app.wire.framing import DEFAULT, Framing
from engine import Program
from engine.events import (
    AccumulateEvent,
    AdjointEvent,
    EdgeRef,
    GraphEvent,
    JacobianEvent,
    SeedEvent,
    TangentEvent,
    TermEvent,
    ValueEvent,
)
from engine.jacobians.jacobian import Labelled
from engine.jacobians.pattern import Pattern
from engine.sweeps.columns import Column, Ends, JacobianColumn, ValueColumn

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
"""The events of columns, whose numbers are finite."""

_HOLE = b"\0"
"""Stands for a number, and in no JSON."""

Template = tuple[tuple[int, ...], bytes]
"""The events of a column as they are sent, with places for their numbers; and the kinks it is for:
all else of a column is the same in every run of a program. Empty until there is a second run."""


class Lines:
    """Writes the events of one program, run after run."""

    def __init__(self, framing: Framing = DEFAULT) -> None:
        self.framing = framing
        self._graph: tuple[object, bytes] = (None, b"")
        self._templates: dict[int, Template] = {}
        self._names: dict[str, bytes] = {}
        self._edges: dict[Ends, bytes] = {}
        self._tensors: dict[tuple[int, ...], bytes] = {}
        self._patterns: dict[Pattern, bytes] = {}

    @staticmethod
    def of(program: Program, framing: Framing) -> Lines:
        """Who wrote this program last, if in the same framing."""
        found = program.kept.get(Lines)
        if not isinstance(found, Lines) or found.framing is not framing:
            found = program.kept[Lines] = Lines(framing)
        return found

    def write(self, event: object) -> bytes:
        """The JSON of an event, as `encode` writes it."""
        write = _WRITERS.get(type(event))
        return encode(event) if write is None else write(self, event)

    def column(self, column: Column) -> list[bytes]:
        """The JSON of the events that a column stands for, one by one."""
        return self._written(column, _texts(column.numbers))

    def framed(self, column: Column) -> bytes:
        """The events that a column stands for, as they are sent; not the first of a stream."""
        texts, seq = _texts(column.numbers), column.seq
        kinks = column.kinks if isinstance(column, JacobianColumn) else ()
        found = self._templates.get(seq)
        if found is None:
            self._templates[seq] = kinks, b""
            return self.framing.frames(seq, self._written(column, texts))
        if not found[1] or found[0] != kinks:
            blank = self.framing.frames(seq, self._written(column, [_HOLE] * len(texts)))
            template = blank.replace(b"%", b"%%").replace(_HOLE, b"%b")
            found = self._templates[seq] = kinks, template
        return found[1] % tuple(texts)

    def _written(self, column: Column, texts: Sequence[bytes]) -> list[bytes]:
        """The events of a column with these texts for its numbers."""
        if isinstance(column, ValueColumn):
            parts = zip(count(column.seq), map(self._name, column.nodes), texts, strict=False)
            return [_VALUE % each for each in parts]
        if isinstance(column, JacobianColumn):
            return self._jacobians(column, texts)
        lines: list[bytes] = []
        for node, edges in column.nodes:
            self._sum(node, edges, column.seq, lines, texts)
        return lines

    def _jacobians(self, column: JacobianColumn, texts: Sequence[bytes]) -> list[bytes]:
        found = {id(pattern): pattern for pattern in column.patterns}
        head_of = {key: self._head(pattern) for key, pattern in found.items()}
        edges, heads = map(self._ends, column.edges), [head_of[id(p)] for p in column.patterns]
        kinks = [_BOOLS[False]] * len(column)
        for at in column.kinks:
            kinks[at] = _BOOLS[True]
        parts = zip(count(column.seq), edges, heads, kinks, texts, strict=False)
        return [_JACOBIAN % each for each in parts]

    def _sum(
        self,
        node: str,
        edges: Sequence[Ends],
        first: int,
        lines: list[bytes],
        texts: Sequence[bytes],
    ) -> None:
        """The events of one node of the reverse sweep. first: the number of `lines[0]`."""
        name, missing, at = self._name(node), len(edges), len(lines)
        for ends in edges:
            missing -= 1
            lines.append(_TERM % (first + at, name, self._ends(ends), texts[at]))
            lines.append(_ACCUMULATE % (first + at + 1, name, texts[at + 1], missing))
            at += 2
        lines.append(_ADJOINT % (first + at, name, texts[at]))

    def _first(self, event: GraphEvent) -> bytes:
        """The graph: its digest comes last and alone differs from run to run."""
        of, head = self._graph
        if of is not event.nodes:
            head = encode(event).removesuffix(_dumps(event.digest) + b"}")
            self._graph = event.nodes, head
        return head + _dumps(event.digest) + b"}"

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


_WRITERS: dict[type, Callable[[Lines, Any], bytes]] = {
    GraphEvent: Lines._first,
    ValueEvent: Lines._value,
    SeedEvent: Lines._value,
    AdjointEvent: Lines._value,
    TangentEvent: Lines._value,
    AccumulateEvent: Lines._accumulate,
    TermEvent: Lines._term,
    JacobianEvent: Lines._jacobian,
}


def _texts(numbers: Sequence[float]) -> list[bytes]:
    """Finite numbers, each as it is written, by one call."""
    return _dumps(numbers)[1:-1].split(b",")
