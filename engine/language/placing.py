"""A tensor with other entries in some places: `where(mask, put(new), old)`."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from engine.language.build import Builder
from engine.language.indexing import index
from engine.language.operands import Operands
from engine.language.refuse import no_part
from engine.language.scope import Value
from engine.ops import OPS

__all__ = ["LARGEST", "chosen_from", "visit_at"]

LARGEST = 2**12
"""Entries of a tensor in which some are replaced: its mask is written out."""

_CHANGES = {"set": "", "add": "add", "multiply": "mul", "mul": "mul"}


def chosen_from(
    builder: Builder, mask: int, new: int, old: int, attrs: Any, at: tuple[Any, str]
) -> int:
    """Return the node that has the entries of `new` at an index, where `mask` is 1, and those of
    `old` elsewhere."""
    shape = builder.known.shape(old)
    inner = np.broadcast_to(0.0, shape)
    places = np.asarray(OPS["getitem"].forward(np, inner, **attrs)).shape
    if builder.known.shape(new) != places:
        new = builder.op(OPS["broadcast_to"], (new,), {"shape": places}, *at)
    put = builder.op(OPS["put"], (new,), {"shape": shape, **attrs}, *at)
    return builder.op(OPS["where"], (mask, put, old), {}, *at)


def visit_at(within: Operands, node: ast.Call, pending: Any) -> bool:
    """Put off JAX's `x.at[i].set(v)`, `.add(v)` or `.multiply(v)`; return whether it is one."""
    function = node.func
    part = function.value if isinstance(function, ast.Attribute) else None
    place = part.value if isinstance(part, ast.Subscript) else None
    change = _CHANGES.get(getattr(function, "attr", ""))
    if not isinstance(place, ast.Attribute) or place.attr != "at" or change is None:
        return False
    if not isinstance(part, ast.Subscript) or len(node.args) != 1:
        return False
    attrs = {"index": index(part.slice, within.where)}
    pending.append((_changed(within, part), node, 2, (change, attrs)))
    pending += [node.args[0], place.value]
    return True


def _changed(within: Operands, part: ast.Subscript) -> Any:
    """Return what makes a tensor with other entries, once it is there."""

    def change(node: ast.expr, values: list[Value], rest: Any) -> Value:
        name, attrs = rest
        builder, at = within.builder, within.at(node)
        old, new = (within.as_node(each, node) for each in values)
        shape = builder.known.shape(old)
        taken = builder.op(OPS["getitem"], (old,), attrs, *at)
        inner = np.ones(builder.known.shape(taken) if np.prod(shape) <= LARGEST else 0)
        mask = np.asarray(OPS["put"].forward(np, inner, shape=shape, **attrs))
        if not inner.size or mask.max() > 1:
            raise no_part(part, within.where)
        if name:
            new = builder.op(OPS[name], (taken, new), {}, *at)
        return chosen_from(builder, builder.const(mask, *at), new, old, attrs, at)

    return change
