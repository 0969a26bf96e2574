"""`create_graph`: the backward pass as nodes of a graph, to be evaluated, shown and differentiated
again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np

from engine.errors import LimitError, OptionError
from engine.graph import CONST, LEAF, Attributes, Graph, Node, Shape
from engine.infer import Limits, infer, op_shape
from engine.language.build import Builder, Value
from engine.language.parse import Parsed
from engine.ops import OPS, Op
from engine.sweeps.pull import Application, pull

__all__ = ["derivative_name", "differentiate", "nth_derivative"]


_DERIVED = "a program with its derivatives"
_NEUTRAL = {"add": 0.0, "mul": 1.0}
_TRUTHS = ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal")


def derivative_name(output: str, node: str) -> str:
    """Return the name of the node that holds the derivative of `output` by `node`."""
    return f"d{_grouped(output)}/d{_grouped(node)}"


def _grouped(name: str) -> str:
    return f"({name})" if "/" in name else name


def _spoken(name: str, taken: Container[str]) -> str:
    """Return what a part of a statement, such as `y.4`, is called where it has a derivative, which
    is a statement with parts of its own."""
    word = re.sub("[.@]", "_", name)
    return name if "." not in name else f"({name})" if word in taken else word


def differentiate(
    parsed: Parsed, output: str, wrt: Iterable[str] | None = None, most: int | None = None
) -> Parsed:
    """Return the graph with its backward pass appended: one statement for each P_i on the way.

    output: a node with a single entry. wrt: the nodes whose derivatives are wanted, by default
    every leaf. The derivative by node x is the node called `derivative_name(output, x)`, in the
    shape of x. To any order: differentiate the result. most: nodes there may be. Raises OptionError
    for a node that is not there or an output with several entries, LimitError for too many nodes.
    """
    graph = parsed.graph
    target = _node(graph, output, "output")
    given = {i: value.shape for i, value in parsed.literal_of.items()}
    shape_of = dict(infer(graph, given, 8, Limits(nodes=2**31, entries=2**40)).shape_of)
    if prod(shape_of[target]) != 1:
        raise OptionError("option.scalar", name=output, shape=str(shape_of[target]))
    names = [node.name for node in graph if node.op == "leaf"] if wrt is None else list(wrt)
    wanted = {_node(graph, name, "wrt") for name in names}
    recorder = _Recorder.on(parsed, shape_of)
    recorder.builder.most, recorder.builder.limit = most, _DERIVED
    _record(recorder, graph, target, wanted)
    return Parsed(*recorder.builder.finish())


def nth_derivative(
    parsed: Parsed, output: str | None, names: Iterable[str], limits: Limits
) -> tuple[Parsed, str]:
    """Differentiate by one name after another: with x and y, ∂²output/∂x∂y.

    output: by default the last node. Returns the graph with all passes appended and the name of the
    last derivative. Raises as `differentiate`, and LimitError where the graph grows too large.
    """
    output = parsed.graph.nodes[-1].name if output is None else output
    for name in names:
        _check(len(parsed.graph), limits.derived)
        given = {i: value.shape for i, value in parsed.literal_of.items()}
        infer(parsed.graph, given, 8, limits)
        parsed = differentiate(parsed, output, [name], limits.derived)
        taken = parsed.graph.id_of
        output = derivative_name(_spoken(output, taken), _spoken(name, taken))
    return _Regrouping(parsed).run(), output


def _check(nodes: int, allowed: int) -> None:
    if nodes > allowed:
        told = {"unit": "nodes", "limit": _DERIVED}
        raise LimitError("limit.exceeded", None, asked=nodes, **told, allowed=allowed)


@dataclass(slots=True)
class _Regrouping:
    """Gives every value that is used twice a statement: the backward pass reads what was inside a
    statement, so that it cannot be closed over it any more. Each reader has constants of its own,
    so that a statement is one expression, as a program has it. made: new ids by the old ones."""

    parsed: Parsed
    builder: Builder = field(default_factory=lambda: Builder(nonfinite=True))
    made: dict[int, int] = field(default_factory=dict)

    def run(self) -> Parsed:
        graph, builder = self.parsed.graph, self.builder
        own = [node.op == LEAF or not node.name.startswith(f"{node.statement}.") for node in graph]
        uses = Counter[int]()
        for node in reversed(graph.nodes):
            if own[node.id - 1] or uses[node.id]:
                uses.update(node.inputs)
        for node in graph:
            if node.op == CONST or (uses[node.id] < 2 and not own[node.id - 1]):
                continue
            name = self._name(node)
            builder.begin(name, node.span, node.text, node.note, name)
            if node.op == LEAF:
                builder.leaf(self.parsed.literal_of[node.id], node.requires_grad)
                self.made[node.id] = builder.names[name]
            else:
                self.made[node.id] = builder.end(self._grown(node.id), requires_grad=False)
        return Parsed(*builder.finish())

    def _name(self, node: Node) -> str:
        """A name that is bound again follows itself, unless what it first was is gone."""
        found = re.fullmatch(r"(\w+)@(\d+)", node.name)
        number = int(found[2]) - 1 if found else 0
        before = f"{found[1]}@{number}" if found and number > 1 else found and found[1]
        gone = before is not None and before not in self.builder.names
        return _spoken(node.name.replace("@", "_") if gone else node.name, self.parsed.graph.id_of)

    def _grown(self, root: int) -> int:
        """Make a node and all that it alone uses, operands first, from left to right."""
        pending, done = [(root, False)], list[int]()
        while pending:
            i, ready = pending.pop()
            node = self.parsed.graph[i]
            if i in self.made:
                done.append(self.made[i])
            elif node.op == CONST:
                value = self.parsed.literal_of[i]
                done.append(self.builder.const(value, node.span, node.text))
            elif ready:
                first = len(done) - len(node.inputs)
                inputs, op = tuple(done[first:]), OPS[node.op]
                done[first:] = [self.builder.op(op, inputs, node.attrs, node.span, node.text)]
            else:
                pending += [(i, True), *((each, False) for each in reversed(node.inputs))]
        return done[0]


def _node(graph: Graph, name: str, option: str) -> int:
    if name not in graph.id_of:
        nodes = ", ".join(graph.id_of)[:200]
        raise OptionError("option.node", option=option, name=name[:60], nodes=nodes)
    return graph.id_of[name]


def _record(recorder: _Recorder, graph: Graph, target: int, wanted: set[int]) -> None:
    """Append P of every node between the output and the nodes that are wanted."""
    reached, needed = graph.reaches(target), _leading_to(graph, wanted)
    adjoint_of: dict[int, int] = {}
    for node_id in range(len(graph), 0, -1):
        if node_id not in needed:
            continue
        of, by = (_spoken(graph[i].name, graph.id_of) for i in (target, node_id))
        name = derivative_name(of, by)
        recorder.builder.begin(name, None, "")
        total = recorder.seed(node_id) if node_id == target else None
        for edge in reversed(graph.users[node_id]) if node_id in reached else ():
            if edge.to in adjoint_of:
                term = recorder.term(graph, edge.to, edge.slot, adjoint_of[edge.to])
                total = recorder.plus(total, term)
        if total is not None:
            adjoint_of[node_id] = recorder.finish(total)
        elif node_id in wanted:
            recorder.builder.leaf(np.zeros(recorder.shape_of[node_id]), requires_grad=False)


def _leading_to(graph: Graph, wanted: set[int]) -> set[int]:
    """Return the nodes on a path from a wanted node, the wanted ones included."""
    needed = set(wanted)
    for node in graph:
        if any(edge.source in needed for edge in graph.edges_into(node)):
            needed.add(node.id)
    return needed


@dataclass(slots=True)
class _Recorder:
    """Appends ops to the graph it continues; handles are node ids."""

    builder: Builder
    shape_of: dict[int, Shape]

    @staticmethod
    def on(parsed: Parsed, shape_of: Mapping[int, Shape]) -> _Recorder:
        return _Recorder(Builder.resume(parsed.graph, dict(parsed.literal_of)), dict(shape_of))

    def op(self, op: Op, inputs: tuple[int, ...], attrs: Attributes) -> int:
        known = self._known(op, inputs, attrs)
        if known is not None:
            return known
        node = self.builder.op(op, inputs, attrs, None, "")
        self.shape_of[node] = op_shape(op, [self.shape_of[i] for i in inputs], attrs)
        return node

    def _known(self, op: Op, inputs: tuple[int, ...], attrs: Attributes) -> int | None:
        """Return what an op comes to where that is sure: a rule speaks of every exponent, and here
        it is 3."""
        numbers = [self._number(i) for i in inputs]
        if op.name == "identity":
            return inputs[0]
        if all(number is not None for number in numbers):
            with np.errstate(all="ignore"):
                value = np.asarray(op.forward(np, *map(np.float64, numbers), **attrs))
            return self._constant(value) if value.shape == () and np.isfinite(value) else None
        for number, other in zip(numbers, reversed(inputs), strict=True):
            if number is not None and _NEUTRAL.get(op.name) == number:
                return other
            if number == 0 and op.name == "mul" and self.builder.known.op(other) in _TRUTHS:
                return self.const(0.0)
        return None

    def _number(self, node: int) -> float | None:
        """Return the number that a node is written as, or None."""
        value = self.builder.known.values.get(node)
        if value is None or value.shape or self.builder.known.op(node) != CONST:
            return None
        return float(value)

    def const(self, value: float) -> int:
        return self._constant(np.asarray(value))

    def _constant(self, value: Value) -> int:
        node = self.builder.const(value, None, "")
        self.shape_of[node] = value.shape
        return node

    def seed(self, target: int) -> int:
        return self._constant(np.ones(self.shape_of[target]))

    def plus(self, total: int | None, term: int | None) -> int | None:
        if total is None or term is None:
            return term if total is None else total
        return self.op(OPS["add"], (total, term), {})

    def term(self, graph: Graph, node_id: int, slot: int, cotangent: int) -> int | None:
        node = graph[node_id]
        shapes, out_shape = [self.shape_of[i] for i in node.inputs], self.shape_of[node_id]
        applied = Application(OPS[node.op], node.inputs, node_id, shapes, out_shape, node.attrs)
        return pull(self, applied, slot, cotangent)

    def finish(self, total: int) -> int:
        shape = self.shape_of[total]
        node = self.builder.end(total, requires_grad=False)
        self.shape_of[node] = shape
        return node
