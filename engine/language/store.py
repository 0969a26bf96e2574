"""`params["W1"] = …`, `hs[0] = h`, `x[i] = v`: what stands in a part of a name is replaced.

No node changes: a tensor with other entries is a new node, `x@2`. Where Python would change another
name as well, which shares the numbers, there is an error instead of a silent difference.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import SourceError
from engine.graph import Graph, Node
from engine.language.bind import begin, element
from engine.language.constant import constant
from engine.language.indexing import index
from engine.language.lists import key_of, part_name, root
from engine.language.lower import Lowering
from engine.language.placing import LARGEST, chosen_from
from engine.language.refuse import no_part
from engine.language.scope import Constant, Failed, Follows, Items, Table, Value
from engine.misfit import misfit_error
from engine.ops import OPS, Misfit
from engine.shapes import op_shape

__all__ = ["store"]

_VIEWS = {
    *("identity", "getitem", "reshape", "transpose", "matrix_transpose", "permute", "swapaxes"),
    *("moveaxis", "unsqueeze", "squeeze", "flatten", "broadcast_to", "diagonal", "detach", "flip"),
}
"""Ops whose result shares its numbers with their input, in NumPy or in PyTorch."""

Places = npt.NDArray[np.int64]


def store(lowering: Lowering, target: ast.Subscript, value: ast.expr) -> None:
    """Carry out `target = value`. Raises SourceError and ShapeError."""
    where, inside = lowering.where, target.value
    held: Value | None = None
    if isinstance(inside, ast.Name):
        held = where.scope.find(inside.id)
    elif isinstance(inside, ast.Subscript) and root(inside, where) is not None:
        held = lowering.value(inside)
    if isinstance(held, Failed):
        raise Follows
    name = where.segment(inside)
    if isinstance(held, Table | Items) and _is_mine(held, lowering):
        key = _place(lowering, held, target)
        kept = element(lowering, part_name(name, key), value, leaf=isinstance(held, Table))
        _put(held, key, kept)
    elif type(held) is int and isinstance(inside, ast.Name) and inside.id in where.scope.names:
        _entries(lowering, target, held, value, inside.id)
    elif type(held) is int and isinstance(inside, ast.Subscript):
        of = lowering.value(inside.value)
        if not isinstance(of, Table | Items) or not _is_mine(of, lowering):
            raise no_part(target, where)
        key = _place(lowering, of, inside)
        name = part_name(where.segment(inside.value), key)
        _put(of, key, _entries(lowering, target, held, value, name))
    else:
        raise no_part(target, where)


def _is_mine(held: Table | Items, lowering: Lowering) -> bool:
    """Only the scope that made a list may change it: a block has no effects on its caller."""
    items = held.items if isinstance(held, Table) else held
    return items.owner is lowering.scope


def _place(lowering: Lowering, held: Table | Items, target: ast.Subscript) -> str | int:
    """Return the key, or the position, that an entry is asked for by."""
    where = lowering.where
    if isinstance(held, Table):
        return key_of(target.slice, where)
    place = constant(target.slice, where)
    if type(place) is not int or not -len(held.values) <= place < len(held.values):
        raise SourceError("flow.index", where.span(target), text=where.segment(target))
    return int(place)


def _put(held: Table | Items, key: str | int, value: Value) -> None:
    if isinstance(held, Table):
        held.put(key, value)
    else:
        held.values[int(key)] = value


def _entries(
    lowering: Lowering, target: ast.Subscript, held: int, value: ast.expr, name: str
) -> int:
    """Bind `name` to a tensor with new entries in the places of some; return its node."""
    builder, where = lowering.builder, lowering.where
    attrs: Any = {"index": index(target.slice, where)}
    shape = builder.known.shape(held)
    places = np.zeros(0, dtype=np.int64)
    if prod(shape) <= LARGEST:
        _check_index(lowering, target, held, attrs)
        numbers = np.arange(prod(shape)).reshape(shape)
        places = np.asarray(OPS["getitem"].forward(np, numbers, **attrs))
    if not places.size or len(set(places.flat)) < places.size:
        raise no_part(target, where)
    _check_shared(lowering, target, held, places)
    before = builder.names.get(name)
    begin(lowering, name)
    at = lowering.at(target)
    mask = np.zeros(shape)
    mask.flat[places] = 1.0
    chosen = builder.const(mask, *at)
    new = lowering.node(value)
    made = builder.end(chosen_from(builder, chosen, new, held, attrs, at), fold=False)
    builder.known.changed[made] = builder.known.changed.get(held, held)
    if isinstance(target.value, ast.Subscript):
        builder.names.pop(name)
        builder.names.update({} if before is None else {name: before})
    return made


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
    inside: ast.expr = target
    while isinstance(inside, ast.Subscript):
        inside = inside.value
    own_name = getattr(inside, "id", "")
    touched = set(own.flat[places.reshape(-1)])
    if first <= where.scope.first:
        raise _shared(lowering, target, builder.name(first))
    for name, other in _named(lowering, first):
        if other == held and name == own_name:
            continue
        if _chain(lowering, other)[-1] == first and not touched.isdisjoint(
            _base(lowering, other)[1].flat
        ):
            raise _shared(lowering, target, name)


def _shared(lowering: Lowering, target: ast.Subscript, name: str) -> SourceError:
    where = lowering.where
    text = where.segment(target.value)
    return SourceError("flow.shared", where.span(target), name=text, other=name)


def _base(lowering: Lowering, node: int) -> tuple[int, Places]:
    """Return the node whose numbers a node shares, and which of them it has."""
    known, chain = lowering.builder.known, _chain(lowering, node)
    shape = known.shape(chain[-1])
    places = np.arange(prod(shape)).reshape(shape)
    for each in reversed(chain[:-1]):
        if each not in known.changed:
            made = known.nodes[each - 1]
            places = np.asarray(OPS[made.op].forward(np, places, **made.attrs))
    return chain[-1], places


def _chain(lowering: Lowering, node: int) -> list[int]:
    """Return a node, the one whose numbers it shares, and so on to the one that has its own."""
    known, chain = lowering.builder.known, [node]
    while (before := known.shares(chain[-1], _VIEWS)) is not None:
        chain.append(before)
    return chain


def _named(lowering: Lowering, first: int) -> Iterator[tuple[str, int]]:
    """Yield every node that has a name now, or is in a list that has one, and may share the numbers
    of `first`: it is `first`, or a later one that is no leaf."""
    scope, nodes = lowering.scope, lowering.builder.known.nodes
    names = {**(scope.outer.names if scope.outer else {}), **scope.names}
    for name, value in names.items():
        if type(value) is int and (value < first or not nodes[value - 1].inputs) and value != first:
            continue
        for node in _nodes(value):
            yield name, node


def _nodes(value: Value, depth: int = 0) -> Iterator[int]:
    if type(value) is int:
        yield value
    items = value.items if isinstance(value, Table) else value
    if isinstance(items, Items):
        for each in {each for each in items.values if not isinstance(each, Constant)}:
            yield from _nodes(each, depth + 1)
