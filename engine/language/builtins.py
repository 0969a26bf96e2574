"""Functions that mean something of their own in Python: `len`, `max` of numbers, `sum` of lists."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import reduce
from typing import Any

from engine.errors import SourceError
from engine.language.constant import constant
from engine.language.create import generator
from engine.language.joining import visit_joined, visit_one_hot
from engine.language.lists import root, table_of
from engine.language.operands import Operands
from engine.language.scope import Constant, Draws, Failed, Follows, Items, Value
from engine.language.spread import LONGEST, spread
from engine.language.target import Target
from engine.ops import OPS

__all__ = ["special_of"]

_LARGER = {"max": "maximum", "min": "minimum"}

Special = tuple[bool, Value | None]


def _number(within: Operands, node: ast.Call, _: Target, pending: Any) -> Special:
    """`len(x)`, `int(n / 2)`; `float(x)` of a tensor is the tensor."""
    value = constant(node, within.where)
    if value is not ...:
        return True, Constant(value)
    for each in node.args:
        if isinstance(each, ast.Name) and isinstance(within.scope.find(each.id), Failed):
            raise Follows
    raise SourceError("flow.constant", within.where.span(node), text=within.where.segment(node))


def _larger(within: Operands, node: ast.Call, target: Target, pending: Any) -> Special:
    """PyTorch's `max(a, b)` compares two tensors, Python's two numbers; else the second is an
    axis."""
    known = ... if target.module or node.keywords else constant(node, within.pure)
    if type(known) in (int, float):
        return True, Constant(known)
    if not target.module and len(node.args) == 2 and not node.keywords:
        known = constant(node.args[1], within.pure)
        if type(known) in (int, float) or known is ...:
            operands = node.args if known is ... else node.args[:1]
            pending.append((_compared(within, target.name), node, len(operands), known))
            pending.extend(reversed(operands))
            return True, None
    two = len(node.args) == 2 and not node.keywords and _is_tensor(node.args[1], within)
    if not two:
        return False, None
    name = _LARGER[target.name]
    if target.module != "torch":
        raise _would_be_axis(within, node, target.name)
    pending.append((within.apply, node, 2, (OPS[name], {})))
    pending.extend(reversed(node.args))
    return True, None


def _compared(within: Operands, name: str) -> Callable[..., Value]:
    """Return what compares two numbers once they are there, or takes the largest along an axis."""

    def compare(node: ast.expr, values: list[Value], known: Any) -> Value:
        if known is not ...:
            values = [*values, Constant(known)]
        shape_of = within.builder.known.shape
        numbers = [type(each) is not int or shape_of(each) == () for each in values]
        if all(numbers) and not any(isinstance(each, Items) for each in values):
            return within.apply(node, values, (OPS[_LARGER[name]], {}))
        if type(known) is not int:
            raise _would_be_axis(within, node, name)
        return within.apply(node, values[:1], (OPS[name], {"axis": known}))

    return compare


def _would_be_axis(within: Operands, node: ast.expr, name: str) -> SourceError:
    text, span = within.where.segment(node), within.where.span(node)
    return SourceError("op.larger", span, call=text, name=name, suggestion=_LARGER[name])


def _is_tensor(node: ast.expr, within: Operands) -> bool:
    """An axis is a number that is written out, or has a name of its own."""
    return constant(node, within.where) is ... or isinstance(node, ast.Name)


def _total(within: Operands, node: ast.Call, target: Target, pending: Any) -> Special:
    """Python's `sum` of a list of tensors adds them up."""
    if len(node.args) != 1 or node.keywords or target.module:
        return False, None
    first = node.args[0]
    if isinstance(first, ast.ListComp | ast.GeneratorExp):
        return True, within.caller.total(within, first)
    if isinstance(first, ast.List) and first.elts and constant(first, within.pure) is ...:
        pending.append(reduce(_added, spread(first.elts, within.where, LONGEST)))
        return True, None
    if root(first, within.where) is None:
        return False, None

    def add(item: ast.expr, values: list[Value], _: Any) -> Value:
        (items,) = values
        each = items.values if isinstance(items, Items) else [items]
        total: Value = each[0] if each else Constant(0)
        for value in each[1:]:
            total = within.apply(item, [total, value], (OPS["add"], {}))
        return total

    pending.append((add, node, 1, None))
    pending.append(node.args[0])
    return True, None


def _added(left: ast.expr, right: ast.expr) -> ast.expr:
    """`a + b` for `sum([a, b])`."""
    whole = ast.copy_location(ast.BinOp(left, ast.Add(), right), left)
    whole.end_lineno, whole.end_col_offset = right.end_lineno, right.end_col_offset
    return whole


def _dictionary(within: Operands, node: ast.Call, _: Target, pending: Any) -> Special:
    """`dict(W=W, b=b)` is `{"W": W, "b": b}`."""
    table = table_of(node, within.where)
    if table is not None:
        pending.append(table)
    return table is not None, None


def _same_list(within: Operands, node: ast.Call, _: Target, pending: Any) -> Special:
    """`list(hs)`, `tuple(h for h in hs)`."""
    if len(node.args) != 1 or node.keywords:
        return _number(within, node, _, pending)
    first = node.args[0]
    whole = isinstance(first, ast.ListComp | ast.GeneratorExp | ast.List | ast.Tuple)
    if not whole and root(first, within.where) is None:
        return _number(within, node, _, pending)
    pending.append(first)
    return True, None


def _draws(within: Operands, node: ast.Call, _: Target, pending: Any) -> Special:
    """`np.random.default_rng(7)`, `torch.Generator()`."""
    seed = constant(node.args[0], within.where) if node.args else 0
    if type(seed) is not int or not 0 <= seed < 2**63:
        text, span = within.where.segment(node), within.where.span(node)
        raise SourceError("create.arguments", span, call=text, usage="default_rng(0)")
    return True, Draws(generator(seed))


_SPECIAL: dict[str, Callable[[Operands, ast.Call, Target, Any], Special]] = {
    **dict.fromkeys(("len", "int", "float", "bool", "device", "is_available"), _number),
    **dict.fromkeys(("max", "min"), _larger),
    "sum": _total,
    "dict": _dictionary,
    **dict.fromkeys(("list", "tuple"), _same_list),
    **dict.fromkeys(("default_rng", "Generator"), _draws),
    "one_hot": visit_one_hot,
    **dict.fromkeys(("vstack", "hstack", "row_stack", "column_stack", "_c_", "_r_"), visit_joined),
}
"""Functions that mean something of their own in Python."""


def special_of(node: ast.Call, target: Target) -> Callable[..., Special] | None:
    """Return what reads a call that means something of its own: of a function, or of
    `torch.Generator().manual_seed(7)`; None for all others."""
    if target.receiver is None:
        return _SPECIAL.get(target.name)
    maker = target.receiver.func if isinstance(target.receiver, ast.Call) else None
    made = getattr(maker, "attr", getattr(maker, "id", ""))
    return _draws if (made, target.name) == ("Generator", "manual_seed") else None
