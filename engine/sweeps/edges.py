"""The local Jacobian of every edge of the graph that is shown: planned once, made for each run.

For a group it is the composition of its members': the reverse sweep over them, with matrices for
cotangents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial as bind
from typing import Any

import numpy as np

from engine.backend import Backend
from engine.events import EdgeRef
from engine.graph import GROUP, Graph, Node
from engine.jacobians.compose import add, compose
from engine.jacobians.jacobian import Jacobian
from engine.ops import OPS
from engine.sweeps.evaluate import Read, reader
from engine.sweeps.local import LocalRule, Make, Rules

__all__ = [
    "Arrival",
    "Kinks",
    "at_kink",
    "jacobians",
    "kinks_of",
    "met",
    "paths_of",
    "plan_arrivals",
]

Path = tuple[int, int | None, Make, Read, int]
"""An edge between elementary nodes: the key of its beginning, the key of what it leads on to (None
for the value of the node), its Jacobian, and what it is made from: inputs and value."""

Kinks = tuple[tuple[Callable[..., Any], Read], ...]
"""Tests whether an op has no derivative, each with what reads its inputs."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What leads into one node of the view.

    edges: as shown, each with a key. paths: the elementary edges they are composed of, from the
    last back. kinks: tests whether an op has no derivative, with what reads its inputs.
    """

    node: int
    edges: tuple[tuple[int, EdgeRef], ...]
    paths: tuple[Path, ...]
    kinks: Kinks


def plan_arrivals(
    view: Graph, fine: Graph, rules: Rules, backend: Backend, dtype: Any
) -> tuple[Arrival, ...]:
    """Look up what does not depend on values, for every node of the view with edges into it."""
    plans, makers = [], dict[int, Make]()
    for node in view:
        arriving = view.edges_into(node)
        if not arriving:
            continue
        group = node.op == GROUP
        keys = [view[e.source].members[-1] if group else e.slot for e in arriving]
        names = [EdgeRef(view[e.source].name, node.name, e.slot) for e in arriving]
        members = [fine[i] for i in node.members]
        paths = tuple(
            paths_of(fine, members, group, lambda *edge: _make(rules[edge], backend, dtype, makers))
        )
        kinks = tuple(kinks_of(members, backend.xp))
        plans.append(Arrival(node.id, tuple(zip(keys, names, strict=True)), paths, kinks))
    return tuple(plans)


def _make(rule: LocalRule, backend: Backend, dtype: Any, makers: dict[int, Make]) -> Make:
    """Edges that are alike share their rule, and what it makes."""
    if id(rule) not in makers:
        makers[id(rule)] = rule.maker(backend, dtype)
    return makers[id(rule)]


def paths_of(
    fine: Graph, members: Sequence[Node], group: bool, make: Callable[[int, int], Make]
) -> Iterator[Path]:
    """Yield the elementary edges of a node of the view, from the last back. In a group, edges from
    the same node are one; into a single op, each slot is its own."""
    last, reached = members[-1], set[int]()
    for member in reversed(members):
        if not member.requires_grad or (member is not last and member.id not in reached):
            continue
        read, onward = reader(member.inputs), None if member is last else member.id
        for edge in fine.edges_into(member):
            key = edge.source if group else edge.slot
            reached.add(key)
            yield key, onward, make(member.id, edge.slot), read, member.id


def kinks_of(members: Iterable[Node], xp: Any = np) -> Iterator[tuple[Callable[..., Any], Read]]:
    """Yield the tests of some ops."""
    for member in members:
        kink = None if member.is_leaf else OPS[member.op].kink
        if kink is not None and member.requires_grad:
            yield bind(kink, xp, **member.attrs), reader(member.inputs)


def jacobians(arrival: Arrival, value_of: Any) -> dict[int, Jacobian]:
    """Return the local Jacobians by key. value_of: by elementary id. The caller keeps NumPy
    quiet."""
    reached: dict[int, Jacobian] = {}
    for key, onward, make, read, to in arrival.paths:
        path = make(read(value_of), value_of[to])
        if onward is not None:
            path = compose(reached[onward], path)
        reached[key] = add(reached[key], path) if key in reached else path
    return reached


def at_kink(arrival: Arrival, value_of: Any, xp: Any) -> bool:
    """Whether an op of this node has no derivative at its values, so that a convention is used."""
    return met(arrival.kinks, value_of, xp)


def met(kinks: Kinks, value_of: Any, xp: Any = np) -> bool:
    """Whether any of these tests is met. value_of: by elementary id."""
    return any(bool(xp.any(xp.asarray(kink(*read(value_of))))) for kink, read in kinks)
