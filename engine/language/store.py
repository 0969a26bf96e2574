"""`params["W1"] = …`, `hs[0] = h` and `x[i] = v`: what stands in a part of a name is replaced.

No node changes: a tensor with other entries is a new node, `x@2`. Where Python would change another
name as well, which shares the numbers, there is an error instead of a silent difference.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import SourceError
from engine.graph import Graph, Node
from engine.language.bind import begin, element
from engine.language.constant import constant
from engine.language.indexing import index
from engine.language.lists import key_of, part_name
from engine.language.lower import Lowering
from engine.language.refuse import no_part
from engine.language.scope import Failed, Follows, Items, Table, Value
from engine.misfit import misfit_error
from engine.ops import OPS, Misfit
from engine.shapes import op_shape

__all__ = ["store"]

_VIEWS = {
    *("identity", "getitem", "reshape", "transpose", "matrix_transpose", "permute", "swapaxes"),
    *("moveaxis", "unsqueeze", "squeeze", "flatten", "broadcast_to", "diagonal", "detach", "flip"),
}
"""Ops whose result shares its numbers with their input, in NumPy or in PyTorch."""

_LARGEST = 2**14
"""Entries of a tensor that may be stored into: its mask is written out."""

Places = npt.NDArray[np.int64]


def store(lowering: Lowering, target: ast.Subscript, value: ast.expr) -> None:
    """Carry out `target = value`. Raises SourceError."""
    where = lowering.where
    held: Value | None = None
    if isinstance(target.value, ast.Name):
        held = where.scope.find(target.value.id)
    elif isinstance(target.value, ast.Subscript):
        held = lowering.value(target.value)
    if isinstance(held, Failed):
        raise Follows
    name = where.segment(target.value)
    mine = isinstance(target.value, ast.Name) and target.value.id in where.scope.names
    if isinstance(held, Table) and held.items.owner is lowering.scope:
        key = key_of(target.slice, where)
        held.put(key, element(lowering, part_name(name, key), value, leaf=True))
    elif isinstance(held, Items) and held.owner is lowering.scope:
        place: Any = constant(target.slice, where)
        if type(place) is not int or not -len(held.values) <= place < len(held.values):
            raise SourceError("flow.index", where.span(target), text=where.segment(target))
        held.values[place] = element(lowering, part_name(name, place), value)
    elif type(held) is int and mine and isinstance(target.value, ast.Name):
        _entries(lowering, target, held, value)
    else:
        raise no_part(target, where)


def _entries(lowering: Lowering, target: ast.Subscript, held: int, value: ast.expr) -> None:
    """Put new entries in the places of some of a tensor's."""
    builder, where = lowering.builder, lowering.where
    attrs: Any = {"index": index(target.slice, where)}
    shape = builder.known.shape(held)
    places = np.zeros(0, dtype=np.int64)
    if np.prod(shape, dtype=np.int64) <= _LARGEST:
        numbers = np.arange(np.prod(shape, dtype=np.int64)).reshape(shape)
        _check_index(lowering, target, held, attrs)
        places = np.asarray(OPS["getitem"].forward(np, numbers, **attrs))
    if not places.size or len(set(places.flat)) < places.size:
        raise no_part(target, where)
    _check_shared(lowering, target, held, places)
    begin(lowering, getattr(target.value, "id", ""))
    at = lowering.at(target)
    mask = np.zeros(shape)
    mask.flat[places] = 1.0
    chosen = builder.const(mask, *at)
    new = lowering.node(value)
    if builder.known.shape(new) != places.shape:
        new = builder.op(OPS["broadcast_to"], (new,), {"shape": places.shape}, *at)
    put = builder.op(OPS["put"], (new,), {"shape": shape, **attrs}, *at)
    made = builder.end(builder.op(OPS["where"], (chosen, put, held), {}, *at), fold=False)
    builder.known.changed[made] = held


def _check_index(lowering: Lowering, target: ast.Subscript, held: int, attrs: Any) -> None:
    """Raise ShapeError for an index that a tensor does not have."""
    known, where = lowering.builder.known, lowering.where
    try:
        op_shape(OPS["getitem"], [known.shape(held)], attrs)
    except Misfit as misfit:
        place = where.span(target), (), where.segment(target)
        node = Node(held, "", "getitem", (held,), attrs, False, *place)
        raise misfit_error(Graph(tuple(known.nodes)), node, misfit) from None


def _check_shared(lowering: Lowering, target: ast.Subscript, held: int, places: Places) -> None:
    """Raise SourceError where another name shares the numbers that are to be changed."""
    builder, where = lowering.builder, lowering.where
    first, own = _base(lowering, held)
    touched = set(own.flat[places.reshape(-1)])
    if first <= where.scope.first:
        raise _shared(lowering, target, builder.name(first))
    for name, other in _named(lowering):
        if other == held and name == getattr(target.value, "id", ""):
            continue
        root, at = _base(lowering, other)
        if root == first and not touched.isdisjoint(at.flat):
            raise _shared(lowering, target, name)


def _shared(lowering: Lowering, target: ast.Subscript, name: str) -> SourceError:
    where = lowering.where
    text = where.segment(target.value)
    return SourceError("flow.shared", where.span(target), name=text, other=name)


def _base(lowering: Lowering, node: int) -> tuple[int, Places]:
    """Return the node whose numbers a node shares, and which of them it has."""
    known, chain = lowering.builder.known, [node]
    while (before := known.shares(chain[-1], _VIEWS)) is not None:
        chain.append(before)
    shape = known.shape(chain[-1])
    places = np.arange(int(np.prod(shape, dtype=np.int64))).reshape(shape)
    for each in reversed(chain[:-1]):
        if each not in known.changed:
            made = known.nodes[each - 1]
            places = np.asarray(OPS[made.op].forward(np, places, **made.attrs))
    return chain[-1], places


def _named(lowering: Lowering) -> Iterator[tuple[str, int]]:
    """Yield every node that has a name now, or is in a list that has one."""
    scope = lowering.scope
    names = {**(scope.outer.names if scope.outer else {}), **scope.names}
    for name, value in names.items():
        for node in _nodes(value):
            yield name, node


def _nodes(value: Value, depth: int = 0) -> Iterator[int]:
    if type(value) is int:
        yield value
    items = value.items if isinstance(value, Table) else value
    if isinstance(items, Items):
        for each in items.values:
            yield from _nodes(each, depth + 1)
