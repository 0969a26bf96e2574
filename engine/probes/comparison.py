"""P of one node compared with differences of the output, entry by entry or in random directions.

All entries are compared where they are few; else a seeded sample of entries, and directions that
touch all of them. Where a comparison fails at the usual step, the whole ladder of steps is looked
at, so that "off" is said of a derivative, not of a step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from engine.backend import Array
from engine.ops import OPS
from engine.probes.differences import LADDER, STEP, Difference, Probe
from engine.probes.ladder import Try, Verdict, judge
from engine.program import Program
from engine.sweeps.vjp import Factored

__all__ = [
    "LADDER_PASSES",
    "SUSPECTS",
    "TOLERANCE",
    "Comparison",
    "Curve",
    "NodeCheck",
    "Spot",
    "passes_of",
    "worst_of",
]

TOLERANCE = {"float64": 1e-6, "float32": 1e-3}
"""Relative errors up to these are rounding: P has the precision of the run, the differences have
float64."""

MOST_ENTRIES, SAMPLE, DIRECTIONS, SUSPECTS = 256, 24, 4, 3
"""A node of more entries is sampled; so many entries and directions; so many are looked into."""

LADDER_PASSES = 2 * len(LADDER)


@dataclass(frozen=True, slots=True)
class Spot:
    """One comparison. index: of the entry, None for a random direction; row: of P. step: h."""

    index: tuple[int, ...] | None
    row: int
    analytic: float
    numeric: float
    step: float


@dataclass(frozen=True, slots=True)
class NodeCheck:
    """What was found at one node.

    verdict: "ok"; "off"; "kink" (the slopes on the two sides differ, so that P follows a
    convention); "undefined" (the output is not finite around it); "unreached" (no P to compare).
    entries: how many it has; compared, directions: how many entries and directions were looked at.
    absolute: the largest error; relative: the same to the largest entry of P or of the slopes; both
    None where nothing could be compared. worst: where it is.
    """

    node: str
    verdict: Verdict
    entries: int
    compared: int
    directions: int
    absolute: float | None
    relative: float | None
    worst: Spot | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The error of one entry's central difference, by step: the valley between truncation and
    rounding."""

    node: str
    index: tuple[int, ...]
    row: int
    analytic: float
    steps: tuple[float, ...]
    numeric: tuple[float, ...]
    errors: tuple[float, ...]


def worst_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict that most needs to be looked at."""
    order: tuple[Verdict, ...] = ("off", "undefined", "kink", "ok", "unreached")
    return next((verdict for verdict in order if verdict in verdicts), "unreached")


def passes_of(entries: int) -> int:
    """Return how many forward passes the comparisons of a node of so many entries take."""
    return 2 * (entries if entries <= MOST_ENTRIES else SAMPLE + DIRECTIONS)


@dataclass(slots=True)
class Comparison:
    """One node's P beside the output as a function of the node.

    adjoint: P as (m, d_i). kink: whether an op that moves with it has none there. passes, ladders:
    made so far.
    """

    name: str
    shape: tuple[int, ...]
    probe: Probe | None
    adjoint: np.ndarray[Any, np.dtype[np.float64]]
    kink: bool
    tolerance: float
    passes: int = 0
    ladders: int = 0

    @staticmethod
    def of(
        program: Program,
        name: str,
        value_of: Mapping[int, Array],
        adjoint_of: Sequence[Array | None],
    ) -> Comparison:
        run = program.run
        start = run.view[run.view.id_of[name]].members[-1]
        shape, adjoint = program.shapes.shape_of[start], adjoint_of[start]
        tolerance = TOLERANCE[program.dtype]
        if adjoint is None:
            return Comparison(name, shape, None, np.zeros((run.rows, 0)), False, tolerance)
        adjoint = adjoint.dense() if isinstance(adjoint, Factored) else adjoint
        host = np.asarray(run.backend.to_host(adjoint), dtype=np.float64)
        probe = Probe(run, start, value_of)
        rows = host.reshape(run.rows, prod(shape))
        return Comparison(name, shape, probe, rows, _at_kink(probe), tolerance)

    def check(self, rng: np.random.Generator, ladders: int = SUSPECTS) -> NodeCheck:
        """Compare entries and directions, and look into at most `ladders` that seem wrong."""
        entries = prod(self.shape)
        if self.probe is None or not entries:
            verdict: Verdict = "unreached" if self.probe is None else "ok"
            return NodeCheck(self.name, verdict, entries, 0, 0, None, None, None)
        if entries <= MOST_ENTRIES:
            positions, directions = np.arange(entries), []
        else:
            positions = np.sort(rng.choice(entries, SAMPLE, replace=False))
            directions = [rng.choice((-1.0, 1.0), entries) for _ in range(DIRECTIONS)]
        tries = [self._entry(self.probe, int(position)) for position in positions]
        tries += [self._direction(self.probe, direction) for direction in directions]
        return self._found(tries, len(positions), len(directions), ladders)

    def _entry(self, probe: Probe, position: int) -> Try:
        step, direction = probe.entry_step(position), probe.unit(position)
        return self._try(probe, direction, step, self.adjoint[:, position], position)

    def _direction(self, probe: Probe, direction: Any) -> Try:
        size = float(np.sqrt(np.mean(np.square(probe.base))))
        step = STEP * max(1.0, size if np.isfinite(size) else 1.0)
        return self._try(probe, direction, step, self.adjoint @ direction, None)

    def _try(self, probe: Probe, direction: Any, step: float, analytic: Any, position: Any) -> Try:
        self.passes += 2
        return Try(direction, step, analytic, position, probe.difference(direction, step))

    def _found(self, tries: list[Try], compared: int, directions: int, ladders: int) -> NodeCheck:
        assert self.probe is not None
        scale = max(each.scale() for each in tries)
        excess = [each.excess(self.tolerance, scale) for each in tries]
        suspects = [
            (over, each)
            for over, each in zip(excess, tries, strict=True)
            if over > 0 or (self.kink and each.bends())
        ]
        worst_first = sorted(suspects, key=lambda suspect: -suspect[0])
        verdicts = [self._judged(self.probe, each, scale) for _, each in worst_first[:ladders]]
        if worst_first and not verdicts:
            verdicts = ["kink" if self.kink else "off"]
        worst = max(tries, key=lambda each: each.error())
        absolute = worst.error()
        relative = absolute / scale if scale and np.isfinite(absolute) else absolute
        counts = (prod(self.shape), compared, directions)
        spot = self._spot(worst)
        return NodeCheck(self.name, worst_of([*verdicts, "ok"]), *counts, absolute, relative, spot)

    def _judged(self, probe: Probe, tried: Try, scale: float) -> Verdict:
        row = tried.row(self.tolerance, scale)
        ladder = self._ladder(probe, tried)
        verdict, tried.difference = judge(tried, ladder, row, self.tolerance, scale)
        # relu(x) - relu(-x) is smooth at 0, but its ops are not, and follow their conventions.
        return "kink" if verdict == "off" and self.kink else verdict

    def _spot(self, tried: Try) -> Spot:
        row = int(np.argmax(tried.errors()))
        index = None if tried.position is None else self._index(tried.position)
        analytic, numeric = tried.analytic[row], tried.difference.central[row]
        return Spot(index, row, float(analytic), float(numeric), tried.difference.step)

    def _index(self, position: int) -> tuple[int, ...]:
        return tuple(int(i) for i in np.unravel_index(position, self.shape)) if self.shape else ()

    def _ladder(self, probe: Probe, tried: Try) -> list[Difference]:
        unit = tried.step / STEP
        self.passes += LADDER_PASSES
        self.ladders += 1
        return [probe.difference(tried.direction, step * unit) for step in LADDER]

    def curve(self, position: int, row: int) -> Curve:
        """The error of one entry over the ladder of steps."""
        index = self._index(position)
        if self.probe is None:
            return Curve(self.name, index, row, 0.0, (), (), ())
        tried = self._entry(self.probe, position)
        ladder = self._ladder(self.probe, tried)
        analytic = float(self.adjoint[row, position])
        numeric = tuple(float(each.central[row]) for each in ladder)
        errors = tuple(abs(each - analytic) for each in numeric)
        steps = tuple(each.step for each in ladder)
        return Curve(self.name, index, row, analytic, steps, numeric, errors)


def _at_kink(probe: Probe) -> bool:
    """Whether an op that moves has no derivative at its values."""
    xp = probe.run.backend.xp
    kinks = (
        OPS[node.op].kink(xp, *read(probe.value_of), **node.attrs)  # type: ignore[misc]
        for node, _, _, read in probe.steps
        if OPS[node.op].kink is not None
    )
    return any(bool(xp.any(xp.asarray(kink))) for kink in kinks)
