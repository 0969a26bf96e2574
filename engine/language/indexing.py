"""What stands between square brackets: written indices, and tensors of indices."""

from __future__ import annotations

import ast

from engine.errors import SourceError
from engine.graph import Attribute
from engine.language.constant import constant
from engine.language.scope import Where
from engine.ops.attributes import fits

__all__ = ["by_tensor", "index"]

_RANGES = ("range", "arange")
_WRITTEN = ("array", "asarray", "tensor", "as_tensor", "LongTensor")
_MOST = 4096
"""Entries of a list of indices."""

_MASKS = {
    *("greater", "greater_equal", "less", "less_equal", "equal", "not_equal"),
    *("logical_and", "logical_or", "logical_not"),
}


def by_tensor(node: ast.Subscript, where: Where) -> bool:
    """Whether `E[i]` picks slices of a tensor by a tensor of indices, which stays a node."""
    if not isinstance(node.slice, ast.Name) or _is_mask(node.slice, where):
        return False
    picked = where.scope.find(node.slice.id)
    whole = node.value
    listed = isinstance(whole, ast.Name) and type(where.scope.find(whole.id)) is not int
    return type(picked) is int and not listed and where.facts.shape(picked) != ()


def index(node: ast.expr, where: Where) -> Attribute:
    """Return what stands between square brackets as an attribute.

    A tuple with one entry an axis: an integer, ("slice", start, stop, step), ("list", i, j, …),
    None for a new axis, or "..." for all axes not named. Raises SourceError.
    """
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    entries = tuple(_index_part(part, where) for part in parts)
    for entry, part in zip(entries, parts, strict=True):
        if entry is ... or fits("index", ..., (entry,)) is not None:
            code = "op.mask" if _is_mask(part, where) else "op.index"
            raise SourceError(code, where.span(part), index=where.segment(part))
    return entries


def _index_part(node: ast.expr, where: Where) -> Attribute:
    """Return one entry of an index, or Ellipsis where `node` is none."""
    if isinstance(node, ast.Slice):
        bounds = [
            None if each is None else constant(each, where)
            for each in (node.lower, node.upper, node.step)
        ]
        if all(bound is None or type(bound) is int for bound in bounds):
            return ("slice", *bounds)
    elif isinstance(node, ast.Constant) and node.value is ...:
        return "..."
    elif (listed := _positions(node, where)) is not None:
        return ("list", *listed)
    else:
        value = constant(node, where)
        if value is None or type(value) is int:
            return value
        if isinstance(value, tuple) and all(type(each) is int for each in value):
            return ("list", *value)
    return ...


def _positions(node: ast.expr, where: Where) -> tuple[int, ...] | None:
    """Return the whole numbers that `range(n)`, `np.arange(n)`, `torch.tensor([0, 2])` or the name
    of a leaf stand for in a list of indices, or None."""
    if isinstance(node, ast.Name):
        found = where.scope.find(node.id)
        known = type(found) is int and not _is_mask(node, where)
        return where.facts.entries(found) if known else None  # type: ignore[arg-type]
    function = node.func if isinstance(node, ast.Call) else None
    name = getattr(function, "attr", getattr(function, "id", ""))
    if isinstance(node, ast.Call) and name in _WRITTEN and len(node.args) == 1:
        told = constant(node.args[0], where)
        listed = isinstance(told, tuple) and all(type(each) is int for each in told)
        return told if listed else None
    if not isinstance(node, ast.Call) or name not in _RANGES or not 1 <= len(node.args) <= 3:
        return None
    if isinstance(function, ast.Attribute) and where.scope.module(function.value) is None:
        return None
    bounds = [constant(each, where) for each in node.args]
    ends = [each for each in bounds if type(each) is int and abs(each) < 2**31]
    if len(ends) < len(bounds) or ends[2:] == [0] or len(range(*ends)) > _MOST:
        return None
    return tuple(range(*ends))


def _is_mask(node: ast.expr, where: Where) -> bool:
    """Whether an index says of each entry whether to take it: its shape would depend on values."""
    if isinstance(node, ast.Name):
        found = where.scope.find(node.id)
        return type(found) is int and where.facts.op(found) in _MASKS
    return isinstance(node, ast.Compare | ast.BoolOp)
