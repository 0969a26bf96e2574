"""Graph → source text that reads back as the same graph.

Each statement prints as one expression with the parentheses it needs; a call of a block prints as
that call, and what the program defines stands at the top. A value whose name has been bound again
is kept in a list of one: `h_1 = [h]` makes no node. What is not differentiated is a `const(…)`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from engine.errors import EngineError
from engine.forms import written
from engine.forms.aliases import bound_to, changed_in_place
from engine.forms.equal import alike
from engine.forms.late import late
from engine.forms.names import fresh, words_of
from engine.forms.phrase import ATOM, CALL, NEGATIVE, NUMBER, Operand, Phrase, call, joined, phrase
from engine.forms.sequence import (
    Statement,
    Unprintable,
    base,
    in_order,
    loose,
    stale,
    together,
    version,
)
from engine.forms.several import Cut, cut, cuts, is_ordered, steps, unpacked
from engine.graph import CONST, LEAF, Graph, Group, Node
from engine.language.parse import Parsed, parse

__all__ = ["source"]

_PREFIX_OF = {"torch": ("torch", "F", "nn", "functional"), "numpy": ("np", "numpy", "jnp")}
_PREFIXES = (*_PREFIX_OF["torch"], *_PREFIX_OF["numpy"])


def source(parsed: Parsed) -> str:
    """Return a program that `parse` reads as this graph, with these values. Raises Unprintable."""
    for given in (False, True):
        changed = changed_in_place(parsed.graph, given)
        for doubtful, stepwise in ((False, False), (True, False), (True, True)):
            printer = _Printer(parsed, doubtful, stepwise, changed)
            text = printer.run()
            if (printer.sure and not parsed.graph.groups) or _means(text, parsed):
                return text
    raise Unprintable("what was known or bound while the program was read")


def _means(text: str, parsed: Parsed) -> bool:
    try:
        return alike(parse(text, nonfinite=True), parsed)
    except EngineError:
        return False


@dataclass(slots=True)
class _Printer:
    """bound: the node that each name is bound to. kept: names of lists by the node that they keep;
    parts: what parts of lists are called; late: numbers that were no nodes until the op that takes
    them; changed: values made in place; sure: whether there is no doubt of these; taken: names that
    the program binds; cuts: pieces of a split by the one that is used; local: names of values
    inside a statement. doubtful: what to do where there is doubt."""

    parsed: Parsed
    doubtful: bool
    stepwise: bool
    changed: set[int]
    lines: list[str] = field(default_factory=list)
    bound: dict[str, int] = field(default_factory=dict)
    cuts: dict[int, list[int]] = field(default_factory=dict)
    local: dict[int, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    kept: dict[int, str] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)
    late: set[int] = field(default_factory=set)
    sure: bool = True
    taken: set[str] = field(default_factory=set)

    @property
    def graph(self) -> Graph:
        return self.parsed.graph

    def run(self) -> str:
        ordered = list(in_order(self.graph))
        again = stale(self.graph, ordered)
        self.words = words_of(self.graph)
        self.taken = {base(node.path[0]) for node in self.graph}
        self.lines = [row for each in self.graph.blocks.values() for row in each.text.split("\n")]
        gathered = together(self.graph, ordered, self.doubtful)
        self.sure = gathered == together(self.graph, ordered, not self.doubtful)
        unpacking = gathered if self.doubtful else unpacked(self.graph, gathered)
        for statements in unpacking:
            for name, node_id in self._print(statements):
                word = base(name)
                self.bound[word] = node_id
                if node_id in again:
                    self.kept[node_id] = fresh(word, self.words)
                    self.lines.append(f"{self.kept[node_id]} = [{word}]")
                if self.parsed.output == name:
                    self.lines.append(f"{word}.backward()")
            for statement in statements:
                parts = () if statement.named or statement.value else statement.parts
                for place, part in enumerate(parts):
                    self.parts.setdefault(part, f"{base(statement.name)}[{place}]")
        return "\n".join(self.lines)

    def _print(self, statements: list[Statement]) -> list[tuple[str, int]]:
        """Print an assignment, of several names where it must be; return what it binds."""
        names, texts, binds = list[str](), list[str](), list[tuple[str, int]]()
        for statement in statements:
            bound = statement.binds(self.graph)
            self.sure = self.sure and not (statement.value and statement.parts)
            first = self.graph[bound[0][1] if bound else statement.parts[0]]
            if not names:
                self.lines += [f"# {row}" for row in first.note.split("\n") if row]
            texts.append(self._leaf(first) if first.op == LEAF else self._expression(statement))
            names.append(", ".join(base(name) for name, _ in bound) or base(statement.name))
            if statement.value and not version(statement.name):
                names[-1] += f': "{statement.name}"'
            binds += bound
        self.sure = self.sure and len(statements) == 1
        value = statements[0].value
        self.lines.append(", ".join(names) + bound_to(self.graph, self.changed, value, texts))
        return binds

    def _leaf(self, node: Node) -> str:
        text = self._tensor(node.id)
        finite = bool(np.isfinite(self.parsed.literal_of[node.id]).all())
        if node.requires_grad == finite and node.id not in self.changed:
            return text  # what is infinite is not differentiated unless told to
        return f"{self._named('param' if node.requires_grad else 'const')}({text})"

    def _tensor(self, node_id: int) -> str:
        text = written.tensor(self.parsed.literal_of[node_id])
        return re.sub(r"\b(inf|nan)\b", lambda word: self._named(word[0]), text)

    def _expression(self, statement: Statement) -> str:
        """Print from left to right, as nodes are made in most statements; else step by step."""
        self.local = {}
        group = self.graph.groups.get(statement.name)
        if not self.stepwise or (group is not None and group.block):
            with suppress(Unprintable):
                return self._joined(statement, *self._whole(statement))
        self.sure = False
        return self._joined(statement, *self._steps(statement))

    def _joined(self, statement: Statement, whole: list[str | Operand], seen: set[int]) -> str:
        inside, out = statement.nodes, list[str]()
        pending = whole[::-1]
        while pending:
            item = pending.pop()
            if isinstance(item, str) or item[0] in self.local:
                out.append(item if isinstance(item, str) else self.local[item[0]])
                continue
            node_id, needed = item
            if node_id not in inside:
                out.append(self._reference(node_id))
                continue
            if node_id in seen:
                raise Unprintable(statement.name)
            binding, pieces = self._phrase(self.graph[node_id], statement, seen, needed)
            pieces = pieces if binding >= needed else ["(", *pieces, ")"]
            pending.extend(reversed(pieces))
        if seen != inside:
            raise Unprintable(statement.name)
        return "".join(out)

    def _whole(self, statement: Statement) -> tuple[list[str | Operand], set[int]]:
        """Return what stands right of the equals sign, and what it counts as seen."""
        graph, value = self.graph, statement.value
        if statement.call:
            own = statement.within.get(statement.call, statement.nodes)
            return call(graph, graph.groups[statement.call], self._named)[1], set(own)
        if not is_ordered(graph, statement):
            raise Unprintable(statement.name)
        idle = {i for i in loose(graph, statement) if i not in (value, *statement.parts)}
        self.cuts = dict(cuts(graph, statement.nodes, idle)) if idle else {}
        self.sure = self.sure and not idle and bool(value)
        if value:
            return [(value, 0.0)], set()
        if not self.doubtful and (found := cut(graph, statement.parts)):
            return self._split(found), set(statement.parts)
        return ["[", *joined(statement.parts), "][:]"], set()

    def _steps(self, statement: Statement) -> tuple[list[str | Operand], set[int]]:
        """Name every value on the way: `[t_2 for t_1 in [x * 2] for t_2 in [t_1 * t_1]][0]`."""
        self.cuts, out, seen = {}, list[str | Operand](), set[int]()
        for i, name in steps(self.graph, statement):
            word, group = fresh("t", self.words), self.graph.groups.get(name)
            if group is not None:
                pieces = call(self.graph, group, self._named)[1]
                seen |= statement.within[name]
                self.local.update({each: f"{word}[{k}]" for k, each in enumerate(group.values)})
                self.local[group.value] = word
            else:
                pieces = self._phrase(self.graph[i], statement, seen, 0.0)[1]
                self.local[i] = word
            out += [f" for {word} in [", *pieces, "]"]
        whole: list[str | Operand] = [(statement.value, 0.0)]
        if statement.call:
            whole = call(self.graph, self.graph.groups[statement.call], self._named)[1]
            seen |= statement.within.get(statement.call, statement.nodes)
        elif not statement.value:
            whole = ["[", *joined(statement.parts), "]"]
        return ["[", *whole, *out, "][0]"], seen

    def _split(self, found: Cut) -> list[str | Operand]:
        module, before, behind = found.call()
        prefix = next((each for each in _PREFIX_OF[module] if each not in self.taken), "")
        if not prefix:
            raise Unprintable(before)
        return [f"{prefix}.{before}", (found.source, 0.0), behind]

    def _phrase(self, node: Node, statement: Statement, seen: set[int], needed: float) -> Phrase:
        """Return a node of a statement as an expression, and count what it stands for as seen."""
        pieces = self.cuts.get(node.id)
        found = pieces and cut(self.graph, pieces)
        if pieces and found:
            seen.update(pieces)
            return CALL, [*self._split(found), f"[{pieces.index(node.id)}]"]
        within = node.path[: 1 if statement.value == node.id else 2]
        group = self.graph.groups.get(within[-1])
        called = group is not None and group.block
        if not called and statement.value == node.id and len(node.path) > 1:
            group = self.graph.groups.get(node.path[1])
        if group is not None and group.block and group.value == node.id:
            whole = group.path == (statement.name,)
            seen |= statement.nodes if whole else statement.within[node.path[1]]
            self._look_for_late(group, statement)
            return call(self.graph, group, self._named)
        returned = self._returned(node, statement, seen)
        if returned is not None:
            return returned
        if len(node.path) > 1:
            raise Unprintable(statement.name)
        seen.add(node.id)
        if node.op in (CONST, LEAF):
            return self._literal(node, needed)
        alone = node.op == "identity" and node.inputs[0] not in statement.nodes
        if alone and node.id == statement.value:
            return ATOM, [(node.inputs[0], 0.0)]
        self._look_for_late(node, statement)
        return phrase(node, self._is_number, self._named)

    def _returned(self, node: Node, statement: Statement, seen: set[int]) -> Phrase | None:
        """Return one of several values of a call, `f(x)[0]`, or None where a node is none."""
        for name, nodes in statement.within.items():
            group = self.graph.groups.get(name)
            if group is not None and node.id in group.values and not nodes <= seen:
                seen |= nodes | {node.id}
                self._look_for_late(group, statement)
                whole = call(self.graph, group, self._named)[1]
                return CALL, [*whole, f"[{group.values.index(node.id)}]"]
        return None

    def _look_for_late(self, node: Node | Group, statement: Statement) -> None:
        found, sure = late(self.graph, node, statement)
        self.late |= found
        self.sure = self.sure and sure and not found

    def _literal(self, node: Node, needed: float) -> Phrase:
        """A bare list beside an operator would be Python's: `2 * [1]` repeats it."""
        value = self.parsed.literal_of[node.id]
        text = self._tensor(node.id)
        if node.id in self.late and not value.shape:
            return ATOM, [f"{self._named('float')}({written.argument(float(value))})"]
        if node.op == LEAF:
            return ATOM, [f"{self._named('param')}({text})"]
        if needed and text.startswith("["):
            return ATOM, [f"{self._named('const')}({text})"]
        negative = NEGATIVE if text.startswith("-") else NUMBER
        return (negative if value.shape == () and np.isfinite(value) else ATOM), [text]

    def _is_number(self, node_id: int) -> bool:
        node = self.graph[node_id]
        return node.op == CONST and not self.parsed.literal_of[node_id].shape

    def _reference(self, node_id: int) -> str:
        """Return the name of a node outside the statement, or the list that keeps it."""
        name = self.graph[node_id].name
        if node_id in self.parts:
            return self.parts[node_id]
        if node_id in self.kept and self.bound[base(name)] != node_id:
            return f"{self.kept[node_id]}[0]"
        return base(name)

    def _named(self, function: str) -> str:
        """Return a function's name, behind a prefix where the program binds that name itself."""
        if function not in self.taken or function in self.graph.blocks:
            return function
        for prefix in _PREFIXES:
            if prefix not in self.taken:
                return f"{prefix}.{function}"
        raise Unprintable(function)
