"""A program ready to run: step by step as events, or all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from engine.backend import Array
from engine.describe import describe
from engine.evaluate import evaluate
from engine.events import Event, GraphEvent
from engine.graph import Edge
from engine.infer import Shapes
from engine.jacobian import Jacobian
from engine.local import Locals
from engine.reverse import drain, reverse_sweep
from engine.trace import Run, trace

__all__ = ["Cost", "Evaluation", "Program"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run takes: FLOPs of both sweeps; bytes of all values and adjoints."""

    flops: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Values by node name, and P by node name: as `gradients` in each node's shape when m = 1,
    else as `adjoints` of
    shape (m, d_i). A node the output does not depend on maps to None."""

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

    @property
    def cost(self) -> Cost:
        """What the run takes."""
        return Cost(self.run.flops, self.run.bytes)

    @cached_property
    def graph_event(self) -> GraphEvent:
        """The first event: the graph as the reader sees it."""
        return describe(
            self.run, self.shapes.shape_of, self.mode, self.granularity, self.dtype, self.digest
        )

    def events(self) -> Iterator[Event]:
        """Run, yielding every event."""
        return trace(self.run, self.graph_event)

    def evaluate(self) -> Evaluation:
        """Run without events. In forward mode only the values are computed."""
        run = self.run
        value_of = evaluate(run.fine, run.given, run.backend)
        names = {node.members[-1]: node.name for node in run.view}
        values = {name: value_of[i] for i, name in names.items()}
        found = (run.view[run.output].name, values)
        if run.seed is None:
            return Evaluation(*found, None, None, self.dtype, run.backend.device)
        adjoint_of = _adjoints(run, value_of, run.seed)
        if run.seed.shape[0] == 1:
            gradients = {
                name: adjoint_of[i].reshape(value_of[i].shape) if i in adjoint_of else None
                for i, name in names.items()
            }
            return Evaluation(*found, gradients, None, self.dtype, run.backend.device)
        rows = run.seed.shape[0]
        adjoints = {
            name: adjoint_of[i].reshape(rows, prod(value_of[i].shape)) if i in adjoint_of else None
            for i, name in names.items()
        }
        return Evaluation(*found, None, adjoints, self.dtype, run.backend.device)


def _adjoints(run: Run, value_of: Mapping[int, Array], seed: Array) -> dict[int, Array]:
    """P on the elementary graph, where no Jacobian of a group needs composing."""
    local = Locals(run.fine, run.rules, value_of, run.backend, run.dtype)

    def lookup(edge: Edge) -> Jacobian:
        return local.edge(run.fine[edge.to], edge.slot)

    with run.backend.quiet():
        return drain(reverse_sweep(run.fine, run.view[run.output].members[-1], seed, lookup, None))
