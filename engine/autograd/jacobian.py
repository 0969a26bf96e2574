"""The local Jacobians of a step walked back: what its rule gives for each unit cotangent."""

from __future__ import annotations

from math import prod

import numpy as np

from engine.eager.backward import pull_numbers
from engine.eager.kept import arrays_of
from engine.eager.node import Applied, Arithmetic, Node

__all__ = ["MOST", "jacobians_of"]

MOST = 64
"""Entries of a local Jacobian that is told."""

Rows = list[list[float]]


def jacobians_of(node: Node, shape: tuple[int, ...]) -> tuple[Rows | None, ...]:
    """Return for each input d_out rows of d_in entries; None where they are more than `MOST`, where
    nothing flows, and where no rule of the registry made the step. shape: that of the result."""
    if isinstance(node, Arithmetic):
        parts = pull_numbers(node, 1.0)[: len(node.edges)]
        return tuple(None if part is None else [[part]] for part in parts)
    if not isinstance(node, Applied):
        return (None,) * len(node.edges)
    return tuple(
        None if edge is None else _rows(node, slot, shape) for slot, edge in enumerate(node.inputs)
    )


def _rows(node: Applied, slot: int, shape: tuple[int, ...]) -> Rows | None:
    plan, count = node.plan, prod(shape)
    if not 0 < count * prod(plan.shapes[slot]) <= MOST:
        return None
    xp, pull = plan.backend.xp, plan.pull(slot)
    inputs, out = arrays_of(node)
    units = xp.eye(count, dtype=plan.dtypes[slot]).reshape(count, *shape)
    rows = []
    for unit in units:
        part = pull(xp.asarray(unit), inputs, out)
        if part is None:
            return None
        rows.append(np.asarray(plan.backend.to_host(part)).ravel().tolist())
    return rows
