"""Numbers that were worked out while a program was read, such as `len(x)`."""

from __future__ import annotations

from engine.forms.sequence import Statement, made_at
from engine.graph import CONST, Graph, Group, Node, Ref

__all__ = ["late"]


def late(graph: Graph, node: Node | Group, statement: Statement) -> tuple[set[int], bool]:
    """Return the constants among the inputs of an op or a call that became nodes only when it was
    applied, after inputs that stand behind them: numbers worked out while the program was read,
    such as `len(x)`. As text they are `float(…)`. And whether there are surely no others."""
    if isinstance(node, Group):
        inputs = [each.node for _, each in node.arguments if isinstance(each, Ref)]
        run: set[int] = set()
    else:
        inputs, run = list(node.inputs), _made_last(graph, node, statement)
    own, found, sure = statement.nodes, set[int](), True
    for slot, source in enumerate(inputs):
        if graph[source].op != CONST or source not in own:
            continue
        place = made_at(graph[source])
        behind = [made_at(graph[i]) for i in inputs[slot + 1 :] if i in own]
        sure = sure and all(behind)
        overtaken = any(each < place if each else source in run for each in behind)
        if overtaken or any(each < source for each in found):
            found.add(source)
    return found, sure


def _made_last(graph: Graph, node: Node, statement: Statement) -> set[int]:
    """Return the constants among the inputs of an op that were made right before it."""
    last = made_at(node) or len(statement.nodes)
    run: set[int] = set()
    for source in sorted((i for i in node.inputs if graph[i].op == CONST), reverse=True):
        if made_at(graph[source]) == last - 1 - len(run):
            run.add(source)
    return run
