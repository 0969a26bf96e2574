"""Graphs of mere numbers run on Python floats: on them an array costs ten times its arithmetic.

Every edge of such a graph is one number, so the reverse sweep is one multiplication and one
addition an edge. What floats cannot do as arrays would (a division by zero, a function without a
float form) raises, and the caller takes the way of arrays.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial as bind
from typing import Any

from engine.formula import OUT
from engine.graph import Graph, Node, Shape
from engine.ops import OPS
from engine.sweeps.local import Rules
from engine.sweeps.reverse import Schedule

__all__ = ["CANNOT", "Tape", "tape"]

CANNOT = (ArithmeticError, AttributeError, TypeError, ValueError)
"""What a tape raises where only arrays give NumPy's answer, such as infinity."""

_OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class _Floats:
    """The functions of an array namespace that have a form for floats."""

    exp, log, log1p, expm1, sqrt = math.exp, math.log, math.log1p, math.expm1, math.sqrt
    sin, cos, tan, sinh, cosh, tanh = (
        math.sin,
        math.cos,
        math.tan,
        math.sinh,
        math.cosh,
        math.tanh,
    )
    abs = abs
    power = math.pow

    @staticmethod
    def where(condition: bool, a: float, b: float) -> float:
        return a if condition else b

    @staticmethod
    def maximum(a: float, b: float) -> float:
        return a if a > b or a != a else b

    @staticmethod
    def minimum(a: float, b: float) -> float:
        return a if a < b or a != a else b


Step = tuple[int, Callable[..., float], int, int]


@dataclass(frozen=True, slots=True)
class Tape:
    """Both sweeps of a scalar graph over one list of numbers.

    The list holds the value of node i at i, then the constants and the partials of the edges.
    steps: (target, function, first, second), second 0 for one argument. partials: (target,
    function, arguments). edges: (node, user, place of the partial), in the order of the sweep.
    blank: the adjoints before it, None for what the output does not depend on.
    """

    start: tuple[float, ...]
    steps: tuple[Step, ...]
    partials: tuple[tuple[int, Callable[[tuple[float, ...]], float], tuple[int, ...]], ...]
    edges: tuple[tuple[int, int, int], ...]
    output: int
    blank: tuple[float | None, ...]

    def run(self, given: Mapping[int, float], seed: float) -> tuple[list[float], list[Any]]:
        """Return values and adjoints, by node id. given: values of leaves to replace. Raises one of
        CANNOT where floats do not do."""
        numbers = list(self.start)
        for node, value in given.items():
            numbers[node] = value
        for target, function, first, second in self.steps:
            numbers[target] = (
                function(numbers[first], numbers[second]) if second else function(numbers[first])
            )
        for target, partial, sources in self.partials:
            numbers[target] = partial(tuple([numbers[i] for i in sources]))
        adjoint: list[Any] = list(self.blank)
        adjoint[self.output] = seed
        for node, user, place in self.edges:
            adjoint[node] += adjoint[user] * numbers[place]
        return numbers, adjoint


def tape(
    graph: Graph,
    shape_of: Mapping[int, Shape],
    rules: Rules,
    given: Mapping[int, Any],
    order: Schedule,
) -> Tape | None:
    """Return the tape of an elementary graph, or None unless every node is a single float and
    every op elementwise, with one or two arguments."""
    computed = [node for node in graph if not node.is_leaf]
    if any(shape_of[node.id] for node in graph):
        return None
    if any(not OPS[n.op].partials or len(n.inputs) > 2 for n in computed):
        return None
    numbers = [0.0] * (len(graph) + 1)
    for node, value in given.items():
        numbers[node] = float(value)
    steps = tuple(_step(node) for node in computed)
    partials: list[tuple[int, Callable[..., float], tuple[int, ...]]] = []
    edges: list[tuple[int, int, int]] = []
    place_of: dict[float, int] = {}
    for node_id, arriving in order.steps:
        for edge in arriving:
            place = _place(graph[edge.to], rules[edge.to, edge.slot], numbers, partials, place_of)
            edges.append((node_id, edge.to, place))
    reached = {order.output, *(node for node, _ in order.steps)}
    blank = tuple(0.0 if i in reached else None for i in range(len(graph) + 1))
    return Tape(tuple(numbers), steps, tuple(partials), tuple(edges), order.output, blank)


def _step(node: Node) -> Step:
    op = OPS[node.op]
    forward = bind(op.forward, _Floats, **node.attrs)
    function: Callable[..., float] = forward
    if len(node.inputs) == 2:
        function = _OPERATORS.get(op.symbol, forward)
    elif op.symbol == "-":
        function = operator.neg
    first, second = (*node.inputs, 0)[:2]
    return node.id, function, first, second


def _place(
    node: Node,
    rule: Any,
    numbers: list[float],
    partials: list[tuple[int, Callable[..., float], tuple[int, ...]]],
    place_of: dict[float, int],
) -> int:
    """Return where the partial of an edge stands: at the node it equals, at a constant, or at a
    place of its own."""
    if rule.formula is None:
        scale = float(rule.pattern.scale)
        if scale not in place_of:
            place_of[scale] = len(numbers)
            numbers.append(scale)
        return place_of[scale]
    source_of: dict[str, int] = dict(zip(rule.op.args, node.inputs, strict=True)) | {OUT: node.id}
    names: Sequence[str] = (*rule.op.args, OUT)
    if rule.formula.alone is not None:
        return source_of[rule.formula.alone]
    numbers.append(0.0)
    function = rule.formula.function(_Floats, tuple(names))
    partials.append((len(numbers) - 1, function, tuple(source_of[name] for name in names)))
    return len(numbers) - 1
