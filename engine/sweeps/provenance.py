"""Where a NaN or an infinity comes from: the node that first made one out of finite numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.backend import Array, Backend
from engine.graph import Graph

__all__ = ["Origin", "first_in_adjoints", "first_in_values"]


@dataclass(frozen=True, slots=True)
class Origin:
    """A node whose value (or adjoint) is not finite though all it was computed from is.

    kind: "nan" or "infinity". entry: the row-major position of the first such entry. count: how
    many entries are not finite.
    """

    node: str
    kind: str
    entry: int
    count: int


def first_in_values(
    graph: Graph, value_of: Mapping[int, Array], where: Backend
) -> tuple[Origin, ...]:
    """Return the nodes that made a NaN or an infinity from finite inputs, in topological order; a
    leaf given one comes first. Empty where every value is finite.

    value_of: by node id; nodes without a value are passed over.
    """
    tainted: set[int] = set()
    origins: list[Origin] = []
    for node in graph:
        if node.id not in value_of:
            continue
        origin = _origin(node.name, value_of[node.id], where)
        if origin is None:
            continue
        if not tainted.intersection(node.inputs):
            origins.append(origin)
        tainted.add(node.id)
    return tuple(origins)


def first_in_adjoints(
    graph: Graph, adjoint_of: Mapping[int, Array | None], where: Backend
) -> tuple[Origin, ...]:
    """Return the nodes whose P is not finite though P of all their users is, the one nearest to the
    output first: there an infinite or undefined local Jacobian came in.

    adjoint_of: by node id; None or missing where the output does not depend on the node.
    """
    tainted: set[int] = set()
    origins: list[Origin] = []
    for node in reversed(graph.nodes):
        adjoint: Any = adjoint_of.get(node.id)
        origin = None if adjoint is None else _origin(node.name, adjoint, where)
        if origin is None:
            continue
        if not any(edge.to in tainted for edge in graph.users[node.id]):
            origins.append(origin)
        tainted.add(node.id)
    return tuple(origins)


def _origin(name: str, array: Any, where: Backend) -> Origin | None:
    xp = where.xp
    flat = xp.asarray(array).ravel()
    wrong = ~xp.isfinite(flat)
    count = int(wrong.sum())
    if not count:
        return None
    undefined = xp.isnan(flat)
    kind = "nan" if bool(undefined.any()) else "infinity"
    entry = int(xp.argmax(undefined if kind == "nan" else wrong))
    return Origin(name, kind, entry, count)
