"""The tree of groups: statements, and calls of blocks inside them, to any depth."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from engine.events import GroupRecord, MemberRecord
from engine.graph import GROUP, LEAF, Graph

__all__ = ["group_records"]


@dataclass(slots=True)
class _Inside:
    """A group while it is gathered. children: ids of nodes and names of groups, in order; nodes:
    every node inside, at any depth."""

    parent: str
    children: list[int | str] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)


def group_records(graph: Graph, opened: Collection[str] | None) -> tuple[GroupRecord, ...]:
    """Return every group of more than one elementary node, outer ones first. opened: names of
    groups that are looked into; None for all."""
    found = _gathered(graph)
    large = {name for name, inside in found.items() if len(inside.nodes) > 1}
    records = []
    for name, inside in found.items():
        if name not in large:
            continue
        group = graph.groups.get(name)
        value = max(inside.nodes) if group is None else group.value
        is_open = opened is None or name in opened or not value
        records.append(
            GroupRecord(
                name,
                graph[value].name if value else "",
                inside.parent,
                "" if group is None else group.block,
                is_open,
                tuple(_member(graph, found, child) for child in inside.children),
            )
        )
    return tuple(records)


def _gathered(graph: Graph) -> dict[str, _Inside]:
    found: dict[str, _Inside] = {}
    for node in graph:
        if node.op == LEAF:
            continue
        parent = ""
        for name in node.path:
            inside = found.get(name)
            if inside is None:
                inside = found[name] = _Inside(parent)
                if parent:
                    found[parent].children.append(name)
            inside.nodes.append(node.id)
            parent = name
        if parent:
            found[parent].children.append(node.id)
    return found


def _member(graph: Graph, found: dict[str, _Inside], child: int | str) -> MemberRecord:
    if isinstance(child, str):
        nodes = found[child].nodes
        if len(nodes) > 1:
            within = set(nodes)
            used = (source for node in nodes for source in graph[node].inputs)
            outside = dict.fromkeys(source for source in used if source not in within)
            return MemberRecord(child, GROUP, tuple(graph[i].name for i in outside))
        (child,) = nodes
    node = graph[child]
    return MemberRecord(node.name, node.op, tuple(graph[i].name for i in node.inputs))
