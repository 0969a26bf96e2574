"""NumPy's and PyTorch's ways to put tensors side by side: `vstack`, `hstack`, `column_stack`,
`np.c_[a, b]`, `np.r_[a, b]`; and `one_hot`, rows of the identity matrix."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from engine.errors import SourceError
from engine.language.constant import constant
from engine.language.operands import Operands
from engine.language.scope import Items, Value, Where
from engine.language.spread import opened
from engine.language.target import Target
from engine.ops import OPS

__all__ = ["beside", "visit_joined", "visit_one_hot"]

_MOST = 1000
"""Rows that are joined one by one: an op has no more operands."""

_INDEXED = {"c_": "column_stack", "r_": "concatenate"}


def beside(item: ast.expr, where: Where) -> ast.expr | None:
    """Return the call that `np.c_[a, b]` or `np.r_[a, b]` means, or None."""
    if not isinstance(item, ast.Subscript) or not isinstance(item.value, ast.Attribute):
        return None
    name = item.value.attr
    if name not in _INDEXED or where.scope.module(item.value.value) is None:
        return None
    parts = item.slice.elts if isinstance(item.slice, ast.Tuple) else [item.slice]
    if any(isinstance(each, ast.Slice) for each in parts):
        return None
    listed = ast.copy_location(ast.List(parts, ast.Load()), item.slice)
    function = ast.Attribute(item.value.value, f"_{name}", ast.Load())
    call = ast.Call(ast.copy_location(function, item.value), [listed], [])
    return ast.copy_location(call, item)


def visit_joined(within: Operands, node: ast.Call, _: Target, pending: Any) -> Any:
    """Put off what joins tensors along an axis that depends on how many axes they have."""
    if len(node.args) != 1 or node.keywords:
        return False, None
    (listed,) = opened(node.args, within.where)
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    inside = listed.elts if isinstance(listed, ast.List | ast.Tuple) else [listed]
    pending.append((_join(within), node, len(inside), name))
    pending.extend(reversed(inside))
    return True, None


def _join(within: Operands) -> Callable[..., Value]:
    """Return what joins tensors once they are there."""

    def join(node: ast.expr, values: list[Value], name: str) -> Value:
        only = values[0] if len(values) == 1 else None
        if type(only) is int:
            rows = range(min((*within.builder.known.shape(only), 1)[0], _MOST + 1))
            values = [_row(within, node, only, k) for k in rows]
        listed = only.values if isinstance(only, Items) else values
        nodes = [within.as_node(each, node) for each in listed]
        rank = max((len(within.builder.known.shape(each)) for each in nodes), default=0)
        parts: list[Value] = [_shaped(within, node, each, name) for each in nodes]
        axis = 1 if name in ("column_stack", "_c_") or (name == "hstack" and rank > 1) else 0
        return within.apply(node, parts, (OPS["concat"], {"axis": axis}))

    return join


def _row(within: Operands, node: ast.expr, of: int, place: int) -> Value:
    return within.apply(node, [of], (OPS["getitem"], {"index": (place,)}))


def _shaped(within: Operands, node: ast.expr, part: int, name: str) -> Value:
    """Give a number one axis, and a vector a second one where rows or columns are joined."""
    made: Value = part
    rank = len(within.builder.known.shape(part))
    if rank == 0:
        made = within.apply(node, [made], (OPS["reshape"], {"shape": (1,)}))
    if rank < 2 and name in ("vstack", "row_stack", "column_stack", "_c_"):
        axis = 0 if name in ("vstack", "row_stack") else 1
        made = within.apply(node, [made], (OPS["unsqueeze"], {"axis": axis}))
    return made


def visit_one_hot(within: Operands, node: ast.Call, target: Target, pending: Any) -> Any:
    """`F.one_hot(labels, n)` takes rows of the identity matrix."""
    given = list(node.args) if target.receiver is None else [target.receiver, *node.args]
    sized = [*given[1:], *(k.value for k in node.keywords if k.arg in ("num_classes", "depth"))]
    count: Any = constant(sized[0], within.where) if len(sized) == 1 else ...
    if type(count) is not int or not given:
        text, span = within.where.segment(node), within.where.span(node)
        raise SourceError("create.arguments", span, call=text, usage="one_hot(labels, 10)")

    def take(item: ast.expr, values: list[Value], _: None) -> Value:
        maker, place = within.caller.maker, within.at(item)
        rows = within.builder.const(maker.make("eye", [count], {}, maker.rng, place), *place)
        return within.apply(item, [rows, values[0]], (OPS["take"], {"axis": 0}))

    pending.append((take, node, 1, None))
    pending.append(given[0])
    return True, None
