"""Graphs of mere numbers run on Python floats: on them an array costs ten times its arithmetic.

Every edge of such a graph is one number, so the reverse sweep is one multiplication and one
addition an edge. What floats cannot do as arrays would (a division by zero, a function without a
float form) raises, and the caller takes the way of arrays.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial as bind
from typing import Any

from engine.formula import OUT
from engine.graph import Graph, Node, Shape
from engine.ops import OPS
from engine.sweeps.local import LocalRule, Rules
from engine.sweeps.reverse import Schedule

__all__ = ["CANNOT", "Partial", "Places", "Step", "Tape", "step_of", "tape"]

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
    def sign(a: float) -> float:
        return a if a != a else float((a > 0) - (a < 0))

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
"""(target, function, first, second): places of numbers, second 0 where there is one argument."""

Partial = tuple[int, Callable[[tuple[float, ...]], float], tuple[int, ...]]
"""(target, function, arguments)."""

_Way = tuple[Callable[[tuple[float, ...]], float] | None, tuple[int, ...], int]
"""How a partial is found: a function, which of inputs and value it takes, and else where it is."""


@dataclass(frozen=True, slots=True)
class Tape:
    """Both sweeps of a scalar graph over one list of numbers.

    The list holds the value of node i at i, then the constants and the partials of the edges.
    edges: (node, user, place of the partial), in the order of the sweep. blank: the adjoints
    before it, None for what the output does not depend on.
    """

    start: tuple[float, ...]
    steps: tuple[Step, ...]
    partials: tuple[Partial, ...]
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
    places = Places(len(graph), given)
    edges = [
        (node_id, edge.to, places.partial(graph[edge.to], rules[edge.to, edge.slot]))
        for node_id, arriving in order.steps
        for edge in arriving
    ]
    reached = {order.output, *(node for node, _ in order.steps)}
    blank = tuple(0.0 if i in reached else None for i in range(len(graph) + 1))
    steps = tuple(step_of(node) for node in computed)
    found = (tuple(places.numbers), steps, tuple(places.partials))
    return Tape(*found, tuple(edges), order.output, blank)


def step_of(node: Node) -> Step:
    """Return the op of a computed node as a function of floats, and where its numbers are."""
    op, inputs = OPS[node.op], node.inputs
    function: Callable[..., float] | None = None
    if len(inputs) == 2:
        function = _OPERATORS.get(op.symbol)
    elif op.symbol == "-":
        function = operator.neg
    if function is None:
        function = bind(op.forward, _Floats, **node.attrs)
    return node.id, function, inputs[0], inputs[1] if len(inputs) == 2 else 0


class Places:
    """Gathers the list of numbers: the value of node i at i, then constants and partials. given:
    values of leaves and constants."""

    def __init__(self, nodes: int, given: Mapping[int, Any]) -> None:
        self.numbers = [0.0] * (nodes + 1)
        for node, value in given.items():
            self.numbers[node] = float(value)
        self.partials: list[Partial] = []
        self._constants: dict[float, int] = {}
        self._ways: dict[int, _Way] = {}

    def constant(self, value: float) -> int:
        """Return the place of a number that is known."""
        if value not in self._constants:
            self._constants[value] = self.blank(float(value))
        return self._constants[value]

    def blank(self, value: float = 0.0) -> int:
        """Return a new place."""
        self.numbers.append(value)
        return len(self.numbers) - 1

    def partial(self, node: Node, rule: LocalRule) -> int:
        """Return where the partial of an edge into `node` stands: at the node it equals, at a
        constant, or at a place of its own."""
        way = self._ways.get(id(rule))
        if way is None:
            way = self._ways[id(rule)] = self._way(rule)
        function, sources, constant = way
        if constant:
            return constant
        ends = (*node.inputs, node.id)
        if function is None:
            return ends[sources[0]]
        place = self.blank()
        self.partials.append((place, function, tuple([ends[i] for i in sources])))
        return place

    def _way(self, rule: LocalRule) -> _Way:
        """Edges that are alike share their rule, and how it is carried out."""
        assert rule.pattern is not None
        if rule.formula is None:
            return None, (), self.constant(rule.pattern.scale)
        names = (*rule.op.args, OUT)
        if rule.formula.alone is not None:
            return None, (names.index(rule.formula.alone),), 0
        used = tuple(name for _, name in rule.formula.used)
        sources = tuple(names.index(name) for name in used)
        return rule.formula.function(_Floats, used), sources, 0
