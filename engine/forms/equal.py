"""When two graphs are the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.forms.values import Value
from engine.graph import Node
from engine.language.parse import Parsed

__all__ = ["alike"]


def alike(first: Parsed, second: Parsed) -> bool:
    """Whether two graphs are the same in all but where they are written: nodes, names, statements,
    groups, notes, and values to the bit."""
    a, b = first.graph, second.graph
    same = len(a) == len(b) and all(map(_same_node, a, b))
    if not same or dict(a.groups) != dict(b.groups) or dict(a.blocks) != dict(b.blocks):
        return False
    values, others = first.literal_of, second.literal_of
    return values.keys() == others.keys() and all(
        value.shape == others[i].shape and _bits(value) == _bits(others[i])
        for i, value in values.items()
    )


def _bits(value: Value) -> bytes:
    """There are many ways to say NaN, which all mean the same."""
    return np.where(np.isnan(value), np.nan, value).tobytes()


def _same_node(a: Node, b: Node) -> bool:
    return _content(a) == _content(b)


def _content(node: Node) -> tuple[Any, ...]:
    attrs = {key: (type(value), value) for key, value in node.attrs.items()}
    grad = node.requires_grad
    return (node.id, node.name, node.op, node.inputs, attrs, grad, node.path, node.note, node.inert)
