"""Python's own lists and dictionaries: joined, repeated, written out, looked up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from engine.errors import SourceError
from engine.language.constant import constant
from engine.language.literal import check_length, displayed
from engine.language.operands import Operands
from engine.language.scope import Constant, Failed, Follows, Items, Table, Value, Where
from engine.language.spread import spread
from engine.ops import OPS, Op

__all__ = [
    "entries_of",
    "is_list",
    "key_of",
    "looked_up",
    "named",
    "not_a_tensor",
    "of_lists",
    "part_name",
    "root",
    "summands",
    "table_of",
    "visit_list",
    "visit_table",
]

_DISPLAYS = (ast.List, ast.Tuple)


def summands(node: ast.expr) -> list[ast.expr]:
    """Return what is added up, from left to right."""
    parts = [node]
    while isinstance(last := parts[-1], ast.BinOp) and isinstance(last.op, ast.Add):
        parts[-1:] = last.right, last.left
    return parts[::-1]


def is_list(node: ast.expr, where: Where) -> bool:
    """Whether a list is written out, or joined as Python does: `hs + [h]` adds no tensors up.

    A leaf that is written as a list is a tensor, unless nodes are joined to it.
    """
    parts = summands(node)
    loose = [each for each in parts if not _is_part(each, where)]
    if not loose or not all(_is_listed_leaf(each, where) for each in loose):
        return not loose
    return any(each not in loose and constant(each, where) is ... for each in parts)


def _is_part(node: ast.expr, where: Where) -> bool:
    if isinstance(node, ast.Name):
        return isinstance(where.scope.find(node.id), Items)
    return isinstance(node, (*_DISPLAYS, ast.ListComp)) or displayed(node, where) is not None


def _is_listed_leaf(node: ast.expr, where: Where) -> bool:
    found = where.scope.find(node.id) if isinstance(node, ast.Name) else None
    return type(found) is int and where.facts.is_listed(found)


def visit_list(within: Operands, item: ast.List | ast.Tuple, pending: Any) -> None:
    """Put a list off until its entries are done."""
    entries = spread(item.elts, within.where)
    scope = within.scope
    pending.append((lambda _, values, __: Items(values, scope), item, len(entries), None))
    pending.extend(reversed(entries))


def visit_table(within: Operands, item: ast.Dict, pending: Any) -> None:
    """Put a dictionary off until its values are done. Raises SourceError for a key of no kind."""
    keys = [key_of(key or item, within.where) for key in item.keys]
    pending.append((lambda _, values, keys: Table.of(keys, values), item, len(keys), keys))
    pending.extend(reversed(item.values))


def of_lists(
    within: Operands, item: ast.expr, values: list[Value], op: Op, attrs: Any
) -> Value | None:
    """Do what Python does where an operand of an op is no tensor: an entry of a list, two lists
    joined, one repeated; None where the op is meant. Raises SourceError and LimitError."""
    first = values[0]
    if op.name == "getitem":
        if isinstance(first, Items | Constant):
            return _part(within, item, first, attrs["index"])
        if isinstance(first, Table):
            raise not_a_tensor(first, item, within.where)
        return None
    listed = [each for each in values if isinstance(each, Items)]
    if op.name == "add":
        entries = [_entries(within, item, each) for each in values]
        known = [each for each in entries if each is not None]
        joined = [value for each in known for value in each]
        return Items(joined, within.scope) if listed and len(known) == 2 else None
    if len(listed) != 1:
        return None
    (other,) = (each for each in values if not isinstance(each, Items))
    times: Any = within.where.facts.constant(other) if type(other) is int else ...
    times = other.value if isinstance(other, Constant) else times
    if type(times) is not int:
        return None
    check_length(len(listed[0].values) * times, item, within.where)
    return Items(listed[0].values * times, within.scope)


def _entries(within: Operands, item: ast.expr, value: Value) -> list[Value] | None:
    """Return what a list holds, or a leaf that is written as a list; None for a tensor."""
    if isinstance(value, Items):
        return value.values
    if type(value) is not int or not within.where.facts.is_listed(value):
        return None
    rows, op = range(within.builder.known.shape(value)[0]), OPS["getitem"]
    return [within.builder.op(op, (value,), {"index": (k,)}, *within.at(item)) for k in rows]


def _part(within: Operands, item: ast.expr, of: Items | Constant, entries: Any) -> Value:
    """One entry of a list, or a stretch of it; further indices are those of the entry."""
    values: Any = of.values if isinstance(of, Items) else of.value
    (at, *rest) = entries
    try:
        if isinstance(at, tuple) and at[0] == "slice" and not rest:
            found = values[slice(*at[1:])]
            return Items(found, within.scope) if isinstance(of, Items) else Constant(found)
        found = values[at]
    except (IndexError, TypeError):
        text, span = within.where.segment(item), within.where.span(item)
        raise SourceError("flow.index", span, text=text) from None
    if isinstance(of, Constant):
        return Constant(found)
    if rest:
        node = within.as_node(found, item)
        at_item = within.at(item)
        return within.builder.op(OPS["getitem"], (node,), {"index": tuple(rest)}, *at_item)
    made: Value = found
    return made


def root(node: ast.expr, where: Where) -> Value | None:
    """Return the list or the dictionary that `hs[1:]` or `params.items()` is a part of, or None."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    found = where.scope.find(node.id) if isinstance(node, ast.Name) else None
    return found if isinstance(found, Items | Table) else None


def not_a_tensor(value: Value, node: ast.expr, where: Where) -> SourceError:
    """Return the error of a dictionary, or of an object, where a tensor is needed."""
    code = "table.tensor" if isinstance(value, Table) else "flow.uncalled"
    return SourceError(code, where.span(node), text=where.segment(node))


def key_of(node: ast.expr, where: Where) -> str | int:
    """Return what a dictionary is asked for. Raises SourceError for what is no key."""
    key: Any = constant(node, where)
    if type(key) not in (str, int):
        raise SourceError("table.key", where.span(node), text=where.segment(node))
    found: str | int = key
    return found


def looked_up(node: ast.Subscript, where: Where) -> Value | None:
    """Return the value that `params["W1"]` stands for, or None where it is no dictionary's. Raises
    SourceError for a key that it does not have."""
    if isinstance(node.value, ast.Subscript):
        held = looked_up(node.value, where)
    else:
        held = where.scope.find(node.value.id) if isinstance(node.value, ast.Name) else None
    if isinstance(held, Failed):
        raise Follows
    if isinstance(held, Items) and isinstance(node.value, ast.Subscript | ast.Name):
        return _entry(held, node, where)
    if not isinstance(held, Table):
        return None
    found = held.find(key_of(node.slice, where))
    if found is None:
        raise _missing(held, node, where)
    return found


def _entry(held: Items, node: ast.Subscript, where: Where) -> Value | None:
    """One entry of a list that is itself a dictionary or a list; all else is looked up later."""
    place = constant(node.slice, where)
    inside = type(place) is int and -len(held.values) <= place < len(held.values)
    found = held.values[place] if inside else None
    return found if isinstance(found, Table | Items) else None


def _missing(held: Table, node: ast.Subscript, where: Where) -> SourceError:
    keys = ", ".join(repr(each) for each in held.keys[:12]) or "none yet"
    text = where.segment(node)
    return SourceError("table.missing", where.span(node.slice), text=text, keys=keys)


def part_name(name: str, key: str | int) -> str:
    """Return what an entry of a list or of a dictionary is called: `params_W1`."""
    return f"{name}_{key}" if type(key) is int else f"{name}_" + re.sub(r"\W", "_", str(key))


def table_of(node: ast.expr, where: Where) -> ast.Dict | None:
    """Write `dict(W=W, b=b)` out as `{"W": W, "b": b}`; None where `node` is no such call."""
    function = node.func if isinstance(node, ast.Call) else None
    if not isinstance(node, ast.Call) or not isinstance(function, ast.Name):
        return None
    pairs = list(named(node.keywords, where)) if function.id == "dict" else []
    unknown = function.id != "dict" or node.args or where.scope.find("dict") is not None
    if unknown or any(each.arg is None for each in pairs):
        return None
    keys: list[ast.expr | None] = [
        ast.copy_location(ast.Constant(each.arg), each.value) for each in pairs
    ]
    return ast.copy_location(ast.Dict(keys, [each.value for each in pairs]), node)


def named(keywords: Sequence[ast.keyword], where: Where) -> Iterator[ast.keyword]:
    """Write `**params` out as `W=params["W"], …` where the keys of `params` are known."""
    for each in keywords:
        inner = each.value if each.arg is None else None
        held = where.scope.find(inner.id) if isinstance(inner, ast.Name) else None
        if inner is None or not isinstance(held, Table):
            yield each
            continue
        for key in held.keys:
            at = ast.copy_location(ast.Constant(key), inner)
            value = ast.copy_location(ast.Subscript(inner, at, ast.Load()), inner)
            yield ast.copy_location(ast.keyword(str(key), value), inner)


def entries_of(node: ast.Call, where: Where) -> Items | None:
    """Return what `params.items()`, `.keys()` or `.values()` stands for, or None."""
    function = node.func
    if not isinstance(function, ast.Attribute) or node.args or node.keywords:
        return None
    held = function.value
    table = where.scope.find(held.id) if isinstance(held, ast.Name) else None
    if not isinstance(table, Table):
        return None
    keys: list[Value] = [Constant(key) for key in table.keys]
    values = table.items.values
    pairs: list[Value] = [Items(list(each)) for each in zip(keys, values, strict=True)]
    return {"keys": Items(keys), "values": Items(values), "items": Items(pairs)}.get(function.attr)
