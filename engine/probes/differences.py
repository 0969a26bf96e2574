"""The output as a function of one node, and its central differences: what a check of P compares
with. Nothing here knows a derivative rule.

Differences are taken in float64, whatever the precision of the run, so that what differs is P.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.backend import Array
from engine.graph import Graph, Node
from engine.misfit import misfit_error
from engine.ops import OPS, Misfit
from engine.sweeps.evaluate import Read, reader
from engine.trace import Run

__all__ = ["LADDER", "STEP", "Difference", "Probe", "base_values", "downstream"]

Vector = np.ndarray[Any, np.dtype[np.float64]]

STEP = float(np.finfo(np.float64).eps) ** (1 / 3)
"""Where the rounding of a central difference is about as large as its truncation."""

LADDER = tuple(10.0**-power for power in range(1, 13))
"""Steps from far too large to far too small."""

_FOLLOWED = frozenset({"condition", "mask"})
"""Arguments nothing is differentiated by, but where they flip the function jumps: they move along.
An index, a target or what is detached stays what it was, as the derivative takes it to be."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Slopes of the output, one for each row of P, at one step.

    central: (f(x + h) - f(x - h)) / 2h. ahead, behind: the one-sided ones. noise: what rounding
    alone may make of the central one.
    """

    step: float
    central: Vector
    ahead: Vector
    behind: Vector
    noise: Vector


_ROUNDINGS = 16
"""How many roundings, each as large as the output, the noise of a difference allows for."""

Step = tuple[Node, Callable[..., Array], tuple[int, ...], Read]
"""A node that moves: its op, which of its inputs move along, and what reads the others."""


def base_values(run: Run) -> dict[int, Array]:
    """Return the value of every elementary node in float64. The caller keeps NumPy quiet."""
    xp = run.backend.xp
    value_of = {i: xp.asarray(value, dtype=np.float64) for i, value in run.given.items()}
    for node, forward, read in run.steps:
        value_of[node.id] = _value(run.fine, node, forward, read(value_of))
    return value_of


def downstream(graph: Graph, start: int, output: int) -> tuple[tuple[Node, tuple[int, ...]], ...]:
    """Return what moves when `start` does, up to `output`: nodes in order, with the slots through
    which they are moved."""
    moving, found = {start}, []
    for node in graph.nodes[start:output]:
        slots = tuple(slot for slot in _slots(node) if node.inputs[slot] in moving)
        if slots:
            moving.add(node.id)
            found.append((node, slots))
    return tuple(found)


def _slots(node: Node) -> Iterator[int]:
    """The arguments through which a node is moved."""
    if not node.is_leaf:
        args = OPS[node.op].args
        for slot in range(len(node.inputs)):
            name = args[min(slot, len(args) - 1)]
            if slot not in node.inert or name in _FOLLOWED:
                yield slot


def _value(graph: Graph, node: Node, forward: Callable[..., Array], inputs: Any) -> Array:
    try:
        return forward(*inputs)
    except Misfit as misfit:
        raise misfit_error(graph, node, misfit) from None


def _length(moved: Vector, direction: Vector) -> np.float64:
    along = direction != 0
    return np.float64(np.max(np.abs(moved[along] / direction[along]), initial=0.0))


class Probe:
    """The rows that P differentiates (the output's entries, or its weighted sum) as a function of
    one elementary node; all else stays at its value."""

    def __init__(self, run: Run, start: int, value_of: Mapping[int, Array]) -> None:
        self.run, self.start, self.value_of = run, start, value_of
        self.output = run.view[run.output].members[-1]
        moved = {node.id: slots for node, slots in downstream(run.fine, start, self.output)}
        self.steps = [
            (node, forward, moved[node.id], reader(node.inputs))
            for node, forward, _ in run.steps
            if node.id in moved
        ]
        self.shape = np.shape(value_of[start])
        self.base = np.array(run.backend.to_host(value_of[start]), dtype=np.float64).reshape(-1)
        weights = run.weights
        self.weights = None if weights is None else self._flat(weights)
        self.rest = self._rows(value_of[self.output])

    def at(self, moved: Vector) -> Vector:
        """Return the rows with the node at other entries (flat)."""
        xp = self.run.backend.xp
        value_of = {self.start: xp.asarray(moved.reshape(self.shape))}
        for node, forward, slots, read in self.steps:
            inputs = list(read(self.value_of))
            for slot in slots:
                inputs[slot] = value_of[node.inputs[slot]]
            value_of[node.id] = _value(self.run.fine, node, forward, inputs)
        return self._rows(value_of.get(self.output, self.value_of[self.output]))

    def difference(self, direction: Vector, step: float) -> Difference:
        """Return the slopes along a direction (flat, like the node), by a step as long as its
        numbers can hold exactly."""
        high, low = self.base + step * direction, self.base - step * direction
        # What was really added, which rounding makes differ from the step asked for.
        ahead, behind = _length(high - self.base, direction), _length(self.base - low, direction)
        top, bottom = self.at(high), self.at(low)
        width = ahead + behind
        size = np.maximum(np.maximum(np.abs(top), np.abs(bottom)), self._magnitude())
        slopes = ((top - bottom) / width, (top - self.rest) / ahead, (self.rest - bottom) / behind)
        return Difference(step, *slopes, _ROUNDINGS * np.finfo(np.float64).eps * size / width)

    def entry_step(self, position: int, step: float = STEP) -> float:
        """Return the step for one entry: it grows with the entry, never below `step`."""
        size = abs(float(self.base[position]))
        return step * max(1.0, size if np.isfinite(size) else 1.0)

    def unit(self, position: int) -> Vector:
        """Return the direction of one entry."""
        direction = np.zeros_like(self.base)
        direction[position] = 1.0
        return direction

    def _flat(self, array: Array) -> Vector:
        return np.asarray(self.run.backend.to_host(array), dtype=np.float64).reshape(-1)

    def _rows(self, value: Array) -> Vector:
        flat = self._flat(value)
        return flat if self.weights is None else np.atleast_1d(np.dot(self.weights, flat))

    def _magnitude(self) -> Vector:
        """What rounding is relative to: the largest of the numbers that come out together."""
        flat = np.abs(self._flat(self.value_of[self.output]))
        if self.weights is None:
            return np.full_like(flat, np.max(flat[np.isfinite(flat)], initial=0.0))
        return np.atleast_1d(np.dot(np.abs(self.weights), flat))
