"""Weighs what has been read so far against the limits of an evaluation, so that a long program is
refused where it exceeds them and not at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from engine.errors import LimitError, ShapeError
from engine.graph import Graph, Node, Shape
from engine.infer import Limits, grown
from engine.language.known import Known
from engine.language.sketch import Sketch

__all__ = ["STEP", "Scale", "Weigher"]

STEP = 500
"""Nodes between two looks; a program with fewer is weighed once, when it has been read."""

_NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Scale:
    """What is made is weighed with it. itemsize: bytes of an entry; given: the shape of the leaf of
    a name, if its value is given and not written; sketch: of random numbers not drawn yet."""

    itemsize: int
    given: Callable[[str], Shape | None] = lambda _: None
    sketch: Sketch | None = None


class Weigher:
    """The forward sweep of the nodes that there are: what the whole program takes at least."""

    def __init__(self, known: Known, limits: Limits, scale: Scale) -> None:
        self._known, self._limits, self._scale = known, limits, scale
        self._shape_of: dict[int, Shape] = {}
        self._sums = [(0, 0, 0)]
        self._due = STEP

    def look(self) -> None:
        """Add up what is new, if that is much. Raises LimitError."""
        count = len(self._known.nodes)
        if count < self._due:
            return
        self._due = count + STEP
        while self._sums[-1][0] > self._known.lowest:
            self._sums.pop()
        self._known.lowest = count
        try:
            self._add()
        except ShapeError:
            self._due = _NEVER  # it is told with all other errors, at the end

    def _add(self) -> None:
        known, (first, flops, entries) = self._known, self._sums[-1]
        new = known.nodes[first:]
        given = {node.id: self._given(node) for node in new if node.is_leaf}
        graph = Graph(tuple(known.nodes))
        flops += grown(graph, new, given, self._shape_of, self._limits)
        entries += sum([prod(self._shape_of[node.id]) for node in new])
        self._sums.append((len(graph), flops, entries))
        self._check(flops, entries, new[-1])

    def _given(self, leaf: Node) -> Shape:
        shape = self._scale.given(leaf.name)
        return self._known.values[leaf.id].shape if shape is None else shape

    def _check(self, flops: int, entries: int, last: Node) -> None:
        limits = self._limits
        for asked, unit, allowed in (
            (flops, "FLOPs", limits.flops),
            (entries * self._scale.itemsize, "bytes", limits.bytes),
        ):
            if asked > allowed:
                told = {"unit": unit, "limit": "an evaluation"}
                raise LimitError("limit.exceeded", last.span, asked=asked, **told, allowed=allowed)
