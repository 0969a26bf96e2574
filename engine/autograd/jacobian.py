"""The local Jacobians of a step walked back: what its rule gives for each unit cotangent, and the
structure that the laboratory gives it."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from engine.autograd.events import Structured
from engine.eager.backward import pull_numbers
from engine.eager.kept import arrays_of
from engine.eager.node import Applied, Arithmetic, Node
from engine.jacobians.jacobian import Jacobian
from engine.sweeps.local import local_rule

__all__ = ["FEW", "MOST", "jacobians_of", "structures_of"]

FEW = 64
"""Entries of a local Jacobian that is always told."""

MOST = 4_096
"""Entries of one that is told while the run has told few of these."""

Rows = list[list[float]]


def jacobians_of(node: Node, shape: tuple[int, ...], most: int) -> tuple[Rows | None, ...]:
    """Return for each input d_out rows of d_in entries; None where they are more than `most`, where
    nothing flows, and where no rule of the registry made the step. shape: that of the result."""
    if isinstance(node, Arithmetic):
        parts = pull_numbers(node, 1.0)[: len(node.edges)]
        return tuple(None if part is None else [[part]] for part in parts)
    if not isinstance(node, Applied):
        return (None,) * len(node.edges)
    return tuple(
        None if edge is None else _rows(node, slot, shape, most)
        for slot, edge in enumerate(node.inputs)
    )


def structures_of(node: Node, shape: tuple[int, ...]) -> tuple[Structured | None, ...]:
    """Return for each input the structure of its local Jacobian; None where nothing flows, where
    both sides are one number, and where no rule of the registry made the step."""
    if not isinstance(node, Applied):
        return (None,) * len(node.edges)
    return tuple(
        None if edge is None else _structure(node, slot, shape)
        for slot, edge in enumerate(node.inputs)
    )


def _structure(node: Applied, slot: int, shape: tuple[int, ...]) -> Structured | None:
    plan = node.plan
    size = prod(shape), prod(plan.shapes[slot])
    if prod(size) in (0, 1) or shape != plan.out_shape:
        return None
    found = _held(node, slot)
    return Structured(found.structure, size, found.stored, found.nonzero)


def _held(node: Applied, slot: int) -> Jacobian:
    """The local Jacobian as the sweeps hold it. What the step did not keep its structure does not
    depend on: zeros stand there, without memory of their own."""
    plan = node.plan
    xp, dtype = plan.backend.xp, plan.dtypes[slot]
    kept, out = arrays_of(node)

    def filled(array: Any, shape: tuple[int, ...]) -> Any:
        return xp.broadcast_to(xp.zeros((), dtype=dtype), shape) if array is None else array

    given = [*kept, *(None,) * (len(plan.shapes) - len(kept))]
    inputs = [filled(*pair) for pair in zip(given, plan.shapes, strict=True)]
    rule = local_rule(plan.op, slot, plan.shapes, plan.out_shape, plan.attrs)
    return rule.jacobian(plan.backend, dtype, inputs, filled(out, plan.out_shape))


def _rows(node: Applied, slot: int, shape: tuple[int, ...], most: int) -> Rows | None:
    plan, count = node.plan, prod(shape)
    if not 0 < count * prod(plan.shapes[slot]) <= most:
        return None
    xp, pull = plan.backend.xp, plan.pull(slot)
    inputs, out = arrays_of(node)
    rows = []
    for place in range(count):
        unit = xp.zeros(count, dtype=plan.dtypes[slot])
        unit[place] = 1
        part = pull(unit.reshape(shape), inputs, out)
        if part is None:
            return None
        rows.append(np.asarray(plan.backend.to_host(part)).ravel().tolist())
    return rows
