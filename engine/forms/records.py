"""A graph as data: nodes with `name`, `op`, ordered `inputs`, `attrs`, `value`, `requires_grad`.

    Graph  ::= {"nodes": [Record…], "groups": [Group…], "blocks": [Block…], "output": name}, or just
               its nodes
    Record ::= a leaf (`value`), a constant of a statement (`op` "const", `value`), or an op
    Group  ::= {"path", "value", "block", "arguments"}   a call of a block
    Block  ::= {"name", "parameters", "text"}            what the program defines

A record is a statement of its own unless its `path` says of which statement, and of which calls
inside it, it is a part. What `to_records` writes, `from_records` reads back as the same graph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from engine.errors import LimitError, OptionError, SourceError
from engine.forms.record import Record, applied, check_word, given, invalid, is_leaf
from engine.forms.restore import restored
from engine.forms.values import spelled
from engine.graph import CONST, LEAF, Graph, Group, Node, Ref
from engine.language.build import Builder
from engine.language.parse import Parsed

__all__ = ["from_records", "to_records"]


def to_records(parsed: Parsed) -> dict[str, Any]:
    """Return a graph as data. Empty fields and usual ones are left out."""
    graph = parsed.graph
    nodes = [_record(graph, node, parsed) for node in graph]
    groups = [_group_record(graph, group) for group in graph.groups.values()]
    blocks = [
        {"name": each.name, "parameters": list(each.parameters), "text": each.text}
        for each in graph.blocks.values()
    ]
    rest = {"groups": groups, "blocks": blocks, "output": parsed.output}
    return {"nodes": nodes, **{key: value for key, value in rest.items() if value}}


def _record(graph: Graph, node: Node, parsed: Parsed) -> dict[str, Any]:
    record: dict[str, Any] = {"name": node.name, "op": node.op}
    if node.is_leaf:
        record["value"] = spelled(parsed.literal_of[node.id])
    else:
        record["inputs"] = [graph[i].name for i in node.inputs]
    if node.attrs:
        record["attrs"] = {key: _thawed(value) for key, value in node.attrs.items()}
    if node.op == LEAF and not node.requires_grad:
        record["requires_grad"] = False
    if node.path != (node.name,):
        record["path"] = list(node.path)
    if node.note:
        record["note"] = node.note
    return record


def _group_record(graph: Graph, group: Group) -> dict[str, Any]:
    def argument(value: Any) -> Any:
        if isinstance(value, Ref):
            return {"node": graph[value.node].name}
        return [argument(each) for each in value] if isinstance(value, tuple) else value

    value = graph[group.value].name if group.value else None
    arguments = [[name, argument(value)] for name, value in group.arguments]
    values = [graph[i].name if i else None for i in group.values]
    record = {"path": list(group.path), "value": value, "block": group.block}
    return {**record, "arguments": arguments, **({"values": values} if values else {})}


def _thawed(value: Any) -> Any:
    return [_thawed(each) for each in value] if isinstance(value, tuple) else value


def from_records(
    form: Sequence[Record] | Record, most: int | None = None, nonfinite: bool = False
) -> Parsed:
    """Read a graph given as data; records need not be sorted, unless some are parts of others.

    most: how many nodes there may be. nonfinite: whether values may hold NaN and ±infinity. Raises
    OptionError, SourceError or LimitError.
    """
    whole: Record = form if isinstance(form, Mapping) else {"nodes": form}
    records: Sequence[Record] = whole["nodes"]
    if not records:
        raise SourceError("syntax.empty")
    if most is not None and len(records) > most:
        asked, allowed = len(records), most
        raise LimitError(
            "limit.exceeded", asked=asked, unit="nodes", limit="a graph", allowed=allowed
        )
    _check_output(whole)
    parts = any(each.get("path") or re.search("[@/]", str(each.get("name"))) for each in records)
    if parts or whole.get("groups") or whole.get("blocks"):
        return restored(whole, most, nonfinite)
    by_name = _by_name(records)
    builder = Builder(most, nonfinite=True)
    for name in _sorted(by_name):
        record = by_name[name]
        builder.begin(name, None, name, str(record.get("note") or ""))
        if is_leaf(record):
            fixed = record.get("requires_grad") is False or record.get("op") == CONST
            builder.leaf(given(record, name, nonfinite), not fixed)
        else:
            _add_op(builder, name, record)
    return Parsed(*builder.finish(), whole.get("output"))


def _check_output(whole: Record) -> None:
    """Raise OptionError where the output is no node."""
    names = [str(each.get("name")) for each in whole["nodes"]]
    output = whole.get("output")
    if output is not None and output not in names:
        nodes, name = ", ".join(names)[:200], str(output)[:60]
        raise OptionError("option.node", option="output", name=name, nodes=nodes)


def _by_name(records: Sequence[Record]) -> dict[str, Record]:
    by_name = {str(record.get("name", "")): record for record in records}
    if len(by_name) != len(records):
        raise invalid("every node needs a name of its own", "Call one of them otherwise.")
    for name in by_name:
        check_word(name)
    return by_name


def _add_op(builder: Builder, name: str, record: Record) -> None:
    op, attrs = applied(record)
    inputs = [str(i) for i in record["inputs"]]
    operands = [builder.names[i] for i in inputs]
    left_out = [op.absent[each] for each in op.args[len(inputs) :] if each in op.absent]
    operands += [builder.const(np.asarray(number), None, "") for number in left_out]
    builder.end(builder.op(op, tuple(operands), attrs, None, name))


def _sorted(by_name: Mapping[str, Record]) -> list[str]:
    """Keep the given order where it is topological already; otherwise sort."""
    before = {
        name: [str(i) for i in record.get("inputs") or ()] for name, record in by_name.items()
    }
    for name, inputs in before.items():
        for source in inputs:
            if source not in by_name:
                raise invalid(
                    f"`{name}` uses `{source[:60]}`, which is not a node",
                    "Add that node, or name another.",
                )
    seen: set[str] = set()
    if all(set(inputs) <= seen and not seen.add(name) for name, inputs in before.items()):  # type: ignore[func-returns-value]
        return list(before)
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError as error:
        names = [str(name) for name in error.args[1]]
        cycle = " → ".join(names if len(names) <= 8 else [*names[:4], "…", *names[-3:]])
        raise invalid(
            f"it has a cycle, {cycle}",
            "A computation graph must be acyclic: remove one of these edges.",
        ) from None
