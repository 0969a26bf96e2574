"""Broadcasting: how often an op uses each entry of an argument that it stretches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from engine.graph import Graph, Node, Shape
from engine.ops import OPS

__all__ = ["stretches"]


def stretches(view: Graph, fine: Graph, shape_of: Mapping[int, Shape]) -> Iterator[int]:
    """Yield for every edge of `view` how often each entry is used because it is stretched; else 1.

    A group stretches what one of its members stretches: the largest count of those that take the
    node itself. shape_of: by id in `fine`.
    """
    into, most = 0, dict[int, int]()
    for source, to, slot in view.edges:
        members = view[to].members
        if len(members) == 1:
            yield _times(fine[members[0]], slot, shape_of)
            continue
        if to != into:
            into, most = to, _most(fine, members, shape_of)
        yield most.get(view[source].members[-1], 1)


def _most(fine: Graph, members: tuple[int, ...], shape_of: Mapping[int, Shape]) -> dict[int, int]:
    """The largest count by what is taken."""
    most: dict[int, int] = {}
    for member in members:
        node = fine[member]
        for slot, taken in enumerate(node.inputs):
            most[taken] = max(most.get(taken, 1), _times(node, slot, shape_of))
    return most


def _times(node: Node, slot: int, shape_of: Mapping[int, Shape]) -> int:
    own, whole, op = shape_of[node.inputs[slot]], shape_of[node.id], OPS.get(node.op)
    if op is not None and op.reduces is not None:
        shapes = [shape_of[i] for i in node.inputs]
        whole, _ = op.reduces(shapes, {**op.attrs, **node.attrs})
    elif own == whole or op is None or not op.elementwise:
        return 1
    return max(1, prod(whole) // max(1, prod(own)))
