"""Statements that change a tensor in place, such as `w -= v` where `b` names the same tensor."""

from __future__ import annotations

import re

from engine.forms.sequence import base, handed, version
from engine.graph import Graph, Node
from engine.ops import OPS

__all__ = ["bound_to", "changed_in_place"]


def changed_in_place(graph: Graph, given: bool = False) -> set[int]:
    """Return the ids of values that a block reads by another name than their own, which were made
    in place, so that all names of the tensor tell of them; and of what they were made from.

    given: whether to count arguments too, which a block reads by the name of a parameter."""
    found: set[int] = set()
    for node in graph:
        for i in _read_by_another_name(graph, node, given) if len(node.path) > 1 else ():
            while i not in found:
                found.add(i)
                if not _sign(graph, graph[i]) and graph[i].op != "identity":
                    break
                i = graph[i].inputs[0]
    return found


def bound_to(graph: Graph, changed: set[int], value: int, texts: list[str]) -> str:
    """Return what stands behind the names of an assignment: ` = w - v`, or ` -= v` where its value,
    0 for none, was made in place."""
    sign = _sign(graph, graph[value]) if value in changed else ""
    start = f"{base(graph[value].name)} {sign} " if sign else ""
    if start and texts[0].startswith(start):
        return f" {sign}= {texts[0].removeprefix(start)}"
    return f" = {', '.join(texts)}"


def _read_by_another_name(graph: Graph, node: Node, given: bool) -> list[int]:
    """Return what a node inside a block's call takes from outside, though the block says another
    name."""
    calls = [name for name in reversed(node.path) if name in graph.groups]
    name = next((each for each in calls if graph.groups[each].block), "")
    if not name or graph.groups[name].block not in graph.blocks:
        return []
    words = set(re.findall(r"\w+", graph.blocks[graph.groups[name].block].text))
    known = set() if given else handed(graph, [name])
    outside = [graph[i] for i in node.inputs if i not in known and _sign(graph, graph[i])]
    return [each.id for each in outside if base(each.name) not in words]


def _sign(graph: Graph, node: Node) -> str:
    """Return the sign of an op between a name's last value and another, "" for any other node."""
    if len(node.inputs) != 2 or node.path != (node.name,) or node.attrs:
        return ""
    before = graph[node.inputs[0]].name
    follows = base(before) == base(node.name) and version(before) == version(node.name) - 1
    symbol = OPS[node.op].symbol or ""
    return symbol if follows and not symbol.startswith(("<", ">", "=", "!")) else ""
