"""A program ready to run: step by step as events, or all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from functools import partial as bind
from math import prod
from typing import Any

from engine.backend import Array
from engine.cost import Cost, cost_of
from engine.describe import describe
from engine.events import Event, GraphEvent
from engine.graph import Edge
from engine.infer import Shapes, misfit_error
from engine.ops import OPS, Misfit
from engine.reverse import Schedule, drain, reverse_sweep, schedule
from engine.scalar import CANNOT, Tape, tape
from engine.trace import Run, trace
from engine.vjp import Factored, Pull, kept_factored, vjp_of

__all__ = ["Evaluation", "Program"]


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
    just runs it."""

    run: Run
    shapes: Shapes
    mode: str
    granularity: str
    dtype: str
    digest: str

    @cached_property
    def cost(self) -> Cost:
        """What the run takes, and what either mode would."""
        return cost_of(self.run, self.shapes)

    @cached_property
    def graph_event(self) -> GraphEvent:
        """The first event: the graph as the reader sees it."""
        return describe(
            self.run, self.shapes.shape_of, self.mode, self.granularity, self.dtype, self.digest
        )

    def events(self) -> Iterator[Event]:
        """Run, yielding every event."""
        return trace(self.run, self.graph_event)

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
        for i, name in names.items():
            shape = self.shapes.shape_of[i] if rows == 1 else (rows, prod(self.shapes.shape_of[i]))
            adjoint = adjoint_of[i]
            adjoint = adjoint.dense() if isinstance(adjoint, Factored) else adjoint
            known = adjoint is not None
            derivatives[name] = asarray(adjoint, dtype=dtype).reshape(shape) if known else None
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
        run, compiled, count = self.run, self._compiled, len(self.run.fine) + 1
        value_of: list[Array] = [None] * count
        for node, value in (*run.given.items(), *given.items()):
            value_of[node] = value
        with run.backend.quiet():
            try:
                for node, forward, sources in compiled.forward:
                    value_of[node] = forward(*[value_of[i] for i in sources])
            except Misfit as misfit:
                raise misfit_error(run.fine, run.fine[node], misfit) from None
            if not run.rows:
                return value_of, [None] * count
            pull = bind(compiled.pull, value_of)
            found = drain(reverse_sweep(run.fine, compiled.order, run.seed(), pull, None))
        return value_of, [found.get(i) for i in range(count)]

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


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The sweeps of one run with everything looked up that does not depend on values."""

    forward: tuple[tuple[int, Callable[..., Array], tuple[int, ...]], ...]
    order: Schedule
    pulls: Mapping[tuple[int, int], tuple[Pull, tuple[int, ...]]]

    @staticmethod
    def of(run: Run) -> _Compiled:
        steps = tuple(
            (node.id, _forward(run, node.op, node.attrs), node.inputs)
            for node in run.fine
            if not node.is_leaf
        )
        order = schedule(run.fine, run.view[run.output].members[-1])
        pulls: dict[tuple[int, int], tuple[Pull, tuple[int, ...]]] = {}
        for node_id, arriving in order.steps:
            for edge in arriving:
                rule = run.rules[edge.to, edge.slot]
                pull = vjp_of(rule, run.backend, run.dtype)
                if run.fine[node_id].is_leaf and len(arriving) == 1:
                    pull = kept_factored(rule, pull)
                pulls[edge.to, edge.slot] = (pull, run.fine[edge.to].inputs)
        return _Compiled(steps, order, pulls)

    def pull(self, value_of: Sequence[Array], edge: Edge, rows: Array) -> Array:
        """Multiply P by the local Jacobian of an edge."""
        product, sources = self.pulls[edge.to, edge.slot]
        return product(rows, [value_of[i] for i in sources], value_of[edge.to])


def _forward(run: Run, op: str, attrs: Mapping[str, Any]) -> Callable[..., Array]:
    return bind(OPS[op].forward, run.backend.xp, **attrs)
