"""Forward mode: the tangent of every node, along the same edges as the values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.backend import Array, Backend
from engine.events import TangentEvent
from engine.graph import Graph
from engine.jacobians.jacobian import Jacobian, Zero

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

    A node that no seed reaches has tangent zero whatever its edges say: as in the reverse sweep, an
    infinite derivative behind it makes no NaN of 0 · ∞.
    """
    tangent_of: dict[int, Array] = {}
    moving = set(seeds)
    for node in graph:
        tangent = seeds.get(node.id)
        if tangent is None:
            tangent = backend.xp.zeros_like(value_of[node.id])
        for edge in graph.edges_into(node):
            jacobian = jacobian_of[node.id, edge.slot]
            if edge.source in moving and not isinstance(jacobian, Zero):
                moving.add(node.id)
                tangent = tangent + jacobian.right(tangent_of[edge.source][None])[0]
        tangent_of[node.id] = tangent
        yield TangentEvent(next(seq), node.name, tangent)
