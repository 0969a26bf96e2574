"""Shapes and costs before any work: nothing is allocated until this has passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from engine.backend import Array
from engine.errors import LimitError, ShapeError
from engine.graph import Attributes, Graph, Node, Shape
from engine.ops import OPS, Op
from engine.ops.registry import Misfit, broadcast_shape

__all__ = [
    "Limits",
    "Shapes",
    "check_values",
    "flops_of",
    "infer",
    "misfit_error",
    "misfits",
    "op_shape",
    "subscript_sizes",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one evaluation may ask for. entries, axes: of a tensor; rows: of P, without a weight."""

    nodes: int = 20_000
    rows: int = 4_096
    entries: int = 2**22
    axes: int = 16
    flops: int = 2 * 10**9
    bytes: int = 512 * 2**20


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shape of every node by id, and what the forward sweep costs: FLOPs, and bytes of all
    values."""

    shape_of: Mapping[int, Shape]
    flops: int
    bytes: int


def infer(graph: Graph, given: Mapping[int, Shape], itemsize: int, limits: Limits) -> Shapes:
    """Return the shape of every node. given: shapes of leaves and constants by id.

    Raises ShapeError where an op cannot combine its inputs, LimitError where a limit would be
    exceeded.
    """
    if len(graph) > limits.nodes:
        raise LimitError(
            "limit.exceeded", asked=len(graph), unit="nodes", limit="a graph", allowed=limits.nodes
        )
    shape_of: dict[int, Shape] = {}
    flops = entries = 0
    for node in graph:
        if node.is_leaf:
            shape = given[node.id]
        else:
            shapes = [shape_of[i] for i in node.inputs]
            shape = _node_shape(graph, node, shapes)
            flops += flops_of(OPS[node.op], shapes, shape, node.attrs)
        size = prod(shape)
        _check_size(node, size, "entries", limits.entries)
        _check_size(node, len(shape), "axes", limits.axes)
        shape_of[node.id] = shape
        entries += size
    return Shapes(shape_of, flops, entries * itemsize)


def misfits(graph: Graph, given: Mapping[int, Shape]) -> tuple[list[ShapeError], set[int]]:
    """Return the error of every op that cannot combine its inputs, and the nodes that none of these
    leads to. given: shapes of leaves and constants by id."""
    shape_of: dict[int, Shape] = {}
    errors: list[ShapeError] = []
    for node in graph:
        if node.is_leaf:
            shape_of[node.id] = given[node.id]
        elif all(source in shape_of for source in node.inputs):
            try:
                shape_of[node.id] = _node_shape(graph, node, [shape_of[i] for i in node.inputs])
            except ShapeError as error:
                errors.append(error)
    return errors, set(shape_of)


def check_values(graph: Graph, given: Mapping[int, Array], shapes: Shapes) -> None:
    """Raise ShapeError for a given value that an op cannot take, such as an index out of range."""
    for node in graph:
        check = None if node.is_leaf else OPS[node.op].check
        if check is not None:
            try:
                own = [shapes.shape_of[i] for i in node.inputs]
                check(own, node.attrs, [given.get(i) for i in node.inputs])
            except Misfit as misfit:
                raise misfit_error(graph, node, misfit) from None


def _check_size(node: Node, asked: int, unit: str, allowed: int) -> None:
    if asked > allowed:
        raise LimitError(
            "limit.exceeded", node.span, asked=asked, unit=unit, limit="a tensor", allowed=allowed
        )


def _node_shape(graph: Graph, node: Node, shapes: Sequence[Shape]) -> Shape:
    try:
        return op_shape(OPS[node.op], shapes, node.attrs)
    except Misfit as misfit:
        raise misfit_error(graph, node, misfit) from None


def misfit_error(graph: Graph, node: Node, misfit: Misfit) -> ShapeError:
    """Return the error of an op that does not fit its inputs, with the statement and its place."""
    texts = [
        graph[i].name if graph[i].is_leaf or not graph[i].text else graph[i].text
        for i in node.inputs
    ]
    known = dict(zip(("left_text", "right_text"), texts, strict=False))
    statement = graph[graph.id_of.get(node.statement, node.id)].text or node.name
    params = known | misfit.params | {"statement": statement}
    return ShapeError(misfit.code, node.span, **params)


def op_shape(op: Op, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Return the shape of the result of `op`. Raises Misfit when the shapes do not fit."""
    sizes = subscript_sizes(op, shapes, attrs) if op.subscripts is not None else {}
    if op.shape is not None:
        return op.shape(shapes, attrs)
    if op.reduces is not None:
        return _reduced_shape(op, shapes, attrs)
    if op.subscripts is None:
        return broadcast_shape(op.name, shapes)
    return tuple(sizes[letter] for letter in op.subscripts(shapes, attrs).partition("->")[2])


def _reduced_shape(op: Op, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    assert op.reduces is not None
    space, merged = op.reduces(shapes, {**op.attrs, **attrs})
    keep = bool(attrs.get("keepdims", False))
    sized = ((1 if axis in merged else size, axis) for axis, size in enumerate(space))
    return tuple(size for size, axis in sized if keep or axis not in merged)


def subscript_sizes(op: Op, shapes: Sequence[Shape], attrs: Attributes) -> dict[str, int]:
    """Return the size of each letter of the op's subscripts. Raises Misfit where two operands
    disagree."""
    assert op.subscripts is not None
    left, right = str(shapes[0]), str(shapes[-1])
    sizes: dict[str, int] = {}
    for letters, shape in zip(
        op.subscripts(shapes, attrs).partition("->")[0].split(","), shapes, strict=True
    ):
        for letter, size in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                inner = {"left_inner": sizes[letter], "right_inner": size}
                raise Misfit("shape.inner", left=left, right=right, **inner)
    return sizes


def flops_of(op: Op, shapes: Sequence[Shape], shape: Shape, attrs: Attributes) -> int:
    """Return the multiplications and additions of one op; its shapes fit."""
    if callable(op.flops):
        return op.flops(shapes, attrs)
    if op.subscripts is None:
        return op.flops * max(prod(shape), *(prod(each) for each in shapes))
    volume = prod(subscript_sizes(op, shapes, attrs).values())
    return volume * len(shapes)
