r"""The local Jacobian of each edge in symbols: `I \otimes x^T`, `\operatorname{diag}(…)`, `W`.

The same reverse sweep over the members of a group that composes the matrices (`local`) composes
their TeX here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.formula import OUT, Formula
from engine.formulas.factor import Factor, stated
from engine.formulas.pattern_tex import by_entries, mapping, product_of, row_of
from engine.formulas.tex import expression, filled
from engine.formulas.typeset import Tex, number, turned
from engine.graph import CONST, GROUP, Graph, Node
from engine.ops import ATOM, OPS
from engine.ops.notation import spread
from engine.sweeps.local import LocalRule, Rules

__all__ = ["LONGEST", "Symbols", "edge_formulas"]

_MOST_MEMBERS = 16
LONGEST = 400
"""A formula of more characters is left out."""

_SCALED_BY_ONE = r"\operatorname{diag}\left(1\right) \, "


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
    tall = symbols.rank(last) > 0
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
            matrix = tall or symbols.rank(source) > 0
            known = reached.get(source)
            reached[source] = path if known is None else known.plus(path, matrix)
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
    return tex if len(tex) <= LONGEST else ""


def _factor(symbols: Symbols, group: Node, member: Node, slot: int) -> Factor:
    """Return the local Jacobian of one elementary edge in symbols."""
    rule = symbols.rules[member.id, slot]
    outside = symbols.named(set(group.members), group.members[-1])

    def operand(position: int) -> Tex:
        source = member.id if position < 0 else member.inputs[position]
        return expression(symbols.fine, source, outside, symbols.rank, columns=True)

    if OPS[member.op].elementwise:
        return _elementwise(rule, member, operand, symbols)
    if rule.pattern is None or rule.op.jacobian_tex:
        return _general(rule, member, operand)
    if rule.merge is not None:
        return _merged(rule, member, operand, symbols)
    if not rule.operands:
        return mapping(rule.pattern)
    if len(rule.operands) > 1:
        return by_entries(rule.pattern, [(operand(i), own) for i, own in rule.operands])
    ((position, labels),) = rule.operands
    source, scale = _peel(symbols, group, member.inputs[position], outside)
    value = expression(symbols.fine, source, outside, symbols.rank, columns=True)
    return scale.times(product_of(rule.pattern, value, labels))


def _general(rule: LocalRule, member: Node, operand: Callable[[int], Tex]) -> Factor:
    """Fill in the op's own template; a single J where it has none."""
    shapes, given = (rule.in_shape, rule.out_shape), len(member.inputs)
    templates = rule.op.jacobian_templates(*shapes, rule.attrs, given)
    if not templates:
        return Factor(core="J")
    template = templates[min(rule.slot, len(templates) - 1)]
    operands = {rule.op.argument(i): operand(i) for i in range(len(member.inputs))}
    settings = {**rule.op.attrs, **member.attrs}
    tex = filled(template, operands | {OUT: operand(-1)}, settings)
    return stated(tex.removeprefix(_SCALED_BY_ONE))


def _peel(
    symbols: Symbols, group: Node, source: int, outside: Callable[[int], Tex | None]
) -> tuple[int, Factor]:
    """Take numbers off a product such as ½ · v, so that paths that differ only in where the number
    stands look alike."""
    scale = Factor()
    node = symbols.fine[source]
    while node.id in group.members[:-1] and node.op in ("mul", "transpose"):
        numbers = [i for i in node.inputs if not symbols.rank(i)]
        if node.op == "mul" and len(numbers) != 1:
            break
        rest = next(i for i in node.inputs if i not in numbers)
        if node.op == "transpose" and symbols.rank(rest) > 1:
            break
        for i in numbers:
            tex = expression(symbols.fine, i, outside, symbols.rank)
            scale = scale.times(_scaling(symbols.numbers.get(i), tex))
        node = symbols.fine[rest]
    return node.id, scale


def _scaling(value: float | None, tex: Tex) -> Factor:
    """A number, known or not, as a multiple of the identity."""
    if value is None:
        return Factor(scalars=(tex,))
    return Factor(value, written="" if value < 0 else tex[0])


def _elementwise(
    rule: LocalRule,
    member: Node,
    operand: Callable[[int], Tex],
    symbols: Symbols,
) -> Factor:
    pattern = rule.pattern
    assert pattern is not None
    stretch = stated(_stretch(rule))
    if rule.formula is None:
        return Factor(scale=pattern.scale).times(stretch)
    scale, value = _entries(rule.formula, member, operand, symbols)
    if not pattern.value:
        same = member.inputs[OPS[member.op].args.index(alone)] if (alone := _alone(rule)) else None
        number_of = None if same is None else symbols.numbers.get(same)
        return Factor(scale).times(_scaling(number_of, value)).times(stretch)
    if not pattern.in_ and len(pattern.out) == 1:
        return Factor(scale, core=value[0], binding=value[1])
    whole = value[0] if scale == 1 else Factor(scale, (value,)).tex(matrix=False)
    return stated(f"\\operatorname{{diag}}\\left({whole}\\right)").times(stretch)


def _alone(rule: LocalRule) -> str | None:
    """The argument that a rule merely names."""
    name = rule.formula.alone if rule.formula else None
    return None if name == OUT else name


def _stretch(rule: LocalRule) -> str:
    """The broadcast map from the argument to the result."""
    return spread(rule.in_shape, rule.out_shape).replace("{{", "{").replace("}}", "}")


def _merged(
    rule: LocalRule, member: Node, operand: Callable[[int], Tex], symbols: Symbols
) -> Factor:
    """Sum over the merged axes what the weights make of the argument, stretched."""
    pattern, merge = rule.pattern, rule.merge
    assert pattern is not None and merge is not None
    if rule.formula is None:
        return mapping(pattern)
    space, kept, _ = merge
    scale, value = _entries(rule.formula, member, operand, symbols)
    merged = [axis for axis, size in enumerate(space) if size != kept[axis]]
    wide = spread(rule.in_shape, space).replace("{{", "{").replace("}}", "}")
    stretch = Factor(scale).times(stated(wide))
    if sum(size != 1 for size in space) == 0:
        return Factor(scale, (value,))
    diagonal = stated(f"\\operatorname{{diag}}\\left({value[0]}\\right)").times(stretch)
    if not merged:
        return diagonal
    if pattern.out:
        return stated(row_of(space, merged)).times(diagonal)
    if len([size for size in space if size != 1]) > 1:
        value = f"\\operatorname{{vec}}\\left({value[0]}\\right)", ATOM
    return Factor(core=turned(value)[0]).times(stretch)


def _entries(
    formula: Formula, member: Node, operand: Callable[[int], Tex], symbols: Symbols
) -> tuple[float, Tex]:
    """Fill the arguments into the formula of a partial, and simplify where they are numbers; return
    the number in front, and the rest."""
    op = OPS[member.op]
    positions = {name: i for i, name in enumerate(op.args)} | {OUT: -1}
    position_of = {i: positions[name] for i, name in formula.used}
    literals = dict(formula.literals)

    def outside(i: int) -> Tex | None:
        if i in position_of:
            return operand(position_of[i])
        return (number(literals[i]), 1 if literals[i] < 0 else ATOM) if i in literals else None

    sources = {i: member.inputs[at] for i, at in position_of.items() if at >= 0}
    known = {i: symbols.numbers[s] for i, s in sources.items() if s in symbols.numbers}
    known |= literals | (_in_general(formula) if op.guarded else {})
    given = {i: symbols.rank(source) for i, source in sources.items()}
    ranks = _ranks(formula, given, symbols.rank(member.id))
    scale, root = _leading(formula, known)
    return scale, expression(formula.graph, root, outside, ranks.__getitem__, known=known)


def _in_general(formula: Formula) -> dict[int, float]:
    """Away from kinks nothing is equal."""
    odds = {"equal": 0.0, "not_equal": 1.0}
    return {node.id: odds[node.op] for node in formula.graph if node.op in odds}


def _ranks(formula: Formula, given: Mapping[int, int], own: int) -> dict[int, int]:
    """The rank of each node of a formula: that of its widest input."""
    names = dict(formula.used)
    ranks: dict[int, int] = {}
    for node in formula.graph:
        if node.is_leaf:
            ranks[node.id] = own if names.get(node.id) == OUT else given.get(node.id, 0)
        else:
            ranks[node.id] = max(ranks[i] for i in node.inputs)
    return ranks


def _leading(formula: Formula, known: Mapping[int, float]) -> tuple[float, int]:
    """Return the numbers that the formula multiplies by, as one, and the node that is left."""
    scale, node = 1.0, formula.graph[len(formula.graph)]
    while node.op in ("mul", "neg", "identity"):
        numbers = [i for i in node.inputs if i in known]
        rest = [i for i in node.inputs if i not in known]
        if len(rest) != 1 or (formula.graph[rest[0]].is_leaf and node.op == "identity"):
            break
        for i in numbers:
            scale *= known[i]
        scale = -scale if node.op == "neg" else scale
        node = formula.graph[rest[0]]
    return scale, node.id
