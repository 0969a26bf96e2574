"""The reverse sweep: P_n is the seed; P_i = Σ_k P_k J_{i→k}, in reverse topological order.

P is a stack of m cotangents, shape (m, *shape of u_i); with m = 1 this is an ordinary backward
pass. Source: Griewank & Walther, "Evaluating Derivatives" (2008), ch. 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from engine.backend import Array
from engine.events import AccumulateEvent, AdjointEvent, EdgeRef, SeedEvent, TermEvent
from engine.graph import Edge, Graph
from engine.jacobians.jacobian import Jacobian

__all__ = ["Schedule", "reverse_sweep", "schedule"]

ReverseEvent = SeedEvent | TermEvent | AccumulateEvent | AdjointEvent


@dataclass(frozen=True, slots=True)
class Schedule:
    """The order of a reverse sweep: each node with the edges whose products sum to its P, users
    from the last to the first."""

    output: int
    steps: tuple[tuple[int, tuple[Edge, ...]], ...]


def schedule(graph: Graph, output: int) -> Schedule:
    """Return the order in which P reaches the nodes, from the output back."""
    reached = graph.reaches(output)
    users = graph.users
    steps = tuple(
        [
            (node, tuple([edge for edge in reversed(users[node]) if edge.to in reached]))
            for node in range(output - 1, 0, -1)
            if node in reached
        ]
    )
    return Schedule(output, steps)


def reverse_sweep(
    graph: Graph,
    order: Schedule,
    seed: Array,
    jacobian_of: Mapping[tuple[int, int], Jacobian],
    seq: Iterator[int],
) -> Iterator[ReverseEvent]:
    """Yield the events of the sweep.

    seed: (m, *shape of the output). jacobian_of: by (node id, slot). seq: numbers the events. The
    caller keeps NumPy quiet.
    """
    output = graph[order.output].name
    adjoint_of: dict[int, Array] = {order.output: seed}
    yield SeedEvent(next(seq), output, _rows(seed))
    yield AdjointEvent(next(seq), output, _rows(seed))
    for node_id, arriving in order.steps:
        total: Array = None
        missing = len(arriving)
        for edge in arriving:
            via = EdgeRef(graph[node_id].name, graph[edge.to].name, edge.slot)
            term = jacobian_of[edge.to, edge.slot].left(adjoint_of[edge.to])
            total = term if total is None else total + term
            missing -= 1
            yield TermEvent(next(seq), via.source, via, _rows(term))
            yield AccumulateEvent(next(seq), via.source, _rows(total), missing)
        adjoint_of[node_id] = total
        yield AdjointEvent(next(seq), graph[node_id].name, _rows(total))


def _rows(stack: Array) -> Array:
    """Return P as the matrix it is: (m, d_i)."""
    if stack.ndim == 2:
        return stack
    return stack.reshape(stack.shape[0], prod(stack.shape[1:]))
