"""The forward sweep: u_i = f_i(α_i), in topological order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial as bind
from operator import itemgetter
from typing import Any

from engine.backend import Array, Backend
from engine.graph import Graph, Node
from engine.misfit import misfit_error
from engine.ops import OPS, Misfit

__all__ = ["Read", "Step", "evaluate", "forward_steps", "forward_sweep", "reader"]

Read = Callable[[Any], tuple[Array, ...]]
"""Values by node id → those of some nodes."""

Step = tuple[Node, Callable[..., Array], Read]
"""A computed node, its op with the attributes, and what reads its inputs."""


def reader(nodes: Sequence[int]) -> Read:
    """Return a function that reads the values of these nodes, in this order."""
    if len(nodes) == 1:
        (only,) = nodes
        return lambda value_of: (value_of[only],)
    return itemgetter(*nodes) if nodes else lambda value_of: ()


def forward_steps(graph: Graph, backend: Backend) -> tuple[Step, ...]:
    """Look up what does not depend on values: the op of every computed node, in order."""
    return tuple(
        (node, bind(OPS[node.op].forward, backend.xp, **node.attrs), reader(node.inputs))
        for node in graph
        if not node.is_leaf
    )


def forward_sweep(
    graph: Graph, steps: Sequence[Step], given: Mapping[int, Array], backend: Backend
) -> Iterator[tuple[int, Array]]:
    """Yield (id, value) of every node in topological order.

    steps: of `forward_steps`. given: values of leaves and constants by id, already on the device
    and in the precision of the run. The caller keeps NumPy quiet. Raises ShapeError where an op
    cannot take the values it is given, such as an index out of range.
    """
    value_of: dict[int, Array] = {}
    asarray, following = backend.xp.asarray, iter(steps)
    for node in graph:
        if node.is_leaf:
            value = given[node.id]
        else:
            _, forward, read = next(following)
            try:
                value = asarray(forward(*read(value_of)))
            except Misfit as misfit:
                raise misfit_error(graph, node, misfit) from None
        value_of[node.id] = value
        yield node.id, value


def evaluate(graph: Graph, given: Mapping[int, Array], backend: Backend) -> dict[int, Array]:
    """Return the value of every node by id: what is left when the sweep is drained."""
    with backend.quiet():
        return dict(forward_sweep(graph, forward_steps(graph, backend), given, backend))
