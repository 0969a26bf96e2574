"""Granularity: several nodes of a graph seen as one, without a second evaluator.

A contracted graph is a graph like any other; its nodes say which nodes of the finer graph they
stand for. Values are computed once, on the finer graph; the local Jacobian of a closed group is
the composition of its members' (`local`), so every level satisfies the same equations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.graph import CONST, GROUP, LEAF, Graph, Node

__all__ = ["closed_groups", "contract"]


def closed_groups(graph: Graph, opened: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Return the nodes of each group that is seen from outside: in topological order, but its value
    last, and without those the value does not need.

    opened: names of groups. A group in one that is closed is not seen; one with several values
    stays open.
    """
    inside: dict[str, list[int]] = {}
    several = {name for name, group in graph.groups.items() if not group.value}
    seen_through = several.union(opened)
    for node in sorted(graph, key=lambda node: node.op != CONST):
        if node.op != LEAF:
            for name in node.path:
                if name not in seen_through:
                    inside.setdefault(name, []).append(node.id)
                    break
    if not graph.groups:
        return {name: tuple(members) for name, members in inside.items()}
    return {name: _needed(graph, name, members) for name, members in inside.items()}


def _needed(graph: Graph, name: str, members: list[int]) -> tuple[int, ...]:
    value = graph.groups[name].value if name in graph.groups else members[-1]
    needed, within = {value}, set(members)
    for member in sorted(members, reverse=True):
        if member in needed:
            needed.update(source for source in graph[member].inputs if source in within)
    return (*(each for each in members if each in needed and each != value), value)


def contract(graph: Graph, groups: Mapping[str, Sequence[int]]) -> Graph:
    """Return `graph` with each group as one node, named by its last member and taking its place.

    groups: name → member ids in topological order, the group's value last; a node in no group
    stays as it is. Inputs of a group are the nodes outside it that its members use, each once, in
    order of first use. A group of one op stays that op, with its argument slots. Members that the
    values of their groups do not need are left out. Where all groups are of one node, the graph is
    returned itself: what is worked out of it is then worked out once.
    """
    group_of = {member: name for name, members in groups.items() for member in members}
    dropped: set[int] = set()
    if graph.groups:
        inside = (node for node in graph if not groups.keys().isdisjoint(node.path))
        dropped = {node.id for node in inside if node.op != LEAF and node.id not in group_of}
    if not dropped and len(group_of) == len(groups):
        return graph
    last_of = {members[-1]: tuple(members) for members in groups.values()}
    new_id: dict[int, int] = {}
    nodes: list[Node] = []
    for node in graph:
        if node.id in dropped or (node.id in group_of and node.id not in last_of):
            continue
        members = last_of.get(node.id, (node.id,))
        new_id[node.id] = len(nodes) + 1
        nodes.append(_contracted(graph, node, members, new_id))
    return Graph(tuple(nodes))


def _contracted(
    graph: Graph, node: Node, members: tuple[int, ...], new_id: Mapping[int, int]
) -> Node:
    if len(members) == 1:
        op, inputs, inert = node.op, node.inputs, node.inert
    else:
        inside = set(members)
        used = (source for member in members for source in graph[member].inputs)
        op, inputs = GROUP, tuple(dict.fromkeys(source for source in used if source not in inside))
        reached = _reached(graph, members)
        inert = tuple(s for s, i in enumerate(inputs) if i not in reached)
    moved = tuple([new_id[i] for i in inputs])
    return node.at(new_id[node.id], moved, op, inert, members)


def _reached(graph: Graph, members: Sequence[int]) -> set[int]:
    """Return the nodes with a differentiable path to the group's value that stays inside."""
    reached = {members[-1]}
    for member in reversed(members):
        if member in reached:
            reached.update(edge.source for edge in graph.edges_into(graph[member]))
    return reached
