"""Registry entry → the local Jacobian of each edge: its structure from shapes alone, its entries
from values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.backend import Array, Backend
from engine.compose import add, compose, identity
from engine.einsum import Labels
from engine.formula import Formula, partial
from engine.graph import GROUP, Graph, Node, Shape
from engine.infer import subscript_sizes
from engine.jacobian import Jacobian, Labelled, Pattern, axis_labels
from engine.ops import OPS, Op

__all__ = ["LocalRule", "Rules", "jacobians", "local_rule", "plan_rules"]

Rules = Mapping[tuple[int, int], "LocalRule"]
"""The rule of each differentiable edge of an elementary graph, by (node id, slot)."""


@dataclass(frozen=True, slots=True)
class LocalRule:
    """How the local Jacobian of one edge is made.

    pattern: its structure. formula: gives the entries of an elementwise op. operand: the argument
    whose entries are those of the Jacobian of a multilinear op, with `operand_labels`.
    """

    pattern: Pattern
    out_shape: Shape
    in_shape: Shape
    formula: Formula | None = None
    operand: int | None = None
    operand_labels: Labels = ()

    def jacobian(
        self, backend: Backend, dtype: Any, inputs: Sequence[Array], out: Array
    ) -> Labelled:
        """Return the local Jacobian at these values."""
        pattern, value = self.pattern, None
        if pattern.value is not None:
            value = self._entries(backend, inputs, out)
        return Labelled(backend.xp, dtype, self.out_shape, self.in_shape, pattern, value)

    def _entries(self, backend: Backend, inputs: Sequence[Array], out: Array) -> Array:
        assert self.pattern.value is not None
        sizes = dict(self.pattern.sizes)
        if self.formula is not None:
            entries = self.formula(backend, inputs, out)
        else:
            assert self.operand is not None
            entries = inputs[self.operand]
        return entries.reshape([sizes[label] for label in self.pattern.value])


def local_rule(
    op: Op, slot: int, shapes: Sequence[Shape], out_shape: Shape, attrs: Mapping[str, Any]
) -> LocalRule:
    """Return the rule of the edge into argument `slot` of `op`. shapes: of all arguments."""
    if op.subscripts is None:
        return _elementwise(op, slot, shapes, out_shape)
    return _multilinear(op, slot, shapes, out_shape, attrs)


def _elementwise(op: Op, slot: int, shapes: Sequence[Shape], out_shape: Shape) -> LocalRule:
    """Diagonal, then right-multiplied by the broadcast map where the argument was stretched."""
    formula = partial(op.name, slot)
    rank = len(out_shape)
    sizes = dict(enumerate(out_shape))

    def labels(shape: Shape) -> Labels:
        return axis_labels(shape, range(rank - len(shape), rank))

    out, in_ = labels(out_shape), labels(shapes[slot])
    if formula.constant is not None:
        pattern = Pattern.of(out, in_, None, sizes, formula.constant)
        return LocalRule(pattern, out_shape, shapes[slot])
    read = [out_shape if position < 0 else shapes[position] for _, position in formula.used]
    varies = {label for shape in read for label in labels(shape)}
    value = tuple(label for label in out if label in varies)
    return LocalRule(Pattern.of(out, in_, value, sizes), out_shape, shapes[slot], formula=formula)


def _multilinear(
    op: Op, slot: int, shapes: Sequence[Shape], out_shape: Shape, attrs: Mapping[str, Any]
) -> LocalRule:
    """Labels shared by output and argument are deltas; the other argument holds the entries."""
    assert op.subscripts is not None
    letter_sizes = subscript_sizes(op, shapes, attrs)
    sources, _, target = op.subscripts(shapes, attrs).partition("->")
    number = {letter: position for position, letter in enumerate(letter_sizes)}
    sizes = {number[letter]: size for letter, size in letter_sizes.items()}

    def labels(letters: str) -> Labels:
        return tuple(number[letter] for letter in letters if letter_sizes[letter] != 1)

    operands = sources.split(",")
    out, in_ = labels(target), labels(operands[slot])
    if len(operands) == 1:
        return LocalRule(Pattern.of(out, in_, None, sizes), out_shape, shapes[slot])
    other = 1 - slot
    pattern = Pattern.of(out, in_, labels(operands[other]), sizes)
    return LocalRule(pattern, out_shape, shapes[slot], operand=other)


def plan_rules(graph: Graph, shape_of: Mapping[int, Shape]) -> Rules:
    """Return the rule of every differentiable edge of an elementary graph."""
    rules: dict[tuple[int, int], LocalRule] = {}
    for edge in graph.edges:
        node = graph[edge.to]
        shapes = [shape_of[i] for i in node.inputs]
        rules[node.id, edge.slot] = local_rule(
            OPS[node.op], edge.slot, shapes, shape_of[node.id], node.attrs
        )
    return rules


@dataclass(frozen=True, slots=True)
class Locals:
    """Everything the local Jacobians of one run need: the elementary graph, its rules and its
    values."""

    fine: Graph
    rules: Rules
    value_of: Mapping[int, Array]
    backend: Backend
    dtype: Any

    def edge(self, node: Node, slot: int) -> Jacobian:
        """Return the local Jacobian of one edge of the elementary graph."""
        inputs = [self.value_of[i] for i in node.inputs]
        rule = self.rules[node.id, slot]
        return rule.jacobian(self.backend, self.dtype, inputs, self.value_of[node.id])


def jacobians(view: Graph, node: Node, run: Locals) -> dict[int, Jacobian]:
    """Return the local Jacobian of every differentiable edge into `node`, by slot.

    For a group it is the composition of its members': the reverse sweep over them, with matrices
    for cotangents.
    """
    with run.backend.quiet():
        slots = [slot for slot, source in enumerate(node.inputs) if view[source].requires_grad]
        if node.op != GROUP:
            member = run.fine[node.members[-1]]
            return {slot: run.edge(member, slot) for slot in slots}
        composed = _compose_members(node, run)
        return {slot: composed[view[node.inputs[slot]].members[-1]] for slot in slots}


def _compose_members(node: Node, run: Locals) -> dict[int, Jacobian]:
    """Return ∂group/∂i for every member and input i, by elementary id."""
    reached: dict[int, Jacobian] = {}
    for member_id in reversed(node.members):
        member = run.fine[member_id]
        if not member.requires_grad or (member_id != node.members[-1] and member_id not in reached):
            continue
        for slot, source in enumerate(member.inputs):
            if not run.fine[source].requires_grad:
                continue
            step = run.edge(member, slot)
            outer = reached.get(member_id) or identity(step)
            path = compose(outer, step)
            reached[source] = add(reached[source], path) if source in reached else path
    return reached
