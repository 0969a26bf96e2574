"""Derivative rules written in our own language: parsed once by our parser, run by our evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from engine.backend import Array, Backend
from engine.evaluate import evaluate
from engine.graph import CONST, LEAF, Graph
from engine.ops import OPS
from engine.parse import parse

__all__ = ["OUT", "Formula", "partial"]

OUT = "out"
"""The name by which a partial uses the value of its own op."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula over named arguments. used: the leaves the formula reads, as (id, argument
    position; -1 is `out`)."""

    graph: Graph
    literals: tuple[tuple[int, float], ...]
    used: tuple[tuple[int, int], ...]

    @property
    def constant(self) -> float | None:
        """The value of a formula that is a mere number, else None."""
        last = self.graph[len(self.graph)]
        return self.literals[-1][1] if last.op == LEAF and not self.used else None

    def __call__(self, backend: Backend, inputs: Sequence[Array], out: Array) -> Array:
        """Evaluate with the op's inputs and its value."""
        given: dict[int, Array] = dict(self.literals)
        given.update(
            (node, out if position < 0 else inputs[position]) for node, position in self.used
        )
        return evaluate(self.graph, given, backend)[len(self.graph)]


@cache
def partial(op: str, slot: int) -> Formula:
    """Return ∂out/∂argument of an elementwise op as a formula over its arguments and `out`."""
    entry = OPS[op]
    names = [name for name in (*entry.args, OUT) if name in _words(entry.partials[slot])]
    parsed = parse(
        "\n".join([*(f"{name} = 0" for name in names), f"partial = {entry.partials[slot]}"])
    )
    positions = {name: position for position, name in enumerate(entry.args)} | {OUT: -1}
    used = tuple(
        (node.id, positions[node.name])
        for node in parsed.graph
        if node.op == LEAF and node.name in positions
    )
    reads = {node for node, _ in used}
    literals = tuple(
        (node.id, float(parsed.literal_of[node.id]))
        for node in parsed.graph
        if node.op in (LEAF, CONST) and node.id not in reads
    )
    return Formula(parsed.graph, literals, used)


def _words(text: str) -> set[str]:
    return set(
        "".join(
            character if character.isalnum() or character == "_" else " " for character in text
        ).split()
    )
