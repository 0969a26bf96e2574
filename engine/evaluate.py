"""The forward sweep: u_i = f_i(α_i), in topological order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.backend import Array, Backend
from engine.graph import Graph, Node
from engine.infer import misfit_error
from engine.ops import OPS, Misfit

__all__ = ["evaluate", "forward_sweep"]


def forward_sweep(
    graph: Graph, given: Mapping[int, Array], backend: Backend
) -> Iterator[tuple[int, Array]]:
    """Yield (id, value) of every node in topological order.

    given: values of leaves and constants by id, already on the device and in the precision of the
    run. Raises ShapeError where an op cannot take the values it is given, such as an index out of
    range.
    """
    value_of: dict[int, Array] = {}
    for node in graph:
        if node.is_leaf:
            value = given[node.id]
        else:
            inputs = [value_of[i] for i in node.inputs]
            value = _apply(graph, node, inputs, backend)
        value_of[node.id] = value
        yield node.id, value


def _apply(graph: Graph, node: Node, inputs: Sequence[Array], backend: Backend) -> Array:
    with backend.quiet():
        try:
            return backend.xp.asarray(OPS[node.op].forward(backend.xp, *inputs, **node.attrs))
        except Misfit as misfit:
            raise misfit_error(graph, node, misfit) from None


def evaluate(graph: Graph, given: Mapping[int, Array], backend: Backend) -> dict[int, Array]:
    """Return the value of every node by id: what is left when the sweep is drained."""
    return dict(forward_sweep(graph, given, backend))
