"""The reverse sweep: P_n is the seed; P_i = Σ_k P_k J_{i→k}, in reverse topological order.

P is a stack of m cotangents, shape (m, *shape of u_i); with m = 1 this is an ordinary backward
pass. Source: Griewank & Walther, "Evaluating Derivatives" (2008), ch. 3.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from math import prod

from engine.backend import Array
from engine.events import AccumulateEvent, AdjointEvent, EdgeRef, SeedEvent, TermEvent
from engine.graph import Edge, Graph

__all__ = ["Adjoints", "Pull", "Schedule", "drain", "reverse_sweep", "schedule"]

ReverseEvent = SeedEvent | TermEvent | AccumulateEvent | AdjointEvent
Adjoints = dict[int, Array]
Pull = Callable[[Edge, Array], Array]
"""(edge, P of its receiving node) → P·J of that edge."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The order of a reverse sweep: each node with the edges whose products sum to its P, users
    from the last to the first. refs: each edge by names."""

    output: int
    steps: tuple[tuple[int, tuple[Edge, ...]], ...]
    refs: Mapping[Edge, EdgeRef]


def schedule(graph: Graph, output: int) -> Schedule:
    """Return the order in which P reaches the nodes, from the output back."""
    reached = graph.reaches(output)
    steps = tuple(
        (node, tuple(edge for edge in reversed(graph.users[node]) if edge.to in reached))
        for node in range(output - 1, 0, -1)
        if node in reached
    )
    refs = {
        edge: EdgeRef(graph[edge.source].name, graph[edge.to].name, edge.slot)
        for _, arriving in steps
        for edge in arriving
    }
    return Schedule(output, steps, refs)


def reverse_sweep(
    graph: Graph,
    order: Schedule,
    seed: Array,
    pull: Pull,
    seq: Iterator[int] | None,
    plus: Callable[[Array, Array], Array] = operator.add,
) -> Generator[ReverseEvent, None, Adjoints]:
    """Yield the events of the sweep; return P by node id, for the nodes that reach the output.

    seed: (m, *shape of the output). pull: multiplies P by the local Jacobian of an edge. seq:
    numbers the events; None means that nobody listens, and then no event is built. plus: adds two
    terms.
    """
    output = graph[order.output].name
    adjoint_of: Adjoints = {order.output: seed}
    if seq is not None:
        yield SeedEvent(next(seq), output, _rows(seed))
        yield AdjointEvent(next(seq), output, _rows(seed))
    for node_id, arriving in order.steps:
        total: Array = None
        missing = len(arriving)
        for edge in arriving:
            term = pull(edge, adjoint_of[edge.to])
            total = term if total is None else plus(total, term)
            missing -= 1
            if seq is not None:
                via = order.refs[edge]
                yield TermEvent(next(seq), via.source, via, _rows(term))
                yield AccumulateEvent(next(seq), via.source, _rows(total), missing)
        adjoint_of[node_id] = total
        if seq is not None:
            yield AdjointEvent(next(seq), graph[node_id].name, _rows(total))
    return adjoint_of


def _rows(stack: Array) -> Array:
    """Return P as the matrix it is: (m, d_i)."""
    if stack.ndim == 2:
        return stack
    return stack.reshape(stack.shape[0], prod(stack.shape[1:]))


def drain(sweep: Generator[ReverseEvent, None, Adjoints]) -> Adjoints:
    """Run a sweep that nobody watches and return its result."""
    while True:
        try:
            next(sweep)
        except StopIteration as stop:
            result: Adjoints = stop.value
            return result
