"""Entries of one tensor of a run, by ranges: a value, P, a tangent or a local Jacobian, each of
which may be far too large to send, or to form.

Only the nodes that the entries depend on are computed, and of P only the rows asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np

from engine.backend import Array
from engine.errors import LimitError, OptionError
from engine.events import EdgeRef
from engine.graph import Edge, Graph, Shape
from engine.jacobians.jacobian import Jacobian, Zero
from engine.misfit import misfit_error
from engine.ops import Misfit
from engine.program import Program
from engine.sweeps.edges import jacobians
from engine.trace import Run

__all__ = ["KINDS", "WINDOW_ENTRIES", "Kind", "Window", "window"]

Kind = Literal["value", "jacobian", "adjoint", "tangent"]
KINDS: tuple[Kind, ...] = ("value", "jacobian", "adjoint", "tangent")

WINDOW_ENTRIES = 2**16
"""Entries of one window, unless the caller says otherwise."""

_BLOCK = 2**21
"""Numbers formed at a time on the way to a window (16 MiB of float64)."""

Ranges = tuple[range, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Some entries of a tensor. shape: of the whole; ranges: (start, stop, step) of each axis."""

    what: Kind
    node: str | None
    edge: EdgeRef | None
    shape: Shape
    ranges: tuple[tuple[int, int, int], ...]
    entries: Array


def window(
    program: Program,
    what: Kind,
    node: str | None = None,
    edge: EdgeRef | None = None,
    ranges: Sequence[Sequence[int] | None] | None = None,
    most: int = WINDOW_ENTRIES,
) -> Window:
    """Return entries of a value or tangent (in the node's shape), of P (m, d_i) or of a local
    Jacobian (d_to, d_from).

    node: for all but "jacobian", which takes `edge`. ranges: for each axis [start, stop] or [start,
    stop, step]; None, or leaving it out, is the whole axis. most: entries allowed. Raises
    OptionError, or LimitError before any work.
    """
    run = program.run
    _check_what(program, what, node, edge)
    if edge is not None:
        found = _edge(run.view, edge)
        ends = (found.to, found.source)
        shape = tuple(prod(_shape(program, end)) for end in ends)
    else:
        target = _node(run.view, str(node))
        own = _shape(program, target)
        shape = (run.rows, prod(own)) if what == "adjoint" else own
    asked = _ranges(ranges, shape, most)
    with run.backend.quiet():
        if edge is not None:
            entries = _of_jacobian(run, found, asked)
        elif what == "value":
            entries = _cut(_values(run, run.view, target)[run.view[target].members[-1]], asked)
        elif what == "tangent":
            entries = _cut(_tangent(run, target), asked)
        else:
            entries = _of_adjoint(run, target, asked)
    entries = run.backend.xp.asarray(entries, dtype=run.dtype)
    return Window(what, node, edge, shape, tuple((r.start, r.stop, r.step) for r in asked), entries)


def _check_what(program: Program, what: Kind, node: str | None, edge: EdgeRef | None) -> None:
    if what not in KINDS:
        choices = ", ".join(KINDS)
        raise OptionError("option.invalid", option="what", value=repr(what), choices=choices)
    if (what == "jacobian") != (edge is not None) or (node is None) == (edge is None):
        needed = "edge alone" if what == "jacobian" else "node alone"
        raise OptionError("option.invalid", option=what, value="so named", choices=needed)
    mode = {"adjoint": "reverse", "tangent": "forward"}.get(what, program.mode)
    if mode != program.mode:
        raise OptionError("option.invalid", option="mode", value=program.mode, choices=mode)


def _node(view: Graph, name: str) -> int:
    if name not in view.id_of:
        nodes = ", ".join(view.id_of)
        raise OptionError("option.node", option="node", name=name, nodes=nodes)
    return view.id_of[name]


def _edge(view: Graph, wanted: EdgeRef) -> Edge:
    if wanted.to in view.id_of:
        for edge in view.edges_into(view[view.id_of[wanted.to]]):
            if edge.slot == wanted.slot and view[edge.source].name == wanted.source:
                return edge
    raise OptionError("option.edge", name=wanted.source, to=wanted.to, slot=wanted.slot)


def _shape(program: Program, node: int) -> Shape:
    return program.shapes.shape_of[program.run.view[node].members[-1]]


def _ranges(ranges: Sequence[Sequence[int] | None] | None, shape: Shape, most: int) -> Ranges:
    given = list(ranges or ())
    if len(given) > len(shape):
        axis = len(shape)
        raise OptionError("option.range", given=str(given[axis]), axis=axis, shape=str(shape))
    given += [None] * (len(shape) - len(given))
    asked = tuple(_range(axis, each, shape) for axis, each in enumerate(given))
    count = prod(len(each) for each in asked)
    if count > most:
        raise LimitError(
            "limit.exceeded", asked=count, unit="entries", limit="a window", allowed=most
        )
    return asked


def _range(axis: int, given: Sequence[int] | None, shape: Shape) -> range:
    if given is None:
        return range(shape[axis])
    start, stop, step = (*given, 1)[:3] if len(given) in (2, 3) else (-1, 0, 0)
    if not (0 <= start <= stop <= shape[axis] and 1 <= step < 2**31):
        raise OptionError("option.range", given=str(list(given)), axis=axis, shape=str(shape))
    return range(start, stop, step)


def _cut(array: Array, ranges: Ranges) -> Array:
    return array[tuple(slice(r.start, r.stop, r.step) for r in ranges)]


def _before(graph: Graph, wanted: set[int]) -> set[int]:
    """Add all that these nodes are computed from."""
    needed = set(wanted)
    for node in reversed(graph.nodes):
        if node.id in needed:
            needed.update(node.inputs)
    return needed


def _values(run: Run, view: Graph, *wanted: int) -> dict[int, Array]:
    """The values, by elementary id, of some nodes of the view and of all before them."""
    members = {member for node in wanted for member in view[node].members}
    needed = _before(run.fine, members)
    value_of = {i: run.backend.xp.asarray(run.given[i]) for i in needed if run.fine[i].is_leaf}
    for node, forward, read in run.steps:
        if node.id in needed:
            try:
                value_of[node.id] = run.backend.xp.asarray(forward(*read(value_of)))
            except Misfit as misfit:
                raise misfit_error(run.fine, node, misfit) from None
    return value_of


def _arriving(run: Run, nodes: set[int], value_of: dict[int, Array]) -> dict[Any, Jacobian]:
    """The local Jacobians of all edges into some nodes of the view, by (node id, slot)."""
    found: dict[Any, Jacobian] = {}
    for arrival in run.arrivals:
        if arrival.node in nodes:
            by_key = jacobians(arrival, value_of)
            found |= {(arrival.node, edge.slot): by_key[key] for key, edge in arrival.edges}
    return found


def _tangent(run: Run, target: int) -> Array:
    """u̇ of one node, from the tangents of the leaves before it."""
    needed = _before(run.view, {target})
    value_of = _values(run, run.view, target)
    jacobian_of = _arriving(run, needed, value_of)
    tangent_of = {leaf: tangent for leaf, tangent in run.tangents.items() if leaf in needed}
    for node in run.view:
        for edge in run.view.edges_into(node) if node.id in needed else ():
            jacobian = jacobian_of[node.id, edge.slot]
            if edge.source in tangent_of and not isinstance(jacobian, Zero):
                term = jacobian.right(tangent_of[edge.source][None])[0]
                known = tangent_of.get(node.id)
                tangent_of[node.id] = term if known is None else known + term
    value = value_of[run.view[target].members[-1]]
    return tangent_of.get(target, run.backend.xp.zeros_like(value))


def _of_adjoint(run: Run, target: int, ranges: Ranges) -> Array:
    """P of one node: the rows asked for are swept back, a few at a time, along its paths alone."""
    view, (rows, columns) = run.view, ranges
    reached = view.reaches(run.output)
    if target not in reached:
        output = view[run.output].name
        raise OptionError("option.reached", name=view[target].name, output=output)
    after = {target}
    for node in view:
        if any(edge.source in after for edge in view.edges_into(node)):
            after.add(node.id)
    path = after & reached
    value_of = _values(run, view, run.output)
    jacobian_of = _arriving(run, path - {target}, value_of)
    width = max(int(np.size(value_of[view[node].members[-1]])) for node in path)
    count = max(_BLOCK // max(width, 1), 1)
    parts = [
        _swept(run, target, path, jacobian_of, rows[first : first + count])[:, _slice(columns)]
        for first in range(0, len(rows), count)
    ]
    xp = run.backend.xp
    return xp.concatenate(parts) if parts else xp.zeros((0, len(columns)), dtype=run.dtype)


def _swept(
    run: Run, target: int, path: set[int], jacobian_of: dict[Any, Jacobian], rows: range
) -> Array:
    """Some rows of P of the target, as a matrix."""
    adjoint_of = {run.output: _seed(run, rows)}
    for node_id in sorted(path - {run.output}, reverse=True):
        total: Array = None
        for edge in reversed(run.view.users[node_id]):
            if edge.to in path:
                term = jacobian_of[edge.to, edge.slot].left(adjoint_of[edge.to])
                total = term if total is None else total + term
        adjoint_of[node_id] = total
    return adjoint_of[target].reshape(len(rows), -1)


def _seed(run: Run, rows: range) -> Array:
    """Some rows of P_n."""
    if run.weights is not None:
        return run.weights[None]
    xp = run.backend.xp
    seed = xp.zeros((len(rows), run.rows), dtype=run.dtype)
    seed[xp.arange(len(rows)), xp.asarray(list(rows), dtype=np.int64)] = 1
    return seed.reshape(len(rows), *run.output_shape)


def _slice(r: range) -> slice:
    return slice(r.start, r.stop, r.step)


def _of_jacobian(run: Run, edge: Edge, ranges: Ranges) -> Array:
    value_of = _values(run, run.view, edge.to)
    jacobian = _arriving(run, {edge.to}, value_of)[edge.to, edge.slot]
    rows, columns = ranges
    if not rows or not columns:
        return run.backend.xp.zeros((len(rows), len(columns)), dtype=run.dtype)
    if len(rows) <= len(columns):
        return _lines(jacobian, rows, columns, True)
    return _lines(jacobian, columns, rows, False).T


def _lines(jacobian: Jacobian, along: range, across: range, by_row: bool) -> Array:
    """Entries of a Jacobian, some rows (or columns) at a time; between steps nothing is formed."""
    xp, span = jacobian.xp, (across[0], across[-1] + 1)
    together = max(_BLOCK // max(sum(jacobian.shape), 1), 1) if along.step == 1 else 1
    parts = []
    for first in range(0, len(along), together):
        some = along[first : first + together]
        lines = (some[0], some[-1] + 1)
        found = jacobian.window(lines, span) if by_row else jacobian.window(span, lines).T
        parts.append(found[:, :: across.step])
    return xp.concatenate(parts)
