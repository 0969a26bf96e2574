"""The reverse sweep: P_n is the seed; P_i = Σ_k P_k J_{i→k}, in reverse topological order.

P is a stack of m cotangents, shape (m, *shape of u_i); with m = 1 this is an ordinary backward
pass. Source: Griewank & Walther, "Evaluating Derivatives" (2008), ch. 3.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from math import prod

from engine.backend import Array
from engine.events import AccumulateEvent, AdjointEvent, EdgeRef, SeedEvent, TermEvent
from engine.graph import Edge, Graph
from engine.jacobian import Jacobian

__all__ = ["Adjoints", "Lookup", "drain", "reverse_sweep", "terms_of"]

ReverseEvent = SeedEvent | TermEvent | AccumulateEvent | AdjointEvent
Adjoints = dict[int, Array]
Lookup = Callable[[Edge], Jacobian]


def terms_of(graph: Graph, node_id: int, reached: frozenset[int]) -> Sequence[Edge]:
    """Return the edges whose products sum to P of a node, in the order they arrive: users from the
    last to the first."""
    return [edge for edge in reversed(graph.users[node_id]) if edge.to in reached]


def reverse_sweep(
    graph: Graph, output: int, seed: Array, lookup: Lookup, seq: Iterator[int] | None
) -> Generator[ReverseEvent, None, Adjoints]:
    """Yield the events of the sweep; return P by node id, for the nodes that reach the output.

    seed: (m, *shape of the output). lookup: the local Jacobian of an edge. seq: numbers the
    events; None means that nobody listens, and then no event is built.
    """
    reached = graph.reaches(output)
    adjoint_of: Adjoints = {output: seed}
    if seq is not None:
        yield SeedEvent(next(seq), graph[output].name, _rows(seed))
        yield AdjointEvent(next(seq), graph[output].name, _rows(seed))
    for node_id in range(output - 1, 0, -1):
        if node_id not in reached:
            continue
        arriving = terms_of(graph, node_id, reached)
        total: Array = None
        for missing, edge in zip(range(len(arriving) - 1, -1, -1), arriving, strict=True):
            term = lookup(edge).left(adjoint_of[edge.to])
            total = term if total is None else total + term
            if seq is not None:
                yield from _arrival(graph, edge, (term, total), missing, seq)
        adjoint_of[node_id] = total
        if seq is not None:
            yield AdjointEvent(next(seq), graph[node_id].name, _rows(total))
    return adjoint_of


def _arrival(
    graph: Graph, edge: Edge, arrays: tuple[Array, Array], missing: int, seq: Iterator[int]
) -> Iterator[ReverseEvent]:
    node, via = (
        graph[edge.source].name,
        EdgeRef(graph[edge.source].name, graph[edge.to].name, edge.slot),
    )
    term, total = arrays
    yield TermEvent(next(seq), node, via, _rows(term))
    yield AccumulateEvent(next(seq), node, _rows(total), missing)


def _rows(stack: Array) -> Array:
    """Return P as the matrix it is: (m, d_i)."""
    return stack.reshape(stack.shape[0], prod(stack.shape[1:]))


def drain(sweep: Generator[ReverseEvent, None, Adjoints]) -> Adjoints:
    """Run a sweep that nobody watches and return its result."""
    while True:
        try:
            next(sweep)
        except StopIteration as stop:
            result: Adjoints = stop.value
            return result
