"""A program ready to run: step by step as events, or all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any, TypeVar

from engine.backend import Array
from engine.cost import Cost, cost_of
from engine.describe import describe
from engine.events import Event, GraphEvent
from engine.infer import Shapes
from engine.language.parse import Parsed
from engine.misfit import misfit_error
from engine.ops import Misfit
from engine.options import Options
from engine.sweeps.columns import Column
from engine.sweeps.evaluate import Read, reader
from engine.sweeps.reverse import Schedule, schedule
from engine.sweeps.scalar import CANNOT, Tape, tape
from engine.sweeps.vjp import (
    Diagonal,
    Factored,
    Pull,
    is_diagonal,
    kept_factored,
    of_diagonal,
    vjp_of,
)
from engine.trace import Run, steps, trace

__all__ = ["Evaluation", "Program"]

Owner = TypeVar("Owner", "Program", Run)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Values by node name, and P by node name: as `gradients` in each node's shape when m = 1,
    else as `adjoints` of shape (m, d_i). A node the output does not depend on maps to None."""

    output: str
    values: dict[str, Array]
    gradients: dict[str, Array | None] | None
    adjoints: dict[str, Array | None] | None
    dtype: str
    device: str


@dataclass(frozen=True)
class Program:
    """A graph with values, an output and a mode: `events()` runs it step by step, `evaluate()`
    just runs it. parsed: the graph as it was written, before other values were put in. content,
    options: what it was made from. kept: what others want to keep beside it, by keys of theirs; it
    must hold for any values.
    """

    run: Run
    shapes: Shapes
    mode: str
    granularity: str
    dtype: str
    digest: str
    open: tuple[str, ...] = ()
    parsed: Parsed | None = None
    content: tuple[Any, Any] = (None, None)
    options: Options = field(default_factory=Options)
    kept: dict[object, Any] = field(default_factory=dict)

    @cached_property
    def cost(self) -> Cost:
        """What the run takes, and what either mode would."""
        return cost_of(self.run, self.shapes)

    @cached_property
    def graph_event(self) -> GraphEvent:
        """The first event: the graph as the reader sees it."""
        settings = (self.mode, self.granularity, self.open, self.dtype, self.digest)
        return describe(self.run, self.shapes.shape_of, *settings)

    def events(self) -> Iterator[Event]:
        """Run, yielding every event."""
        return trace(self.run, self.graph_event)

    def steps(self) -> Iterator[Event | Column]:
        """Run, yielding the same events, by columns where there are mere numbers."""
        return steps(self.run, self.graph_event)

    def evaluate(self, inputs: Mapping[str, Array] | None = None) -> Evaluation:
        """Run without events. In forward mode only the values are computed.

        inputs: other values for leaves, by name, in the shapes and the dtype of this program.
        """
        run = self.run
        value_of, adjoint_of = self.sweep(inputs)
        asarray, dtype = run.backend.xp.asarray, run.dtype
        names = {node.members[-1]: node.name for node in run.view}
        values = {name: asarray(value_of[i], dtype=dtype) for i, name in names.items()}
        found = (run.view[run.output].name, values)
        if not run.rows:
            return Evaluation(*found, None, None, self.dtype, run.backend.device)
        rows = run.rows
        derivatives: dict[str, Array | None] = {}
        with run.backend.quiet():  # what was left factored is multiplied out
            for i, name in names.items():
                own = self.shapes.shape_of[i]
                adjoint = adjoint_of[i]
                adjoint = adjoint.dense() if isinstance(adjoint, Factored) else adjoint
                shape = own if rows == 1 else (rows, prod(own))
                known = None if adjoint is None else asarray(adjoint, dtype=dtype)
                derivatives[name] = None if known is None else known.reshape(shape)
        gradients, adjoints = (derivatives, None) if rows == 1 else (None, derivatives)
        return Evaluation(*found, gradients, adjoints, self.dtype, run.backend.device)

    def sweep(
        self, inputs: Mapping[str, Array] | None = None
    ) -> tuple[Sequence[Array], Sequence[Array | None]]:
        """Return values and P of the elementary nodes, at their ids; P as stacks (m, *shape), as
        `Factored` for weights when m > 1, or as a float for a graph of floats; None where the
        output is not reached, or in forward mode.
        """
        given = {self.run.fine.id_of[name]: value for name, value in (inputs or {}).items()}
        if self._tape is not None and self.run.rows:
            try:
                weights = self.run.weights
                seed = 1.0 if weights is None else float(weights)
                floats = {node: float(value) for node, value in given.items()}
                return self._tape.run(floats, seed)
            except CANNOT:
                pass
        return self._sweep_arrays(given)

    def _sweep_arrays(
        self, given: Mapping[int, Array]
    ) -> tuple[Sequence[Array], Sequence[Array | None]]:
        run, count = self.run, len(self.run.fine) + 1
        value_of: list[Array] = [None] * count
        for node, value in (*run.given.items(), *given.items()):
            value_of[node] = value
        with run.backend.quiet():
            try:
                for step, forward, read in run.steps:
                    value_of[step.id] = forward(*read(value_of))
            except Misfit as misfit:
                raise misfit_error(run.fine, step, misfit) from None
            if not run.rows:
                return value_of, [None] * count
            return value_of, self._compiled.adjoints(value_of, run)

    def revalued(self, given: Mapping[int, Array], digest: str) -> Program:
        """Return the program with other values, by elementary id, in the shapes of its own. What
        has been worked out for any values is kept."""
        run = _revalued(self.run, "floats", given, given=given)
        found = _revalued(self, "_tape", given, run=run, digest=digest)
        if "graph_event" in found.__dict__:
            found.__dict__["graph_event"] = replace(self.graph_event, digest=digest)
        return found

    @cached_property
    def _tape(self) -> Tape | None:
        """The way of floats, where the graph allows it."""
        run = self.run
        if run.backend.device != "cpu" or self.dtype != "float64":
            return None
        shape_of, order = self.shapes.shape_of, self._compiled.order
        return tape(run.fine, shape_of, run.rules, run.given, order)

    @cached_property
    def _compiled(self) -> _Compiled:
        return _Compiled.of(self.run)


def _revalued(of: Owner, table: str, values: Mapping[int, Array], **others: Any) -> Owner:
    """A copy with its cached properties; one of them has a list that starts with the values."""
    found = copy(of)
    known = found.__dict__.get(table)
    if known is not None:
        start = list(known.start)
        for node, value in values.items():
            start[node] = float(value)
        others[table] = replace(known, start=tuple(start))
    found.__dict__.update(others)
    return found


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The reverse sweep of one run with everything looked up that does not depend on values.
    straight: the nodes whose P is diagonal, worked out as that of a single cotangent; but where an
    entry is not finite 0 · ∞ is NaN, so that P is formed."""

    order: Schedule
    back: tuple[tuple[int, tuple[tuple[int, Pull, Read], ...]], ...]
    straight: frozenset[int]

    @staticmethod
    def of(run: Run, formed: bool = False) -> _Compiled:
        fine, rules, xp = run.fine, run.rules, run.backend.xp
        order = schedule(fine, run.view[run.output].members[-1])
        short = run.rows > 1 and run.weights is None and not formed
        straight = {order.output} if short else set[int]()
        back = []
        for node_id, arriving in order.steps:
            alone = fine[node_id].is_leaf and len(arriving) == 1
            own = [rules[edge.to, edge.slot] for edge in arriving]
            if straight.issuperset(edge.to for edge in arriving) and all(map(is_diagonal, own)):
                straight.add(node_id)
            pulls = []
            for edge, rule in zip(arriving, own, strict=True):
                pull = vjp_of(rule, run.backend, run.dtype)
                if edge.to in straight and node_id not in straight:
                    pull = of_diagonal(rule, pull, xp, alone)
                elif alone:
                    pull = kept_factored(rule, pull)
                pulls.append((edge.to, pull, reader(fine[edge.to].inputs)))
            back.append((node_id, tuple(pulls)))
        return _Compiled(order, tuple(back), frozenset(straight))

    def adjoints(self, value_of: Sequence[Array], run: Run) -> list[Array | None]:
        """Return P by node id: `reverse_sweep` where nobody listens."""
        adjoint_of: list[Array] = [None] * len(value_of)
        xp, straight = run.backend.xp, self.straight
        ones = xp.ones((1, *run.output_shape), dtype=run.dtype) if straight else None
        adjoint_of[self.order.output] = run.seed() if ones is None else ones
        for node_id, arriving in self.back:
            total: Array = None
            own = False
            for to, pull, read in arriving:
                term = pull(adjoint_of[to], read(value_of), value_of[to])
                if own:
                    total += term
                else:
                    total, own = (term, False) if total is None else (total + term, True)
            if node_id in straight and not xp.isfinite(total.sum()):
                return _Compiled.of(run, formed=True).adjoints(value_of, run)
            adjoint_of[node_id] = total
        for node_id in straight:
            adjoint_of[node_id] = Diagonal(xp, adjoint_of[node_id])
        return adjoint_of
