"""Weighs what has been read so far against the limits of an evaluation, so that a long program is
refused where it exceeds them and not at its end."""

from __future__ import annotations

from math import prod

from engine.errors import LimitError, ShapeError
from engine.graph import Graph, Shape
from engine.infer import Limits, grown
from engine.language.known import Known

__all__ = ["STEP", "Weigher"]

STEP = 500
"""Nodes between two looks; a program with fewer is weighed once, when it has been read."""

_NEVER = 2**62


class Weigher:
    """The forward sweep of the nodes that there are: what the whole program takes at least.
    itemsize: bytes of an entry."""

    def __init__(self, known: Known, limits: Limits, itemsize: int) -> None:
        self._known, self._limits, self._itemsize = known, limits, itemsize
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
        given = {node.id: known.values[node.id].shape for node in new if node.is_leaf}
        graph, limits = Graph(tuple(known.nodes)), self._limits
        flops += grown(graph, new, given, self._shape_of, limits)
        entries += sum([prod(self._shape_of[node.id]) for node in new])
        self._sums.append((len(graph), flops, entries))
        for asked, unit, allowed in (
            (flops, "FLOPs", limits.flops),
            (entries * self._itemsize, "bytes", limits.bytes),
        ):
            if asked > allowed:
                told = {"unit": unit, "limit": "an evaluation"}
                span = new[-1].span
                raise LimitError("limit.exceeded", span, asked=asked, **told, allowed=allowed)
