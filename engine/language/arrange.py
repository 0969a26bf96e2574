"""Nodes as they were written → a graph in the order of the theory: leaves, constants, the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.graph import CONST, LEAF, Definition, Graph, Group, Node, Ref

__all__ = ["arranged", "part", "pruned"]


def arranged(
    nodes: Sequence[Node],
    groups: Mapping[str, Group],
    blocks: Mapping[str, Definition],
    dropped: set[int],
    number: Callable[[int], Any],
) -> tuple[Graph, dict[int, int]]:
    """Return the graph, and the new id of each node by its old one.

    dropped: nodes to leave out; where one was an argument, its `number` takes its place.
    """
    rank = {LEAF: 0, CONST: 1}
    kept = [node for node in nodes if node.id not in dropped] if dropped else nodes
    ordered = sorted(kept, key=lambda node: rank.get(node.op, 2))
    new_id = {node.id: position for position, node in enumerate(ordered, start=1)}
    moved: list[Node] = []
    for place, node in enumerate(ordered, start=1):
        inputs = tuple([new_id[i] for i in node.inputs])
        same = place == node.id and inputs == node.inputs
        moved.append(node if same else node.at(place, inputs, node.op, node.inert, (place,)))

    there = {
        name: _moved(group, new_id, number)
        for name, group in groups.items()
        if not group.value or group.value in new_id
    }
    return Graph(tuple(moved), there, blocks), new_id


def _moved(group: Group, new_id: Mapping[int, int], number: Callable[[int], Any]) -> Group:
    def argument(given: Any) -> Any:
        if isinstance(given, tuple):
            return tuple(argument(each) for each in given)
        if not isinstance(given, Ref):
            return given
        return Ref(new_id[given.node]) if given.node in new_id else number(given.node)

    arguments = tuple((key, argument(each)) for key, each in group.arguments)
    values = tuple(new_id.get(each, 0) for each in group.values)
    return replace(group, value=new_id.get(group.value, 0), arguments=arguments, values=values)


def part(graph: Graph, kept: set[int]) -> tuple[Graph, dict[int, int]]:
    """Return the graph of the nodes `kept`, with all that they need, and their new ids."""
    dropped = {node.id for node in graph} - kept
    return arranged(graph.nodes, graph.groups, graph.blocks, dropped, lambda node: None)


def pruned(nodes: list[Node], used: set[int], spared: set[int]) -> set[int]:
    """Return the ids of nodes that were only read as numbers, as `n` in `reshape(x, (n, 2))`, and
    of what only they are made of. spared: nodes to keep whatever they are for."""
    users = dict.fromkeys(range(1, len(nodes) + 1), 0)
    for node in nodes:
        for source in node.inputs:
            users[source] += 1
    had_users = {i for i, count in users.items() if count}
    dropped: set[int] = set()
    for node in reversed(nodes):
        idle = not users[node.id] and node.id not in spared
        if idle and (node.id in used or (node.op == CONST and node.id in had_users)):
            dropped.add(node.id)
            for source in node.inputs:
                users[source] -= 1
    return dropped if len(dropped) < len(nodes) else set()
