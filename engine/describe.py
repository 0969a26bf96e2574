"""The graph as the reader sees it: names, formulas, shapes, groups."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import prod

from engine.events import EdgeRecord, GraphEvent, NodeRecord
from engine.formula import numbers_of
from engine.formulas.alike import Formulas, Made
from engine.formulas.jacobian_tex import Symbols
from engine.formulas.typeset import Tex, number, symbol, written_out
from engine.graph import CONST, GROUP, Node, Shape
from engine.groups import group_records
from engine.ops import ATOM
from engine.stretch import stretches
from engine.trace import Run, count_steps

__all__ = ["describe"]

_WRITTEN = 16
"""Entries of a literal that is written out."""


def describe(
    run: Run,
    shape_of: Mapping[int, Shape],
    mode: str,
    granularity: str,
    opened: Collection[str],
    dtype: str,
    digest: str,
) -> GraphEvent:
    """Return the first event of a run. shape_of: by elementary id; opened: names of groups."""
    view, formulas = run.view, Formulas(_symbols(run, shape_of), shape_of)
    formulas_of = {node.id: formulas.of(node) for node in view}
    return GraphEvent(
        seq=0,
        nodes=tuple(_records(run, shape_of, formulas_of, dtype)),
        edges=tuple(_edges(run, shape_of, formulas_of)),
        order=tuple(node.name for node in view),
        groups=group_records(run.fine, None if granularity == "op" else opened),
        output=view[run.output].name,
        m=run.rows or 1,
        mode=mode,
        granularity=granularity,
        dtype=dtype,
        device=run.backend.device,
        steps=count_steps(run),
        digest=digest,
    )


def _symbols(run: Run, shape_of: Mapping[int, Shape]) -> Symbols:
    def literal(i: int) -> Tex:
        if shape_of[i]:
            small = len(shape_of[i]) <= 2 and prod(shape_of[i]) <= _WRITTEN
            shown = written_out(run.given[i].tolist()) if small else None
            return shown or symbol(run.fine[i].name), ATOM
        value = float(run.given[i])
        return number(value), ATOM if value >= 0 else 1

    def rank(i: int) -> int:
        return len(shape_of[i])

    numbers = _numbers(run, shape_of)
    return Symbols(run.fine, run.view, run.rules, literal, rank, numbers)


def _records(
    run: Run, shape_of: Mapping[int, Shape], formulas_of: Mapping[int, Made], dtype: str
) -> Iterator[NodeRecord]:
    reached = {run.output, *(node for node, _ in run.order.steps)}
    names = [node.name for node in run.view]
    for node in run.view:
        shape, inputs = shape_of[node.members[-1]], tuple([names[i - 1] for i in node.inputs])
        yield _record(node, shape, inputs, node.id in reached, dtype, formulas_of[node.id][0])


def _numbers(run: Run, shape_of: Mapping[int, Shape]) -> dict[int, float]:
    """The value of every node that is a mere number."""
    constants = (node.id for node in run.fine if node.op == CONST)
    return numbers_of(run.fine, {i: float(run.given[i]) for i in constants if not shape_of[i]})


def _record(
    node: Node, shape: Shape, inputs: tuple[str, ...], reached: bool, dtype: str, formula: str
) -> NodeRecord:
    return NodeRecord(
        id=node.id,
        name=node.name,
        op=node.op,
        inputs=inputs,
        attrs={} if node.op == GROUP else dict(node.attrs),
        shape=shape,
        dtype=dtype,
        requires_grad=node.requires_grad,
        reached=reached,
        span=node.span,
        source=node.text,
        symbol=formula if node.op == CONST else symbol(node.name),
        formula="" if node.op == CONST else formula,
        note=node.note,
    )


def _edges(
    run: Run, shape_of: Mapping[int, Shape], formulas_of: Mapping[int, Made]
) -> Iterator[EdgeRecord]:
    names, times = [node.name for node in run.view], stretches(run.view, run.fine, shape_of)
    for (source, to, slot), often in zip(run.view.edges, times, strict=True):
        formula = formulas_of[to][1].get(slot, "")
        yield EdgeRecord(names[source - 1], names[to - 1], slot, formula, often)
