"""Forward mode: the tangent of every node, along the same edges as the values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.backend import Array, Backend
from engine.events import TangentEvent
from engine.graph import Graph
from engine.jacobian import Jacobian

__all__ = ["tangent_sweep"]


def tangent_sweep(
    graph: Graph,
    backend: Backend,
    value_of: Mapping[int, Array],
    jacobian_of: Mapping[tuple[int, int], Jacobian],
    seeds: Mapping[int, Array],
    seq: Iterator[int],
) -> Iterator[TangentEvent]:
    """Yield the tangent of every node: u̇_i = Σ_j J_{j→i} u̇_j.

    seeds: tangents of leaves by id, in their shapes; other leaves have tangent zero. jacobian_of:
    by (node id, slot). The caller keeps NumPy quiet.
    """
    tangent_of: dict[int, Array] = {}
    for node in graph:
        tangent = seeds.get(node.id)
        if tangent is None:
            tangent = backend.xp.zeros_like(value_of[node.id])
        for edge in graph.edges_into(node):
            pushed = jacobian_of[node.id, edge.slot].right(tangent_of[edge.source][None])
            tangent = tangent + pushed[0]
        tangent_of[node.id] = tangent
        yield TangentEvent(next(seq), node.name, tangent)
