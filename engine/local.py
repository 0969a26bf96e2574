"""Registry entry → the local Jacobian of each edge: its structure from shapes alone, its entries
from values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import Any

from engine.backend import Array, Backend
from engine.compose import add, compose
from engine.einsum import Labels, reduce
from engine.formula import OUT, Formula, named, partial, weight
from engine.graph import CONST, GROUP, Attributes, Graph, Node, Shape
from engine.infer import flops_of, subscript_sizes
from engine.jacobian import Jacobian, Labelled, Zero
from engine.ops import OPS, Op, Point
from engine.pattern import Pattern, axis_labels
from engine.simplify import simplified

__all__ = ["LocalRule", "Locals", "Rules", "at_kink", "jacobians", "local_rule", "plan_rules"]

_NOTHING: Mapping[Any, Any] = MappingProxyType({})

_COMMON = frozenset(quarter / 4 for quarter in range(-16, 65))
"""Numbers worth a formula of their own, such as usual exponents: few, so that few are made."""

Rules = Mapping[tuple[int, int], "LocalRule"]
"""The rule of each differentiable edge of an elementary graph, by (node id, slot)."""


@dataclass(frozen=True, slots=True)
class LocalRule:
    """How the local Jacobian of one edge is made.

    pattern: its structure, where shapes alone say it (else None, and the op's own rule builds it).
    formula: gives the entries of an elementwise op. operands: the arguments whose product holds
    the entries of a multilinear op, as (slot, labels). operand_rank: of the first of them. work:
    FLOPs of a general op; a product with its Jacobian takes about as many. merge: of an op that
    reduces, the shape its arguments broadcast to, the same with merged axes of size 1, and the axes
    over which the entries of the formula are summed.
    """

    op: Op
    slot: int
    out_shape: Shape
    in_shape: Shape
    attrs: Attributes
    pattern: Pattern | None = None
    formula: Formula | None = None
    operands: tuple[tuple[int, Labels], ...] = ()
    operand_rank: int = 0
    merge: tuple[Shape, Shape, tuple[int, ...]] | None = None
    work: int = 0

    @property
    def flops(self) -> int:
        """Multiplications and additions of one product P·J with m = 1."""
        if self.pattern is None:
            return max(self.work, 4 * (prod(self.out_shape) + prod(self.in_shape)))
        return 2 * prod(size for _, size in self.pattern.sizes)

    @property
    def multiplications(self) -> int:
        """Multiplications of one product P·J with m = 1; none where the entries are all ±1."""
        if self.pattern is None:
            return self.flops // 2
        plain = self.pattern.value is None and self.pattern.scale in (-1, 0, 1)
        return 0 if plain else prod(size for _, size in self.pattern.sizes)

    def jacobian(
        self, backend: Backend, dtype: Any, inputs: Sequence[Array], out: Array
    ) -> Jacobian:
        """Return the local Jacobian at these values."""
        xp, pattern = backend.xp, self.pattern
        if pattern is None:
            assert self.op.jacobian is not None
            return self.op.jacobian(Point(xp, dtype, inputs, out, self.attrs), self.slot)
        if pattern.value is None:
            if pattern.scale == 0:
                return Zero(xp, dtype, self.out_shape, self.in_shape)
            return Labelled(xp, dtype, self.out_shape, self.in_shape, pattern)
        value = self._entries(backend, inputs, out, pattern)
        return Labelled(xp, dtype, self.out_shape, self.in_shape, pattern, value)

    def _entries(
        self, backend: Backend, inputs: Sequence[Array], out: Array, pattern: Pattern
    ) -> Array:
        assert pattern.value is not None
        sizes = dict(pattern.sizes)
        shape = [sizes[label] for label in pattern.value]
        if self.formula is not None and self.merge is not None:
            space, kept, summed = self.merge
            given = named(self.op, inputs, out.reshape(kept))
            entries = backend.xp.broadcast_to(self.formula(backend, given), space)
            return entries.sum(axis=summed).reshape(shape) if summed else entries.reshape(shape)
        if self.formula is not None:
            return self.formula(backend, named(self.op, inputs, out)).reshape(shape)
        slot, labels = self.operands[0]
        if len(self.operands) == 1:
            entries, _ = reduce(inputs[slot].squeeze(), labels, pattern.value)
            return entries.reshape(shape)
        flat = [part for i, own in self.operands for part in (inputs[i].squeeze(), own)]
        return backend.xp.einsum(*flat, list(pattern.value), optimize=True).reshape(shape)


def local_rule(
    op: Op,
    slot: int,
    shapes: Sequence[Shape],
    out_shape: Shape,
    attrs: Attributes,
    known: Mapping[str, float] = _NOTHING,
    work: int | None = None,
) -> LocalRule:
    """Return the rule of the edge into argument `slot` of `op`. shapes: of all arguments. known:
    the arguments that are mere numbers. work: FLOPs of the op, if these are counted already."""
    if op.partials:
        return _elementwise(op, slot, shapes, out_shape, attrs, known)
    if op.subscripts is not None:
        return _multilinear(op, slot, shapes, out_shape, attrs)
    if op.reduces is not None:
        return _merging(op, slot, shapes, out_shape, attrs)
    work = flops_of(op, shapes, out_shape, attrs) if work is None else work
    return LocalRule(op, slot, out_shape, shapes[slot], attrs, work=work)


def _elementwise(
    op: Op,
    slot: int,
    shapes: Sequence[Shape],
    out_shape: Shape,
    attrs: Attributes,
    known: Mapping[str, float],
) -> LocalRule:
    """Diagonal, then right-multiplied by the broadcast map where the argument was stretched."""
    rule = partial(op, slot, attrs)
    if known and rule.alone is None and rule.constant is None:
        rule = simplified(rule, tuple(known.items()))
    rank = len(out_shape)
    sizes = dict(enumerate(out_shape))

    def labels(shape: Shape) -> Labels:
        return axis_labels(shape, range(rank - len(shape), rank))

    out, in_ = labels(out_shape), labels(shapes[slot])
    if rule.constant is not None:
        pattern = Pattern.of(out, in_, None, sizes, rule.constant)
        return LocalRule(op, slot, out_shape, shapes[slot], attrs, pattern)
    shape_of = dict(zip(op.args, shapes, strict=True)) | {OUT: out_shape}
    varies = {label for _, name in rule.used for label in labels(shape_of[name])}
    value = tuple(label for label in out if label in varies)
    pattern = Pattern.of(out, in_, value, sizes)
    return LocalRule(op, slot, out_shape, shapes[slot], attrs, pattern, rule)


def _multilinear(
    op: Op, slot: int, shapes: Sequence[Shape], out_shape: Shape, attrs: Attributes
) -> LocalRule:
    """Labels shared by output and argument are deltas; the other arguments hold the entries."""
    assert op.subscripts is not None
    letter_sizes = subscript_sizes(op, shapes, attrs)
    sources, _, target = op.subscripts(shapes, attrs).partition("->")
    number = {letter: position for position, letter in enumerate(letter_sizes)}
    sizes = {number[letter]: size for letter, size in letter_sizes.items()}

    def labels(letters: str) -> Labels:
        return tuple(number[letter] for letter in letters if letter_sizes[letter] != 1)

    operands = [labels(letters) for letters in sources.split(",")]
    out, in_ = labels(target), operands[slot]
    others = tuple((i, own) for i, own in enumerate(operands) if i != slot)
    if not others:
        pattern = Pattern.of(out, in_, None, sizes)
        return LocalRule(op, slot, out_shape, shapes[slot], attrs, pattern)
    kept = {*out, *in_}
    value = tuple(dict.fromkeys(label for _, own in others for label in own if label in kept))
    canonical = {label: position for position, label in enumerate(dict.fromkeys((*out, *in_)))}
    rest = {label: len(canonical) + i for i, label in enumerate(set(sizes) - set(canonical))}
    rename = canonical | rest
    moved = tuple((i, tuple(rename[label] for label in own)) for i, own in others)
    pattern = Pattern.of(out, in_, value, sizes)
    rank = len(shapes[others[0][0]])
    return LocalRule(op, slot, out_shape, shapes[slot], attrs, pattern, None, moved, rank)


def _merging(
    op: Op, slot: int, shapes: Sequence[Shape], out_shape: Shape, attrs: Attributes
) -> LocalRule:
    """One entry of the result is made of the entries along the merged axes."""
    assert op.reduces is not None
    space, merged = op.reduces(shapes, {**op.attrs, **attrs})
    rule = weight(op, slot, shapes, attrs)
    sizes, rank = dict(enumerate(space)), len(space)
    out = tuple(axis for axis, size in sizes.items() if size != 1 and axis not in merged)
    in_ = axis_labels(shapes[slot], range(rank - len(shapes[slot]), rank))
    value = tuple(sorted({*out, *in_}))
    rest = tuple(axis for axis in sizes if axis not in value)
    if rule.constant is not None:
        scale = rule.constant * prod(sizes[axis] for axis in rest)
        pattern = Pattern.of(out, in_, None, sizes, scale)
        return LocalRule(op, slot, out_shape, shapes[slot], attrs, pattern)
    kept = tuple(1 if axis in merged else size for axis, size in sizes.items())
    pattern = Pattern.of(out, in_, value, sizes)
    fold = (space, kept, rest)
    return LocalRule(op, slot, out_shape, shapes[slot], attrs, pattern, rule, merge=fold)


def plan_rules(
    graph: Graph, shape_of: Mapping[int, Shape], literals: Mapping[int, Array] = _NOTHING
) -> Rules:
    """Return the rule of every differentiable edge of an elementary graph. literals: the values
    written in the source, of which common numbers go into the rules."""
    constants = (node.id for node in graph if node.op == CONST and not shape_of[node.id])
    number = {i: float(literals[i]) for i in constants if i in literals}
    number = {i: value for i, value in number.items() if value in _COMMON}
    alike: dict[object, dict[int, LocalRule]] = {}
    rules: dict[tuple[int, int], LocalRule] = {}
    for node in graph:
        if not graph.edges_into(node):
            continue
        shapes, op, out_shape = [shape_of[i] for i in node.inputs], OPS[node.op], shape_of[node.id]
        known = {op.argument(s): number[i] for s, i in enumerate(node.inputs) if i in number}
        work = None if op.jacobian is None else flops_of(op, shapes, out_shape, node.attrs)
        key = node.id if node.attrs else (op.name, out_shape, *shapes, *known.items())
        made = alike.setdefault(key, {})
        for edge in graph.edges_into(node):
            slot = edge.slot
            if slot not in made:
                made[slot] = local_rule(op, slot, shapes, out_shape, node.attrs, known, work)
            rules[node.id, slot] = made[slot]
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
    slots = [edge.slot for edge in view.edges_into(node)]
    if not slots:
        return {}
    with run.backend.quiet():
        if node.op != GROUP:
            member = run.fine[node.members[-1]]
            return {slot: run.edge(member, slot) for slot in slots}
        composed = _compose_members(node, run)
        return {slot: composed[view[node.inputs[slot]].members[-1]] for slot in slots}


def at_kink(node: Node, run: Locals) -> bool:
    """Whether an op of this node has no derivative at its values, so that a convention is used."""
    for member_id in node.members:
        member = run.fine[member_id]
        kink = None if member.is_leaf else OPS[member.op].kink
        if kink is not None and member.requires_grad:
            inputs = [run.value_of[i] for i in member.inputs]
            with run.backend.quiet():
                xp = run.backend.xp
                if bool(xp.any(xp.asarray(kink(xp, *inputs, **member.attrs)))):
                    return True
    return False


def _compose_members(node: Node, run: Locals) -> dict[int, Jacobian]:
    """Return ∂group/∂i for every member and input i, by elementary id."""
    reached: dict[int, Jacobian] = {}
    for member_id in reversed(node.members):
        member = run.fine[member_id]
        if not member.requires_grad or (member_id != node.members[-1] and member_id not in reached):
            continue
        for edge in run.fine.edges_into(member):
            source, path = edge.source, run.edge(member, edge.slot)
            if member_id in reached:
                path = compose(reached[member_id], path)
            reached[source] = add(reached[source], path) if source in reached else path
    return reached
