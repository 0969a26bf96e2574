"""Events to bytes, quickly: what `encode` writes, for the kinds that come by the thousand.

Most of an event is the same from one to the next: its keys, the names of nodes, the head of a
tensor. These pieces are made once a stream, and a scalar costs little more than its digits. All
else is left to `encode`, which a test compares with this byte for byte.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson

from app.encode import encode, tensor
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

__all__ = ["Lines"]

_FLOAT64 = np.dtype(np.float64)
_dumps = orjson.dumps


class Lines:
    """Writes the events of one stream."""

    def __init__(self) -> None:
        self._names: dict[str, bytes] = {}
        self._edges: dict[int, tuple[EdgeRef, bytes]] = {}
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
            self._head(jacobian),
            b"true" if event.kink else b"false",
            self._tensor(jacobian.dense()),
        )

    def _name(self, name: str) -> bytes:
        written = self._names.get(name)
        if written is None:
            written = self._names[name] = _dumps(name)
        return written

    def _edge(self, edge: EdgeRef) -> bytes:
        found = self._edges.get(id(edge))
        if found is None:  # the edge is kept, so that no other comes to have its id
            ends = (self._name(edge.source), self._name(edge.to), edge.slot)
            found = self._edges[id(edge)] = (edge, b'{"from":%b,"to":%b,"slot":%d}' % ends)
        return found[1]

    def _head(self, jacobian: Labelled) -> bytes:
        written = self._patterns.get(jacobian.pattern)
        if written is None:
            written = _dumps(
                {
                    "structure": jacobian.structure,
                    "shape": jacobian.shape,
                    "stored": jacobian.stored,
                    "nonzero": jacobian.nonzero,
                }
            )
            written = self._patterns[jacobian.pattern] = written[1:-1] + b","
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
