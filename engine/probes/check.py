"""Finite differences against P: for every node asked for, the largest error and where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from engine.errors import LimitError, OptionError
from engine.graph import LEAF
from engine.infer import Limits
from engine.probes.comparison import (
    LADDER_PASSES,
    SUSPECTS,
    TOLERANCE,
    Comparison,
    Curve,
    NodeCheck,
    passes_of,
    worst_of,
)
from engine.probes.differences import base_values
from engine.probes.ladder import Verdict
from engine.program import Program

__all__ = ["Check", "check"]

MOST_LADDERS = 24
"""Comparisons looked into for all nodes together."""

_PASS_FLOPS = 2_000
"""What evaluating one node costs at least, however small it is, in FLOPs of the same time."""


@dataclass(frozen=True, slots=True)
class Check:
    """verdict: the worst of all nodes. tolerance: relative errors up to it are rounding. passes:
    forward passes made. curve: of the entry that was asked for."""

    output: str
    m: int
    verdict: Verdict
    tolerance: float
    passes: int
    nodes: tuple[NodeCheck, ...]
    curve: Curve | None
    dtype: str
    device: str


def check(
    program: Program,
    wrt: Sequence[str] | None = None,
    entry: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    seed: int = 0,
) -> Check:
    """Compare P of a prepared program with central differences of its output.

    wrt: names of nodes, by default the leaves that the output depends on; a computed node is varied
    with all that follows it. entry: `{"node", "index", "row"}`, for its curve over the steps. seed:
    of the sample. Raises OptionError, or LimitError before any work.
    """
    if program.mode != "reverse":
        raise OptionError("option.invalid", option="mode", value=program.mode, choices="reverse")
    names = _names(program, wrt)
    place = None if entry is None else _place(program, entry)
    _afford(program, names, place is not None, limits or Limits())
    rng, passes, ladders = np.random.default_rng(seed), 1, MOST_LADDERS
    nodes, curve = list[NodeCheck](), None
    with program.run.backend.quiet():
        value_of = base_values(program.run)
        adjoint_of = program.sweep()[1]
        for name in names:
            compared = Comparison.of(program, name, value_of, adjoint_of)
            nodes.append(compared.check(rng, min(SUSPECTS, ladders)))
            ladders -= compared.ladders
            passes += compared.passes
        if place is not None:
            compared = Comparison.of(program, place[0], value_of, adjoint_of)
            curve = compared.curve(*place[1:])
            passes += compared.passes
    output, m = program.run.view[program.run.output].name, program.run.rows
    verdict = worst_of([node.verdict for node in nodes])
    last = (program.dtype, program.run.backend.device)
    return Check(output, m, verdict, TOLERANCE[program.dtype], passes, tuple(nodes), curve, *last)


def _names(program: Program, wrt: Sequence[str] | None) -> list[str]:
    view, output = program.run.view, program.run.output
    if wrt is None:
        reached = view.reaches(output)
        return [node.name for node in view if node.op == LEAF and node.id in reached]
    for name in wrt:
        if name not in view.id_of:
            nodes = ", ".join(view.id_of)
            raise OptionError("option.node", option="wrt", name=name, nodes=nodes)
    return list(dict.fromkeys(wrt))


def _place(program: Program, entry: Mapping[str, Any]) -> tuple[str, int, int]:
    """The node, the row-major position and the row of an entry asked for."""
    name, index, row = str(entry["node"]), tuple(entry.get("index") or ()), entry.get("row") or 0
    (name,) = _names(program, [name])
    run = program.run
    shape = program.shapes.shape_of[run.view[run.view.id_of[name]].members[-1]]
    fits = len(index) == len(shape) and all(0 <= i < n for i, n in zip(index, shape, strict=True))
    if not fits or not 0 <= row < run.rows:
        given, expected = f"index {list(index)}, row {row}", f"below {list(shape)}, row {run.rows}"
        raise OptionError("option.entry", name=name, given=given, expected=expected)
    return name, int(np.ravel_multi_index(index, shape)) if shape else 0, row


def _afford(program: Program, names: Sequence[str], curve: bool, limits: Limits) -> None:
    run, shapes = program.run, program.shapes
    ends = (run.view[run.view.id_of[name]].members[-1] for name in names)
    passes = 1 + sum(passes_of(prod(shapes.shape_of[end])) for end in ends)
    passes += LADDER_PASSES * (min(SUSPECTS * len(names), MOST_LADDERS) + curve)
    asked = passes * (shapes.flops + _PASS_FLOPS * len(run.fine))
    if asked > limits.flops:
        raise LimitError(
            "limit.exceeded", asked=asked, unit="FLOPs", limit="a check", allowed=limits.flops
        )
