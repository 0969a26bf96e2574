"""The statements of a graph, in an order in which a program may write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.graph import LEAF, Graph, Node, Ref

__all__ = [
    "Statement",
    "Unprintable",
    "base",
    "handed",
    "in_order",
    "is_list",
    "is_named",
    "loose",
    "made_at",
    "stale",
    "together",
    "version",
]


_BOUND = r"(\w+)(?:@([1-9][0-9]{0,8}))?"


class Unprintable(Exception):
    """Raised for a graph that no text means, such as a statement whose nodes are no expression."""


@dataclass(slots=True)
class Statement:
    """A statement of the program: its name, its nodes by id, and its value. within: the nodes of
    each call directly inside it. call: the group of a call that returns several values; parts:
    these, or the entries of a list; named: whether each of them has a name of its own."""

    name: str
    nodes: set[int] = field(default_factory=set)
    within: dict[str, set[int]] = field(default_factory=dict)
    value: int = 0
    call: str = ""
    parts: tuple[int, ...] = ()
    named: bool = False

    def binds(self, graph: Graph) -> list[tuple[str, int]]:
        """Return the names that it gives to nodes; none where it makes a list."""
        if self.value and not self.parts:
            return [(self.name, self.value)]
        named = [graph[i] for i in self.parts if is_named(graph[i])]
        return [(node.name, node.id) for node in named] if self.named or self.value else []


def base(name: str) -> str:
    """Return a name as it is written: `h` for `h@2`, `dy_dx` for `dy/dx`."""
    found = re.fullmatch(_BOUND, name)
    return found[1] if found else re.sub(r"\W", "_", name)


def version(name: str) -> int:
    """Return which binding of a name it is: 2 for `h@2`; 0 for what is no name, such as `dy/dx`."""
    found = re.fullmatch(_BOUND, name)
    return int(found[2] or 1) if found else 0


def is_named(node: Node) -> bool:
    """Whether a node has a name of its own, so that other statements may use it."""
    return not node.name.startswith(f"{node.path[0]}.")


def _statements(graph: Graph) -> tuple[list[Statement], list[Statement]]:
    """Gather the nodes by the statement of the program that made them: those that are leaves, and
    those that compute, each in order."""
    leaves: list[Statement] = []
    found: dict[str, Statement] = {}
    for node in sorted(graph, key=lambda node: node.is_leaf):
        name = node.path[0] if node.path else ""
        if node.op == LEAF and node.name == name:
            leaves.append(Statement(name, {node.id}, value=node.id))
            continue
        statement = found.setdefault(name, Statement(name))
        statement.nodes.add(node.id)
        if len(node.path) > 1:
            statement.within.setdefault(node.path[1], set()).add(node.id)
        if node.name == name:
            statement.value = node.id
    for statement in found.values():
        _look_for_parts(graph, statement)
        ours = set(statement.parts) <= statement.nodes
        known = statement.value or (statement.parts and ours)
        if not known or not base(statement.name).isidentifier():
            raise Unprintable(statement.name)
    return leaves, list(found.values())


def _look_for_parts(graph: Graph, statement: Statement) -> None:
    """Find the call of several values that a statement is, its arguments perhaps worked out in the
    same statement; else the entries of the list that it makes."""
    if statement.value:
        return
    for name in (statement.name, *reversed(statement.within)):
        group = graph.groups.get(name)
        several = group is not None and group.block and group.values and not group.value
        if group is not None and several and not _is_used(graph, statement, name):
            statement.call, statement.parts = name, group.values
            statement.named = all(is_named(graph[i]) for i in group.values if i)
            return
    entries = loose(graph, statement)
    named = [i for i in entries if is_named(graph[i])]
    last = graph[entries[-1]] if entries else None
    if last is not None and last.op == "getitem":  # pieces of one tensor, and what nothing uses
        entries = [i for i in entries if (graph[i].op, graph[i].inputs) == (last.op, last.inputs)]
    statement.parts, statement.named = tuple(named or entries), bool(named)


def _is_used(graph: Graph, statement: Statement, name: str) -> bool:
    """Whether a statement uses what a call inside it returns."""
    if name not in statement.within:
        return False
    own, group = statement.within[name], graph.groups[name]
    used = {i for node in statement.nodes - own for i in graph[node].inputs}
    used |= handed(graph, [each for each in statement.within if each != name])
    return not used.isdisjoint((group.value, *group.values))


def loose(graph: Graph, statement: Statement) -> list[int]:
    """Return the values that nothing in their statement uses, in the order they are made."""
    used = {i for node in statement.nodes for i in graph[node].inputs}
    used |= handed(graph, [statement.name, *statement.within])
    inside = {i for nodes in statement.within.values() for i in nodes}
    stand = {_stands(graph, statement, name) for name in statement.within} - {0}
    joined = f"_{base(statement.name)}_"

    def order(i: int) -> tuple[int, int]:
        """A statement is named after the first few of its parts."""
        if not is_named(graph[i]):
            return 2, made_at(graph[i])
        found = joined.find(f"_{base(graph[i].name)}_")
        return (0, found) if found >= 0 else (1, i)

    return sorted((statement.nodes - used - inside) | stand, key=order)


def _stands(graph: Graph, statement: Statement, name: str) -> int:
    """Return the node that stands for a call which nothing uses; 0 for one that is used."""
    group = graph.groups.get(name)
    if group is None or _is_used(graph, statement, name):
        return 0
    returned = (group.value,) if group.value else group.values
    return 0 if statement.value in returned else next(iter(returned), 0)


def is_list(graph: Graph, name: str) -> bool:
    """Whether a statement makes a list of values, not by a call."""
    group = graph.groups.get(name)
    return group is not None and not (group.value or group.block)


def _used(graph: Graph, statement: Statement) -> set[int]:
    """Return the nodes of other statements that one uses."""
    inside = statement.nodes
    used = {i for node in inside for i in graph[node].inputs if i not in inside}
    used |= _arguments(graph, statement)
    for i in used:
        around = (graph.groups.get(name) for name in graph[i].path[:2])
        returned = any(group is not None and i in group.values for group in around)
        listed = len(graph[i].path) == 1 and is_list(graph, graph[i].path[0])
        if graph[i].name != graph[i].path[0] and not (returned or listed):
            raise Unprintable(statement.name)
    return used


def in_order(graph: Graph) -> Iterator[Statement]:
    """Yield leaves first, but one that binds a name again only where it is needed: the order of
    leaves, that of the rest and that of each name's bindings are kept."""
    leaves, rest = _statements(graph)
    bound: dict[str, int] = {}

    def bind(statement: Statement) -> Statement:
        for name in _names(graph, statement):
            bound[base(name)] = bound.get(base(name), 0) + bool(version(name))
            if version(name) not in (0, bound[base(name)]):
                raise Unprintable(statement.name)
        return statement

    waiting, awaited = iter(leaves), {each.value for each in leaves}
    leaf = next(waiting, None)
    for statement, inner in zip(rest, _inner_leaves(graph, rest), strict=True):
        needed = {i for i in _used(graph, statement) if i in awaited}
        while (leaf is not None and leaf.value < inner) and (
            version(leaf.name) < 2
            or needed
            or inner in statement.nodes
            or any(bound.get(base(n), 0) < version(n) - 1 for n in _names(graph, statement))
        ):
            needed.discard(leaf.value)
            awaited.discard(leaf.value)
            yield bind(leaf)
            leaf = next(waiting, None)
        yield bind(statement)
    while leaf is not None:
        yield bind(leaf)
        leaf = next(waiting, None)


def _names(graph: Graph, statement: Statement) -> list[str]:
    """Return the name of a statement and all that it binds."""
    return list(dict.fromkeys([statement.name, *(name for name, _ in statement.binds(graph))]))


def _inner_leaves(graph: Graph, statements: list[Statement]) -> list[int]:
    """Return for each statement the first leaf inside it or a later one: leaves with names that
    come behind it must wait."""
    first, found = len(graph) + 1, list[int]()
    for statement in reversed(statements):
        first = min([first, *(i for i in statement.nodes if graph[i].op == LEAF)])
        found.append(first)
    return found[::-1]


def stale(graph: Graph, ordered: list[Statement]) -> set[int]:
    """Return the values that are used after their name was bound again."""
    latest: dict[str, int] = {}
    stale: set[int] = set()
    for statement in ordered:
        used = _used(graph, statement)
        stale.update(i for i in used if is_named(graph[i]) and latest.get(base(graph[i].name)) != i)
        latest.update((base(name), i) for name, i in statement.binds(graph))
    return stale


def together(graph: Graph, ordered: list[Statement], doubtful: bool) -> list[list[Statement]]:
    """Gather statements that one assignment binds: behind `x, y = y, f(x)` a block that reads `x`
    by its name reads the old one, which no other order of the two would give it. doubtful: whether
    a block that is also given the old one as an argument is thought to read it by name."""
    texts = " ".join(each.text for each in graph.blocks.values())
    words = set(re.findall(r"\w+", texts))
    gathered: list[list[Statement]] = []
    place_of: dict[str, int] = {}
    for statement in ordered:
        read = _read_inside(graph, statement) if words else set()
        read -= set() if doubtful else _arguments(graph, statement)
        again = [
            f"{base(n)}@{version(n) + 1}" for n in (graph[i].name for i in read) if base(n) in words
        ]
        start = min((place_of[name] for name in again if name in place_of), default=len(gathered))
        joined = [*(each for some in gathered[start + 1 :] for each in some), statement]
        del gathered[start + 1 :]
        if start == len(gathered):
            gathered.append([])
        gathered[start] += joined
        place_of.update((name, start) for each in joined for name, _ in each.binds(graph))
    return gathered


def _read_inside(graph: Graph, statement: Statement) -> set[int]:
    """Return the nodes with names of their own that calls inside a statement use."""
    own, group = statement.nodes, graph.groups.get(statement.name)
    whole = group is not None and group.block != ""
    inside = [i for i in own if whole or len(graph[i].path) > 1]
    used = {i for node in inside for i in graph[node].inputs if i not in own}
    return {i for i in used if is_named(graph[i])}


def _arguments(graph: Graph, statement: Statement) -> set[int]:
    """Return the nodes of other statements that one hands to the calls it prints."""
    return handed(graph, [statement.name, *statement.within]) - statement.nodes


def handed(graph: Graph, names: Iterable[str]) -> set[int]:
    """Return the nodes that are handed to calls, also inside lists."""
    groups = [graph.groups.get(name) for name in names]
    pending = [each for group in groups if group is not None for _, each in group.arguments]
    found: set[int] = set()
    while pending:
        each = pending.pop()
        if isinstance(each, Ref):
            found.add(each.node)
        elif isinstance(each, tuple):
            pending.extend(each)
    return found


def made_at(node: Node) -> int:
    """Return when a node was made, counted within its statement; 0 for one with a name."""
    place = node.name.rpartition(".")[2]
    return int(place) if place.isdigit() and "." in node.name else 0
