"""Graph → source text that reads back as the same graph.

Each statement prints as one expression with the parentheses it needs; a call of a block prints as
that call, and what the program defines stands at the top. Where a statement uses a value whose name
has been bound again since, that value is kept in a list of one: `h_1 = [h]` makes no node, and
`h_1[0]` is the `h` of that moment. Leaves that are not differentiated are written `const(…)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np

from engine.forms import written
from engine.forms.phrase import ATOM, NEGATIVE, NUMBER, Phrase, call, phrase
from engine.forms.sequence import (
    Statement,
    Unprintable,
    base,
    in_order,
    late,
    stale,
    together,
    version,
)
from engine.graph import CONST, LEAF, Graph, Group, Node
from engine.language.parse import Parsed, parse
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS

__all__ = ["alike", "source"]

_PREFIXES = ("torch", "F", "nn", "functional", "jnp", "np", "numpy")


def source(parsed: Parsed) -> str:
    """Return a program that `parse` reads as this graph, with these values. Raises Unprintable."""
    if any(np.isnan(value).any() for value in parsed.literal_of.values()):
        raise Unprintable("NaN")
    for doubtful in (False, True):
        printer = _Printer(parsed)
        text = printer.run(doubtful)
        if printer.sure or alike(parse(text), parsed):
            return text
    raise Unprintable("what was known or bound while the program was read")


def alike(first: Parsed, second: Parsed) -> bool:
    """Whether two graphs are the same in all but where they are written: nodes, names, statements,
    groups, notes, and values to the bit."""
    a, b = first.graph, second.graph
    same = len(a) == len(b) and all(map(_same_node, a, b))
    if not same or dict(a.groups) != dict(b.groups) or dict(a.blocks) != dict(b.blocks):
        return False
    values, others = first.literal_of, second.literal_of
    return values.keys() == others.keys() and all(
        value.shape == others[i].shape and value.tobytes() == others[i].tobytes()
        for i, value in values.items()
    )


def _same_node(a: Node, b: Node) -> bool:
    return _content(a) == _content(b)


def _content(node: Node) -> tuple[Any, ...]:
    attrs = {key: (type(value), value) for key, value in node.attrs.items()}
    grad = node.requires_grad
    return (node.id, node.name, node.op, node.inputs, attrs, grad, node.path, node.note, node.inert)


@dataclass(slots=True)
class _Printer:
    """bound: how often each name has been bound so far. kept: names of lists by the node that they
    keep; parts: what parts of lists are called; late: numbers that were no nodes until the op that
    takes them; sure: whether there is no doubt of these; taken: names that the program binds."""

    parsed: Parsed
    lines: list[str] = field(default_factory=list)
    bound: dict[str, int] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)
    late: set[int] = field(default_factory=set)
    sure: bool = True
    taken: set[str] = field(default_factory=set)

    @property
    def graph(self) -> Graph:
        return self.parsed.graph

    def run(self, doubtful: bool) -> str:
        ordered = list(in_order(self.graph))
        again = stale(self.graph, ordered)
        words = _words(self.graph)
        self.taken = {base(node.path[0]) for node in self.graph}
        for definition in self.graph.blocks.values():
            self.lines += definition.text.split("\n")
        gathered = together(self.graph, ordered, doubtful)
        self.sure = gathered == together(self.graph, ordered, not doubtful)
        for statements in gathered:
            self._print(statements)
            for name, node_id in (each for some in statements for each in some.binds(self.graph)):
                word = base(name)
                self.bound[word] = version(name)
                if node_id in again:
                    self.kept[node_id] = _fresh(word, words)
                    self.lines.append(f"{self.kept[node_id]} = [{word}]")
                if self.parsed.output == name:
                    self.lines.append(f"{word}.backward()")
            for statement in statements:
                self._list(statement)
        return "\n".join(self.lines)

    def _print(self, statements: list[Statement]) -> None:
        """Print an assignment, which binds several names at once where it must."""
        names: list[str] = []
        texts: list[str] = []
        for statement in statements:
            binds = statement.binds(self.graph)
            first = self.graph[binds[0][1] if binds else statement.parts[0]]
            if not names:
                self.lines += [f"# {row}" for row in first.note.split("\n") if row]
            texts.append(self._leaf(first) if first.op == LEAF else self._expression(statement))
            names.append(", ".join(base(name) for name, _ in binds) or base(statement.name))
        self.sure = self.sure and len(statements) == 1
        self.lines.append(f"{', '.join(names)} = {', '.join(texts)}")

    def _list(self, statement: Statement) -> None:
        """Let the parts of a list be called by its name."""
        if not statement.named:
            for place, part in enumerate(statement.parts):
                self.parts.setdefault(part, f"{base(statement.name)}[{place}]")

    def _leaf(self, node: Node) -> str:
        text = written.tensor(self.parsed.literal_of[node.id])
        if np.isfinite(self.parsed.literal_of[node.id]).all():
            return text if node.requires_grad else f"{self._named('const')}({text})"
        if node.requires_grad:
            raise Unprintable(node.name)  # as text, what is infinite is never differentiated
        return text

    def _expression(self, statement: Statement) -> str:
        """Print from left to right, which is the order in which nodes are made."""
        inside, seen = statement.nodes, set[int]()
        out: list[str] = []
        pending: list[str | tuple[int, float]] = [(statement.value, 0.0)]
        if not statement.value:
            pending = list(reversed(call(self.graph.groups[statement.call], self._named)[1]))
            seen.update(statement.within.get(statement.call, statement.nodes))
        while pending:
            item = pending.pop()
            if isinstance(item, str):
                out.append(item)
                continue
            node_id, needed = item
            if node_id not in inside:
                out.append(self._reference(node_id))
                continue
            if node_id in seen:
                raise Unprintable(statement.name)
            binding, pieces = self._phrase(self.graph[node_id], statement, seen)
            pieces = pieces if binding >= needed else ["(", *pieces, ")"]
            pending.extend(reversed(pieces))
        if seen != inside:
            raise Unprintable(statement.name)
        return "".join(out)

    def _phrase(self, node: Node, statement: Statement, seen: set[int]) -> Phrase:
        """Return a node of a statement as an expression, and count what it stands for as seen."""
        within = node.path[: 1 if statement.value == node.id else 2]
        group = self.graph.groups.get(within[-1])
        if group is None and statement.value == node.id and len(node.path) > 1:
            group = self.graph.groups.get(node.path[1])
        if group is not None and group.block and group.value == node.id:
            whole = group.path == (statement.name,)
            seen |= statement.nodes if whole else statement.within[node.path[1]]
            self._look_for_late(group, statement)
            return call(group, self._named)
        if len(node.path) > 1:
            raise Unprintable(statement.name)
        seen.add(node.id)
        if node.op in (CONST, LEAF):
            return self._literal(node)
        alone = node.op == "identity" and node.inputs[0] not in statement.nodes
        if alone and node.id == statement.value:
            return ATOM, [(node.inputs[0], 0.0)]
        self._look_for_late(node, statement)
        return phrase(node, self._is_number, self._named)

    def _look_for_late(self, node: Node | Group, statement: Statement) -> None:
        found, sure = late(self.graph, node, statement)
        self.late |= found
        self.sure = self.sure and sure and not found

    def _literal(self, node: Node) -> Phrase:
        value = self.parsed.literal_of[node.id]
        text = written.tensor(value)
        if node.id in self.late and not value.shape:
            return ATOM, [f"{self._named('float')}({written.argument(float(value))})"]
        if node.op == LEAF:
            return ATOM, [f"{self._named('param')}({text})"]
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
        if node_id in self.kept and version(name) != self.bound[base(name)]:
            return f"{self.kept[node_id]}[0]"
        return base(name)

    def _named(self, function: str) -> str:
        """Return a function's name, behind a prefix where the program binds that name itself."""
        if function not in self.taken or function in self.graph.blocks:
            return function
        free = [prefix for prefix in _PREFIXES if prefix not in self.taken]
        if not free:
            raise Unprintable(function)
        return f"{free[0]}.{function}"


def _fresh(base: str, taken: set[str]) -> str:
    """Return a name like `base` that stands for nothing yet."""
    name = next(each for k in count(1) if (each := f"{base}_{k}") not in taken)
    taken.add(name)
    return name


def _words(graph: Graph) -> set[str]:
    """Return every name that the program uses."""
    texts = [*(definition.text for definition in graph.blocks.values()), *graph.id_of]
    return {word for text in texts for word in re.findall(r"\w+", text)} | {*OPS, *ALIASES, *BLOCKS}
