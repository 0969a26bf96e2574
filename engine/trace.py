"""The sweeps in order, as one generator of events: values, local Jacobians, then adjoints or
tangents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from time import perf_counter
from typing import Any

import numpy as np

from engine.backend import Array, Backend
from engine.events import (
    AdjointEvent,
    Event,
    FinishedEvent,
    GraphEvent,
    JacobianEvent,
    SeedEvent,
    ValueEvent,
)
from engine.graph import Graph, Shape
from engine.jacobians.jacobian import Jacobian
from engine.sweeps.columns import Column, events_of
from engine.sweeps.edges import Arrival, at_kink, jacobians, plan_arrivals
from engine.sweeps.evaluate import Step, forward_steps, forward_sweep
from engine.sweeps.floats import Plan, plan
from engine.sweeps.forward import tangent_sweep
from engine.sweeps.local import Rules
from engine.sweeps.reverse import Schedule, reverse_sweep

__all__ = ["Run", "count_steps", "steps", "trace"]


@dataclass(frozen=True)
class Run:
    """One evaluation, ready to go.

    fine: the elementary graph, which is evaluated; view: the graph that is shown. given: values of
    leaves and constants by elementary id. output: id in `view`; order: of the sweep back from it.
    output_shape: of the output. rows: m, or 0 in forward mode. weights: of the output's entries,
    where they are given. tangents: by id in `view`.
    """

    fine: Graph
    view: Graph
    rules: Rules
    given: Mapping[int, Array]
    backend: Backend
    dtype: Any
    output: int
    order: Schedule
    output_shape: Shape
    rows: int
    weights: Array | None
    tangents: Mapping[int, Array]
    flops: int
    bytes: int

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The computed nodes of the elementary graph, ready to be evaluated."""
        return forward_steps(self.fine, self.backend)

    @cached_property
    def arrivals(self) -> tuple[Arrival, ...]:
        """What leads into each node of the view, ready to be made into local Jacobians."""
        return plan_arrivals(self.view, self.fine, self.rules, self.backend, self.dtype)

    @cached_property
    def floats(self) -> Plan | None:
        """The way of floats, where the graph allows it."""
        if self.rows != 1 or self.backend.device != "cpu" or self.dtype != np.float64:
            return None
        return plan(self.view, self.fine, self.rules, self.given, self.order)

    def seed(self) -> Array:
        """P_n, of shape (m, *shape of the output): the weights as one row, or the identity. Made
        when a sweep starts, as it may be the largest array of all."""
        if self.weights is not None:
            return self.weights[None]
        identity = self.backend.xp.eye(self.rows, dtype=self.dtype)
        return identity.reshape(self.rows, *self.output_shape)


def count_steps(run: Run) -> int:
    """Return how many events follow the graph event."""
    steps = len(run.view) + len(run.view.edges) + 1
    if not run.rows:
        return steps + len(run.view)
    return steps + 2 + sum(1 + 2 * len(arriving) for _, arriving in run.order.steps)


def trace(run: Run, graph_event: GraphEvent) -> Iterator[Event]:
    """Yield every event of the run, in the order of docs/wire.md; the last is FinishedEvent."""
    return events_of(steps(run, graph_event))


def steps(run: Run, graph_event: GraphEvent) -> Iterator[Event | Column]:
    """Yield the same with columns in the place of many events, where there are mere numbers."""
    return run.backend.stepwise(_steps(run, graph_event))


def _steps(run: Run, graph_event: GraphEvent) -> Iterator[Event | Column]:
    started = perf_counter()
    seq = count(1)
    yield graph_event
    yield from _columns(run, seq) or _events(run, seq)
    last = next(seq)
    seconds = perf_counter() - started
    yield FinishedEvent(
        last, last, len(run.view), len(run.view.edges), run.flops, run.bytes, seconds
    )


def _columns(run: Run, seq: Iterator[int]) -> Iterator[Event | Column] | None:
    """Return all that is between the first event and the last by the way of floats; None where it
    does not do."""
    numbers = None if run.floats is None else run.floats.numbers(run.given)
    if run.floats is None or numbers is None:
        return None
    seed = 1.0 if run.weights is None else float(run.weights)
    sums = run.floats.sums(numbers, run.output, seed)
    if sums is None:
        return None
    ends = (run.view[run.output].name, np.array([[seed]]))
    return chain(
        run.floats.values(numbers, seq),
        run.floats.jacobians(numbers, seq),
        (kind(next(seq), *ends) for kind in (SeedEvent, AdjointEvent)),
        run.floats.adjoints(sums, seq),
    )


def _events(run: Run, seq: Iterator[int]) -> Iterator[Event]:
    value_of: dict[int, Array] = {}
    yield from _values(run, value_of, seq)
    jacobian_of: dict[tuple[int, int], Jacobian] = {}
    yield from _jacobians(run, value_of, jacobian_of, seq)
    yield from _second_sweep(run, value_of, jacobian_of, seq)


def _values(run: Run, value_of: dict[int, Array], seq: Iterator[int]) -> Iterator[ValueEvent]:
    shown = {node.members[-1]: node.name for node in run.view}
    for node_id, value in forward_sweep(run.fine, run.steps, run.given, run.backend):
        value_of[node_id] = value
        if node_id in shown:
            yield ValueEvent(next(seq), shown[node_id], value)


def _jacobians(
    run: Run,
    value_of: Mapping[int, Array],
    jacobian_of: dict[tuple[int, int], Jacobian],
    seq: Iterator[int],
) -> Iterator[JacobianEvent]:
    for arrival in run.arrivals:
        kink = at_kink(arrival, value_of, run.backend.xp)
        found = jacobians(arrival, value_of)
        for key, edge in arrival.edges:
            jacobian_of[arrival.node, edge.slot] = found[key]
            yield JacobianEvent(next(seq), edge, found[key], kink)


def _second_sweep(
    run: Run,
    value_of: Mapping[int, Array],
    jacobian_of: Mapping[tuple[int, int], Jacobian],
    seq: Iterator[int],
) -> Iterator[Event]:
    if not run.rows:
        shown = {node.id: value_of[node.members[-1]] for node in run.view}
        return tangent_sweep(run.view, run.backend, shown, jacobian_of, run.tangents, seq)
    return reverse_sweep(run.view, run.order, run.seed(), jacobian_of, seq)
