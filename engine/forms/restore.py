"""A graph whose records are parts of statements and calls: built as it says, then proved by writing
it as a program and reading that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.errors import EngineError, LimitError
from engine.forms.equal import alike
from engine.forms.record import Record, applied, given, invalid, is_leaf
from engine.forms.sequence import Unprintable
from engine.forms.source import source
from engine.forms.values import Value
from engine.graph import LEAF, Definition, Graph, Group, Node, Ref
from engine.language.parse import Parsed, parse

__all__ = ["restored"]

_ORDER = "List leaves first, then constants, then the rest, each behind its inputs."


def restored(form: Mapping[str, Any], most: int | None = None, nonfinite: bool = False) -> Parsed:
    """Return the graph that `to_records` wrote. form: nodes, groups and blocks.

    Raises OptionError for one that no program means, SourceError, LimitError.
    """
    records: Sequence[Record] = form["nodes"]
    nodes: list[Node] = []
    values: dict[int, Value] = {}
    id_of: dict[str, int] = {}
    for place, record in enumerate(records, start=1):
        node = _node(place, record, id_of, nodes)
        if node.is_leaf:
            values[place] = given(record, node.name, nonfinite)
        if id_of.setdefault(node.name, place) != place:
            raise invalid(f"two nodes are called `{node.name[:60]}`", "Call one of them otherwise.")
        nodes.append(node)
    groups = (_group(each, id_of) for each in form.get("groups") or ())
    blocks = (_block(each) for each in form.get("blocks") or ())
    graph = Graph(
        tuple(nodes), {each.name: each for each in groups}, {each.name: each for each in blocks}
    )
    return _proved(Parsed(graph, values, form.get("output")), most)


def _node(place: int, record: Record, id_of: Mapping[str, int], nodes: Sequence[Node]) -> Node:
    name, note = str(record.get("name", "")), str(record.get("note") or "")
    path = tuple(map(str, record.get("path") or (name,)))
    if is_leaf(record):
        kind = str(record.get("op", LEAF))
        grad = kind == LEAF and record.get("requires_grad") is not False
        fixed: Any = {"path": path, "note": note, "members": (place,)}
        return Node(place, name, kind, requires_grad=grad, **fixed)
    op, attrs = applied(record)
    names = [str(each) for each in record.get("inputs") or ()]
    for each in names:
        if each not in id_of:
            raise invalid(
                f"`{name[:60]}` uses `{each[:60]}`, which does not come before it", _ORDER
            )
    inputs = tuple(id_of[each] for each in names)
    inert = tuple(op.args.index(each) for each in op.inert)
    grad = any(nodes[i - 1].requires_grad for slot, i in enumerate(inputs) if slot not in inert)
    fixed = {"path": path, "note": note, "inert": inert, "members": (place,)}
    return Node(place, name, op.name, inputs, attrs, grad, **fixed)


def _group(record: Record, id_of: Mapping[str, int]) -> Group:
    def node(name: Any) -> int:
        if not isinstance(name, str) or name not in id_of:
            raise invalid(
                f"a group speaks of `{str(name)[:60]}`, which is no node", "Name another."
            )
        return id_of[name]

    def argument(value: Any) -> Any:
        if isinstance(value, Mapping):
            return Ref(node(value.get("node")))
        return tuple(map(argument, value)) if isinstance(value, list) else value

    arguments = tuple((str(key), argument(each)) for key, each in record.get("arguments") or ())
    value = record.get("value")
    path, block = tuple(map(str, record["path"])), str(record.get("block", ""))
    if not path:
        raise invalid("a group has an empty path", "Begin it with the name of a statement.")
    values = tuple(0 if each is None else node(each) for each in record.get("values") or ())
    return Group(path, 0 if value is None else node(value), block, arguments, values)


def _block(record: Record) -> Definition:
    parameters = tuple(map(str, record.get("parameters") or ()))
    return Definition(str(record["name"]), parameters, str(record["text"]))


def _proved(parsed: Parsed, most: int | None) -> Parsed:
    """Return the graph as its own program makes it, which says where everything stands."""
    try:
        made = parse(source(parsed), most, nonfinite=True)
    except LimitError:
        raise
    except (Unprintable, EngineError) as error:
        raise _impossible(str(error)) from None
    if not alike(parsed, made):
        raise _impossible(_difference(parsed, made))
    return replace(made, output=parsed.output)


def _difference(asked: Parsed, made: Parsed) -> str:
    pairs = zip(asked.graph, made.graph, strict=False)
    return next((a.name for a, b in pairs if a.name != b.name or a.inputs != b.inputs), "")


def _impossible(where: str) -> EngineError:
    place = f", at `{where[:80]}`" if where else ""
    return invalid(
        f"its statements and groups do not fit together{place}",
        "Leave out `path`, `groups` and `blocks`: then every node is a statement of its own.",
    )
