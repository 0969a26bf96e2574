"""Derivative rules written in our own language: parsed once by our parser, run by our evaluator,
or replayed onto a graph so that they can be differentiated again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from functools import partial as bind
from operator import itemgetter
from typing import Any, Protocol, TypeVar

import numpy as np

from engine.backend import Array, Backend
from engine.graph import CONST, LEAF, Attributes, Graph, Shape
from engine.language.parse import parse
from engine.ops import OPS, Op

__all__ = [
    "COTANGENT",
    "OUT",
    "Formula",
    "Recorder",
    "formula",
    "named",
    "number_of",
    "numbers_of",
    "partial",
    "weight",
]

OUT = "out"
"""The name by which a rule uses the value of its own op."""

COTANGENT = "g"
"""The name by which a vjp uses the cotangent of its op's result."""

_REMEMBERED = 1000
"""Characters of a rule that is kept: one that spells out an index may be far longer."""

Handle = TypeVar("Handle")


class Recorder(Protocol[Handle]):
    """Something that ops can be applied to: a graph under construction, or tensors."""

    def op(self, op: Op, inputs: tuple[Handle, ...], attrs: Attributes) -> Handle:
        """Apply an op."""

    def const(self, value: float) -> Handle:
        """Give a number a handle."""


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula over named arguments.

    names: of the arguments. literals: numbers by node id; numbers: these, and what is computed from
    them alone. used: what is read, as (node id, name).
    """

    graph: Graph
    names: tuple[str, ...]
    literals: tuple[tuple[int, float], ...]
    numbers: tuple[tuple[int, float], ...]
    used: tuple[tuple[int, str], ...]

    @property
    def constant(self) -> float | None:
        """The value of a formula that is a mere number, else None."""
        return dict(self.numbers).get(len(self.graph))

    @property
    def alone(self) -> str | None:
        """The argument that a formula merely names, else None."""
        last = self.graph[len(self.graph)]
        named = last.op == "identity" and len(self.used) == 1 and len(self.graph) == 2
        return self.used[0][1] if named else None

    def __call__(self, backend: Backend, given: Mapping[str, Array]) -> Array:
        """Evaluate with the arguments by name."""
        order = tuple(name for _, name in self.used)
        run = self.function(backend.xp, order)
        return backend.xp.asarray(run(tuple(given[name] for name in order)))

    def function(self, xp: Any, order: tuple[str, ...]) -> Callable[[tuple[Any, ...]], Any]:
        """Return the formula as a function of a tuple of arguments in the given order."""
        return _compiled(self, xp, order)

    def replay(self, recorder: Recorder[Handle], given: Mapping[str, Handle]) -> Handle:
        """Apply the formula's ops to handles, so that the result can be differentiated."""
        handle_of = {node: recorder.const(value) for node, value in self.literals}
        handle_of.update((node, given[name]) for node, name in self.used)
        for node in self.graph:
            if not node.is_leaf:
                inputs = tuple(handle_of[i] for i in node.inputs)
                handle_of[node.id] = recorder.op(OPS[node.op], inputs, node.attrs)
        return handle_of[len(self.graph)]


@lru_cache(maxsize=4096)
def _compiled(formula: Formula, xp: Any, order: tuple[str, ...]) -> Callable[..., Any]:
    """Nest one function a node; a formula is as deep as what fits on a line."""
    function_of: dict[int, Callable[..., Any]] = {}
    for node, value in formula.numbers:
        function_of[node] = bind(_constant, value)
    for node, name in formula.used:
        function_of[node] = itemgetter(order.index(name))
    for each in formula.graph:
        if each.id not in function_of:
            inner = [function_of[i] for i in each.inputs]
            function_of[each.id] = _applied(xp, OPS[each.op], inner, each.attrs)
    return function_of[len(formula.graph)]


def _constant(value: float, arguments: tuple[Any, ...]) -> float:
    return value


def _applied(
    xp: Any, op: Op, inner: Sequence[Callable[..., Any]], attrs: Attributes
) -> Callable[..., Any]:
    forward = bind(op.forward, **attrs) if attrs else op.forward
    if op.name == "identity":
        return inner[0]
    if len(inner) == 1:
        (only,) = inner
        return lambda arguments: forward(xp, only(arguments))
    if len(inner) == 2:
        first, second = inner
        return lambda arguments: forward(xp, first(arguments), second(arguments))
    return lambda arguments: forward(xp, *(each(arguments) for each in inner))


def formula(text: str, names: tuple[str, ...]) -> Formula:
    """Read a rule over the given names."""
    return _remembered(text, names) if len(text) <= _REMEMBERED else _read(text, names)


def _read(text: str, names: tuple[str, ...]) -> Formula:
    words = set(re.findall(r"\w+", text))
    read = [name for name in names if name in words]
    parsed = parse("\n".join([*(f"{name} = 0" for name in read), f"result = {text}"]))
    used = tuple((n.id, n.name) for n in parsed.graph if n.op == LEAF and n.name in read)
    reads = {node for node, _ in used}
    literals = tuple(
        (node.id, float(parsed.literal_of[node.id]))
        for node in parsed.graph
        if node.op in (LEAF, CONST) and node.id not in reads
    )
    numbers = tuple(numbers_of(parsed.graph, dict(literals)).items())
    return Formula(parsed.graph, tuple(read), literals, numbers, used)


_remembered = lru_cache(maxsize=4096)(_read)


def numbers_of(graph: Graph, literals: Mapping[int, float]) -> dict[int, float]:
    """Return what is computed from numbers alone, as Python floats, by node id.

    A Python float has no precision of its own, so it leaves float32 arrays as they are.
    """
    value_of = dict(literals)
    for node in graph:
        given = [value_of[i] for i in node.inputs if i in value_of]
        if not node.is_leaf and len(given) == len(node.inputs):
            value = number_of(OPS[node.op], given, node.attrs)
            if value is not None:
                value_of[node.id] = value
    return value_of


def number_of(op: Op, given: Sequence[float], attrs: Attributes) -> float | None:
    """Return the value of an elementwise op at numbers; None where it is not a number."""
    if not op.elementwise:
        return None
    with np.errstate(all="ignore"):  # NumPy's numbers: Python's own do not divide by zero
        value = np.asarray(op.forward(np, *map(np.float64, given), **attrs))
    return float(value) if value.shape == () else None


def partial(op: Op, slot: int, attrs: Attributes) -> Formula:
    """Return ∂out/∂argument of an elementwise op as a formula over its arguments and `out`."""
    return formula(op.partial(slot, attrs), (*op.args, OUT))


def weight(op: Op, slot: int, shapes: Sequence[Shape], attrs: Attributes) -> Formula:
    """Return ∂out/∂argument, entry by entry, of an op that reduces, over its arguments and `out`
    with the merged axes kept."""
    return formula(op.weight(slot, shapes, attrs), (*op.args, OUT))


def named(op: Op, inputs: Sequence[Handle], out: Handle) -> dict[str, Handle]:
    """Return the arguments of an op by name, with its value as `out`."""
    return {op.argument(slot): each for slot, each in enumerate(inputs)} | {OUT: out}
