"""Shapes and costs before any work: nothing is allocated until this has passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from engine.backend import Array
from engine.errors import LimitError, ShapeError
from engine.graph import Graph, Node, Shape
from engine.misfit import misfit_error
from engine.ops import OPS
from engine.ops.registry import Misfit
from engine.shapes import flops_of, op_shape, subscript_sizes

__all__ = [
    "Limits",
    "Shapes",
    "check_values",
    "flops_of",
    "grown",
    "infer",
    "misfit_error",
    "misfits",
    "op_shape",
    "subscript_sizes",
]


_TOLD = 32
"""Ops that do not fit, of which each is explained."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one evaluation may ask for. derived: nodes of a program with its derivatives; entries,
    axes: of a tensor; rows: of P, without a weight."""

    nodes: int = 20_000
    derived: int = 2_000
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
    flops = grown(graph, graph, given, shape_of, limits)
    entries = sum([prod(shape) if shape else 1 for shape in shape_of.values()])
    return Shapes(shape_of, flops, entries * itemsize)


def grown(
    graph: Graph,
    nodes: Iterable[Node],
    given: Mapping[int, Shape],
    shape_of: dict[int, Shape],
    limits: Limits,
) -> int:
    """Enter the shapes of nodes into `shape_of`, which has those before them; return their FLOPs.
    Raises as `infer`."""
    alike: dict[object, tuple[Shape, int]] = {}
    flops = 0
    for node in nodes:
        if node.is_leaf:
            shape = given[node.id]
        else:
            key = None if node.attrs else (node.op, *[shape_of[i] for i in node.inputs])
            found = alike.get(key)
            if key is None or found is None:
                found = alike[key] = _shape_and_flops(graph, node, shape_of)
            shape = found[0]
            flops += found[1]
        if shape:
            _check_size(node, prod(shape), "entries", limits.entries)
            _check_size(node, len(shape), "axes", limits.axes)
        shape_of[node.id] = shape
    return flops


def _shape_and_flops(graph: Graph, node: Node, shape_of: Mapping[int, Shape]) -> tuple[Shape, int]:
    shape = _node_shape(graph, node, shape_of)
    shapes = [shape_of[i] for i in node.inputs]
    return shape, flops_of(OPS[node.op], shapes, shape, node.attrs)


def misfits(graph: Graph, given: Mapping[int, Shape]) -> tuple[list[ShapeError], set[int]]:
    """Return the errors of ops that cannot combine their inputs, as many as are ever told, and the
    nodes that no such op leads to. given: shapes of leaves and constants by id."""
    shape_of: dict[int, Shape] = {}
    errors: list[ShapeError] = []
    for node in graph:
        if node.is_leaf:
            shape_of[node.id] = given[node.id]
        elif all(source in shape_of for source in node.inputs):
            shapes = [shape_of[i] for i in node.inputs]
            try:
                shape_of[node.id] = op_shape(OPS[node.op], shapes, node.attrs)
            except Misfit as misfit:
                if len(errors) < _TOLD:
                    errors.append(misfit_error(graph, node, misfit, shape_of))
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


def _node_shape(graph: Graph, node: Node, shape_of: Mapping[int, Shape]) -> Shape:
    try:
        return op_shape(OPS[node.op], [shape_of[i] for i in node.inputs], node.attrs)
    except Misfit as misfit:
        raise misfit_error(graph, node, misfit, shape_of) from None
