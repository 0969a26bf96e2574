"""Registry entry → the local Jacobian of each edge: its structure from shapes alone, its entries
from values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from functools import partial as bind
from math import prod
from types import MappingProxyType
from typing import Any

from engine.backend import Array, Backend
from engine.einsum import Labels
from engine.formula import OUT, Formula, named, partial, weight
from engine.graph import CONST, Attributes, Graph, Shape
from engine.infer import flops_of, subscript_sizes
from engine.jacobians.jacobian import Jacobian, Labelled, Zero
from engine.jacobians.pattern import Pattern, axis_labels
from engine.ops import OPS, Op, Point
from engine.simplify import simplified

__all__ = ["LocalRule", "Make", "Rules", "entries_of", "local_rule", "plan_rules"]

_NOTHING: Mapping[Any, Any] = MappingProxyType({})

_COMMON = frozenset(quarter / 4 for quarter in range(-16, 65))
"""Numbers worth a formula of their own, such as usual exponents: few, so that few are made."""

Rules = Mapping[tuple[int, int], "LocalRule"]
"""The rule of each differentiable edge of an elementary graph, by (node id, slot)."""

Make = Callable[[Sequence[Array], Array], Jacobian]
"""(inputs of an op, its value) → the local Jacobian of one edge."""


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
        return self.maker(backend, dtype)(inputs, out)

    def maker(self, backend: Backend, dtype: Any) -> Make:
        """Return the local Jacobian as a function of values; the rest is done here."""
        xp, pattern, ends = backend.xp, self.pattern, (self.out_shape, self.in_shape)
        if pattern is None:
            return self._general(xp, dtype)
        if pattern.value is None:
            zero = pattern.scale == 0
            same = Zero(xp, dtype, *ends) if zero else Labelled(xp, dtype, *ends, pattern)
            return lambda inputs, out: same
        entries = self._entries(backend, pattern)
        return lambda inputs, out: Labelled(xp, dtype, *ends, pattern, entries(inputs, out))

    def _general(self, xp: Any, dtype: Any) -> Make:
        """By the op's own rule: for each values, or once where they do not matter."""
        build, attrs, slot = self.op.jacobian, self.attrs, self.slot
        assert build is not None
        made: list[Jacobian] = []

        def make(inputs: Sequence[Array], out: Array) -> Jacobian:
            if made:
                return made[0]
            found = build(Point(xp, dtype, inputs, out, attrs), slot)
            if self.op.fixed:
                made.append(found)
            return found

        return make

    def _entries(self, backend: Backend, pattern: Pattern) -> Callable[..., Array]:
        """Return a function of inputs and value."""
        assert pattern.value is not None
        value, sizes, xp = list(pattern.value), dict(pattern.sizes), backend.xp
        shape = tuple(sizes[label] for label in value)
        if self.merge is not None:
            return bind(self._merged_entries, backend, shape)
        if self.formula is not None:
            factor = self.formula.function(xp, (*self.op.args, OUT))
            return lambda inputs, out: xp.asarray(factor((*inputs, out))).reshape(shape)
        if len(self.operands) == 1:
            only, of = self.operands[0][0], entries_of(self, pattern)
            return lambda inputs, out: inputs[only] if of is None else of(inputs[only])

        def joined(inputs: Sequence[Array], out: Array) -> Array:
            flat = [part for i, own in self.operands for part in (inputs[i].squeeze(), own)]
            return xp.einsum(*flat, value, optimize=True).reshape(shape)

        return joined

    def _merged_entries(
        self, backend: Backend, shape: Shape, inputs: Sequence[Array], out: Array
    ) -> Array:
        assert self.formula is not None and self.merge is not None
        space, kept, summed = self.merge
        given = named(self.op, inputs, out.reshape(kept))
        entries = backend.xp.broadcast_to(self.formula(backend, given), space)
        return entries.sum(axis=summed).reshape(shape) if summed else entries.reshape(shape)


def entries_of(rule: LocalRule, pattern: Pattern) -> Callable[[Array], Array] | None:
    """Return how the other operand becomes the entries of the Jacobian; None where it is them."""
    assert pattern.value is not None
    ((_, labels),) = rule.operands
    if labels == pattern.value and rule.operand_rank == len(labels):
        return None
    sizes = dict(pattern.sizes)
    shape = tuple(sizes[label] for label in pattern.value)
    axes = tuple(axis for axis, label in enumerate(labels) if label not in pattern.value)

    def entries(operand: Array) -> Array:
        wide = operand.squeeze()
        return (wide.sum(axis=axes) if axes else wide).reshape(shape)

    return entries


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
    pattern = Pattern.of(out, in_, value, sizes, gate=op.gate)
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
        arriving = graph.edges_into(node)
        if not arriving:
            continue
        shapes, op, out_shape = [shape_of[i] for i in node.inputs], OPS[node.op], shape_of[node.id]
        known: dict[str, float] = {}
        if number:
            known = {op.argument(s): number[i] for s, i in enumerate(node.inputs) if i in number}
        key = node.id if node.attrs else (op.name, out_shape, *shapes, *known.items())
        made = alike.setdefault(key, {})
        for _, to, slot in arriving:
            if slot not in made and op.partials and not node.attrs:
                plain = (slot, tuple(shapes), out_shape, tuple(known.items()))
                made[slot] = _remembered(node.op, *plain)
            elif slot not in made:
                work = None if op.jacobian is None else flops_of(op, shapes, out_shape, node.attrs)
                made[slot] = local_rule(op, slot, shapes, out_shape, node.attrs, known, work)
            rules[to, slot] = made[slot]
    return rules


@lru_cache(maxsize=4096)
def _remembered(
    op: str,
    slot: int,
    shapes: tuple[Shape, ...],
    out_shape: Shape,
    known: tuple[tuple[str, float], ...],
) -> LocalRule:
    """The rule of an elementwise op, which most programs have in common."""
    return local_rule(OPS[op], slot, shapes, out_shape, _NOTHING, dict(known))
