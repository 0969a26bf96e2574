r"""The local Jacobian of each edge in symbols: `I \otimes x^T`, `\operatorname{diag}(…)`, `W`.

The same reverse sweep over the members of a group that composes the matrices (`local`) composes
their TeX here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.formula import OUT, Formula
from engine.graph import CONST, GROUP, Graph, Node
from engine.local import LocalRule, Rules
from engine.ops import ATOM, OPS
from engine.pattern import Pattern
from engine.tex import Tex, expression, filled, number

__all__ = ["Symbols", "edge_formulas"]

_MOST_MEMBERS = 16
_KRONECKER, _PRODUCT = 1, 2
"""A Kronecker product binds as loosely as a sum, so that it gets parentheses inside a product."""

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Factor:
    """A matrix in symbols: scale · scalars · core; an empty core is the identity."""

    scale: float = 1.0
    scalars: tuple[Tex, ...] = ()
    core: str = ""
    binding: int = ATOM

    def times(self, inner: Factor) -> Factor:
        """Return the product; scalars move to the front, identities vanish."""
        scale, scalars = self.scale * inner.scale, (*self.scalars, *inner.scalars)
        if not self.core or not inner.core:
            only = self if self.core else inner
            return Factor(scale, scalars, only.core, only.binding)
        core = f"{self._wrapped()} \\, {inner._wrapped()}"
        return Factor(scale, scalars, core, _PRODUCT)

    def _wrapped(self) -> str:
        return self.core if self.binding >= _PRODUCT else f"\\left({self.core}\\right)"

    def plus(self, other: Factor) -> Factor:
        """Return the sum of two paths; one on which nothing flows adds nothing."""
        if not self.scale or not other.scale:
            return self if self.scale else other
        if (self.scalars, self.core) == (other.scalars, other.core):
            return Factor(self.scale + other.scale, self.scalars, self.core, self.binding)
        second = other.tex(matrix=True)
        joined = f" - {second[1:]}" if second.startswith("-") else f" + {second}"
        return Factor(core=self.tex(matrix=True) + joined, binding=1)

    def tex(self, matrix: bool) -> str:
        """Return the TeX. matrix: write the identity as I, not as 1."""
        core = self.core or ("I" if matrix else "")
        several = len(self.scalars) + bool(core) + (abs(self.scale) != 1) > 1
        parts = [] if abs(self.scale) == 1 else [number(abs(self.scale))]
        parts += [
            f"\\left({tex}\\right)" if several and binding < 2 else tex
            for tex, binding in self.scalars
        ]
        parts += (
            [f"\\left({core}\\right)" if core and self.binding < 2 and parts else core]
            if core
            else []
        )
        return ("-" if self.scale < 0 else "") + (r" \cdot ".join(parts) or "1")


@dataclass(frozen=True, slots=True)
class Symbols:
    """What the symbols of one program need: its two graphs, its rules, its literals, the rank of
    each node, and the nodes that are mere numbers."""

    fine: Graph
    view: Graph
    rules: Rules
    literal: Callable[[int], Tex]
    rank: Callable[[int], int]
    numbers: Mapping[int, float]

    def named(self, inside: set[int], last: int) -> Callable[[int], Tex | None]:
        """Return how a node of the elementary graph is called inside a group whose value is
        `last`."""

        def outside(i: int) -> Tex | None:
            if i not in inside or i == last:
                return f"\\node{{{self.fine[i].name}}}", ATOM
            return self.literal(i) if self.fine[i].op == CONST else None

        return outside


def edge_formulas(symbols: Symbols, node: Node) -> dict[int, str]:
    """Return the TeX of the local Jacobian of every differentiable edge into a node of the view,
    by slot."""
    if len(node.members) > _MOST_MEMBERS:
        return {}
    last = node.members[-1]
    reached: dict[int, Factor] = {last: Factor()}
    by_slot: dict[int, Factor] = {}
    for member_id in reversed(node.members):
        member = symbols.fine[member_id]
        if member_id not in reached or member.is_leaf:
            continue
        for edge in symbols.fine.edges_into(member):
            source, slot = edge.source, edge.slot
            path = reached[member_id].times(_factor(symbols, node, member, slot))
            by_slot[slot] = path
            reached[source] = reached[source].plus(path) if source in reached else path
    if node.op == GROUP:
        by_slot = {
            edge.slot: reached[symbols.view[edge.source].members[-1]]
            for edge in symbols.view.edges_into(node)
        }
    return {slot: _final(symbols, node, slot, factor) for slot, factor in by_slot.items()}


def _final(symbols: Symbols, node: Node, slot: int, factor: Factor) -> str:
    source = symbols.view[node.inputs[slot]]
    matrix = symbols.rank(node.members[-1]) > 0 or symbols.rank(source.members[-1]) > 0
    tex = factor.tex(matrix)
    return tex if len(tex) <= _LONGEST else ""


def _factor(symbols: Symbols, group: Node, member: Node, slot: int) -> Factor:
    """Return the local Jacobian of one elementary edge in symbols."""
    rule = symbols.rules[member.id, slot]
    outside = symbols.named(set(group.members), group.members[-1])

    def operand(position: int) -> Tex:
        source = member.id if position < 0 else member.inputs[position]
        return expression(symbols.fine, source, outside, symbols.rank, columns=rule.formula is None)

    if OPS[member.op].elementwise:
        return _elementwise(rule, member, operand, symbols)
    if rule.pattern is None or rule.op.jacobian_tex:
        return _general(rule, member, operand)
    if rule.merge is not None:
        return _merged(rule, member, operand, symbols)
    if not rule.operands:
        return Factor(scale=rule.pattern.scale).times(_blocks(rule.pattern, None))
    if len(rule.operands) > 1:
        return Factor(core="J")
    source, scalars = _peel(symbols, group, member.inputs[rule.operands[0][0]], outside)
    value = expression(symbols.fine, source, outside, symbols.rank, columns=True)
    return Factor(scalars=scalars).times(_blocks(rule.pattern, value))


def _general(rule: LocalRule, member: Node, operand: Callable[[int], Tex]) -> Factor:
    """Fill in the op's own template; a single J where it has none."""
    if not rule.op.jacobian_tex:
        return Factor(core="J")
    own = rule.op.jacobian_tex
    templates = own(rule.attrs) if callable(own) else own
    template = templates[min(rule.slot, len(templates) - 1)]
    operands = {rule.op.argument(i): operand(i) for i in range(len(member.inputs))}
    tex = filled(template, operands | {OUT: operand(-1)}, member.attrs)
    if tex == "I":
        return Factor()
    sign, tex = (-1, tex[1:]) if tex.startswith("-") else (1, tex)
    binding = 1 if " - " in tex or " + " in tex else _KRONECKER if r"\otimes" in tex else ATOM
    return Factor(sign, core=tex, binding=binding)


def _peel(
    symbols: Symbols, group: Node, source: int, outside: Callable[[int], Tex | None]
) -> tuple[int, tuple[Tex, ...]]:
    """Take numbers off a product such as ½ · v, so that paths that differ only in where the number
    stands look alike."""
    scalars: list[Tex] = []
    node = symbols.fine[source]
    while node.id in group.members[:-1] and node.op in ("mul", "transpose"):
        numbers = [i for i in node.inputs if not symbols.rank(i)]
        if node.op == "mul" and len(numbers) != 1:
            break
        scalars += [expression(symbols.fine, i, outside, symbols.rank) for i in numbers]
        rest = next(i for i in node.inputs if i not in numbers)
        if node.op == "transpose" and symbols.rank(rest) > 1:
            break
        node = symbols.fine[rest]
    return node.id, tuple(scalars)


def _elementwise(
    rule: LocalRule,
    member: Node,
    operand: Callable[[int], Tex],
    symbols: Symbols,
) -> Factor:
    pattern = rule.pattern
    assert pattern is not None
    stretch = "" if pattern.out == pattern.in_ else _stretch(pattern)
    if rule.formula is None:
        return Factor(scale=pattern.scale, core=stretch, binding=_looseness(stretch))
    value = _entries(rule.formula, member, operand, symbols)
    if not pattern.value:
        return Factor(scalars=(value,), core=stretch, binding=_looseness(stretch))
    if not pattern.in_ and len(pattern.out) == 1:
        return Factor(core=value[0], binding=value[1])
    return Factor(core=f"\\operatorname{{diag}}\\left({value[0]}\\right)").times(
        Factor(core=stretch, binding=_looseness(stretch))
    )


def _merged(
    rule: LocalRule, member: Node, operand: Callable[[int], Tex], symbols: Symbols
) -> Factor:
    """A row where all entries merge into one, a diagonal where none do."""
    pattern = rule.pattern
    assert pattern is not None and rule.formula is not None
    value = _entries(rule.formula, member, operand, symbols)
    if pattern.out == pattern.in_:
        core = f"\\operatorname{{diag}}\\left({value[0]}\\right)"
        return Factor(core=core) if pattern.out else Factor(scalars=(value,))
    if pattern.out:
        return Factor(core="J")
    vec = r"\operatorname{vec}" if len(pattern.in_) > 1 else ""
    core = value[0] if value[1] == ATOM and not vec else f"{vec}\\left({value[0]}\\right)"
    return Factor(core=f"{{{core}}}^T")


def _entries(
    formula: Formula, member: Node, operand: Callable[[int], Tex], symbols: Symbols
) -> Tex:
    """Fill the arguments into the formula of a partial, and simplify where they are numbers."""
    positions = {name: i for i, name in enumerate(OPS[member.op].args)} | {OUT: -1}
    position_of = {i: positions[name] for i, name in formula.used}
    literals = dict(formula.literals)

    def outside(i: int) -> Tex | None:
        if i in position_of:
            return operand(position_of[i])
        return (number(literals[i]), 1 if literals[i] < 0 else ATOM) if i in literals else None

    def argument_rank(i: int) -> int:
        if i not in position_of:
            return 0
        return symbols.rank(member.id if position_of[i] < 0 else member.inputs[position_of[i]])

    sources = {i: member.inputs[at] for i, at in position_of.items() if at >= 0}
    known = {i: symbols.numbers[s] for i, s in sources.items() if s in symbols.numbers}
    root = len(formula.graph)
    return expression(formula.graph, root, outside, argument_rank, known=literals | known)


def _looseness(core: str) -> int:
    return _KRONECKER if r"\otimes" in core else ATOM


def _stretch(pattern: Pattern) -> str:
    """The broadcast map: I for an axis that is kept, a column of ones for one that is stretched."""
    parts: list[str] = []
    for label in pattern.out:
        part = "I" if label in pattern.in_ else r"\mathbf{1}"
        if part != "I" or parts[-1:] != ["I"]:
            parts.append(part)
    return r" \otimes ".join(parts)


def _blocks(pattern: Pattern, value: Tex | None) -> Factor:
    """Write I ⊗ block ⊗ I: the axes that output and input share in front and behind are
    identities."""
    out, in_ = list(pattern.out), list(pattern.in_)
    before = after = False
    while out and in_ and out[0] == in_[0]:
        del out[0], in_[0]
        before = True
    while out and in_ and out[-1] == in_[-1]:
        del out[-1], in_[-1]
        after = True
    if set(out) & set(in_):
        return Factor(core="K") if value is None else Factor(core="J")
    block = _block(out, in_, pattern, value)
    if block is None:
        return Factor(core="J")
    parts = ["I"] * before + [block] * (block != "") + ["I"] * after
    if set(parts) == {"I"} or not parts:
        return Factor()
    return Factor(core=r" \otimes ".join(parts), binding=_KRONECKER if len(parts) > 1 else ATOM)


def _block(rows: list[int], columns: list[int], pattern: Pattern, value: Tex | None) -> str | None:
    """The block in the middle: the other operand, standing or lying; ones where there is none."""
    if value is None:
        ones = {(True, False): r"\mathbf{1}", (False, True): r"\mathbf{1}^T", (False, False): ""}
        return ones.get((bool(rows), bool(columns)))
    tex, binding = value
    wrapped = tex if binding > 4 else f"\\left({tex}\\right)"
    if list(pattern.value or ()) == [*rows, *columns] and (rows or not columns):
        return tex if binding >= 3 else wrapped
    return f"{{{wrapped}}}^T" if list(pattern.value or ()) == [*columns, *rows] else None
