"""What a run takes, known before it runs: why reverse mode, with one output and many inputs."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from engine.infer import Shapes
from engine.trace import Run

__all__ = ["Cost", "ModeCost", "cost_of"]


@dataclass(frozen=True, slots=True)
class ModeCost:
    """The whole Jacobian of the output by every leaf, in one mode.

    passes: sweeps over the graph, one for each entry of the output (reverse) or of the leaves
    (forward). multiplications: of all passes together. bytes: values and derivatives held.
    """

    passes: int
    multiplications: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Cost:
    """flops, bytes: of the run asked for, both sweeps. reverse, forward: the two modes compared."""

    flops: int
    bytes: int
    reverse: ModeCost
    forward: ModeCost


def cost_of(run: Run, shapes: Shapes) -> Cost:
    """Return what a run takes. shapes: of its elementary graph."""
    fine, size_of = run.fine, {i: prod(shape) for i, shape in shapes.shape_of.items()}
    output = run.view[run.output].members[-1]
    reached = fine.reaches(output)
    itemsize = run.dtype.itemsize
    each = sum(
        run.rules[edge.to, edge.slot].multiplications for edge in fine.edges if edge.to in reached
    )
    entries = sum(size_of[i] for i in reached)
    leaves = [node.id for node in fine if node.is_leaf and node.id in reached]
    rows, columns = size_of[output], sum(size_of[i] for i in leaves)
    modes = (
        ModeCost(passes, passes * each, shapes.bytes + passes * entries * itemsize)
        for passes in (rows, columns)
    )
    return Cost(run.flops, run.bytes, *modes)
