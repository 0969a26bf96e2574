"""The reverse sweep over the tape: the latest record first, each once, without recursion.

Records wait in a heap, ordered by their place on the tape, so a record is taken only when all its
users have given their part. Cotangents are plain arrays and numbers, or tensors on the tape when
the sweep itself is to be differentiated (`create_graph`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

import numpy as np

from engine.backend import Array
from engine.eager.additions import Additions, root_of
from engine.eager.apply import Recorder, apply
from engine.eager.hooks import call_hooks, leaf_hooks
from engine.eager.kept import arrays_of, number_of, tensor_of, tensors_of
from engine.eager.modes import RECORDING, Mode
from engine.eager.node import (
    ADD,
    DIV,
    KINDS,
    MUL,
    NEG,
    SUB,
    Applied,
    Arithmetic,
    Custom,
    Edge,
    Node,
)
from engine.eager.plan import Plan, plan_of
from engine.eager.second import independent, named_twice, power
from engine.eager.tensor import FLOAT, Tensor, settle

__all__ = ["parts_of", "sweep", "useful_for"]

Cotangent = Any
"""An array or a float; a Tensor when the sweep is recorded."""


def sweep(
    roots: Sequence[tuple[Edge, Tensor]],
    *,
    keep: bool,
    create: bool,
    useful: set[Edge] | None = None,
    captured: Iterable[Edge] = (),
    owned: set[Edge] | None = None,
) -> dict[Edge, Tensor]:
    """Return the cotangents of the leaves reached, and of the records in `captured`.

    roots: where to begin, with the cotangent there. keep: whether what the records kept stays.
    useful: where cotangents may go; None for everywhere. owned: is filled with the leaves whose
    cotangent is an array that nothing else refers to.
    """
    with Mode(create), roots[0][1].backend.quiet():
        run = _Run(keep, create, useful, frozenset(captured))
        run.owned = set() if owned is None else owned
        for edge, seed in roots:
            run.give(edge, seed if create else seed._data)
            run.additions.root(edge)
        run.drain()
        found = {
            leaf: leaf_hooks(leaf, run.tensor(leaf, value))
            for leaf, value in run.cotangent_of.items()
        }
    return found | run.taken


def useful_for(roots: Iterable[Edge], wanted: Iterable[Edge]) -> set[Edge]:
    """Return the wanted edges and all records on a way to them from the roots."""
    order: list[Edge] = []
    seen: set[Edge] = set()
    stack = [root for root in roots if root is not None]
    while stack:
        edge = stack.pop()
        if edge not in seen:
            seen.add(edge)
            if isinstance(edge, Node):
                order.append(edge)
                stack.extend(e for e in edge.edges if e is not None)
    useful = set(wanted) & seen
    for node in sorted(order, key=lambda node: node.seq, reverse=True):
        if any(edge in useful for edge in node.edges):
            useful.add(node)
    return useful


def parts_of(node: Node, g: Tensor, create: bool) -> list[Tensor | None]:
    """Return the cotangents that one record hands to its edges; on the tape with `create`."""
    parts = _Run(True, create, None, frozenset())._parts(node, g if create else g._data)
    return [p if p is None or isinstance(p, Tensor) else Tensor(p) for p in parts]


class _Run:
    """One sweep: the cotangents so far, and the records that wait."""

    def __init__(
        self, keep: bool, create: bool, useful: set[Edge] | None, captured: frozenset[Edge]
    ) -> None:
        self.keep, self.create, self.useful, self.captured = keep, create, useful, captured
        self.cotangent_of: dict[Edge, Cotangent] = {}
        self.taken: dict[Edge, Tensor] = {}
        self.heap: list[tuple[int, Node]] = []
        self.owned: set[Edge] = set()
        self.additions = Additions()

    def tensor(self, edge: Edge, value: Cotangent) -> Tensor:
        """Return a finished cotangent as a tensor."""
        made = value if self.create else Tensor(value)
        if not self.create:
            made._counter = self.additions.counter(edge)
        return made

    def give(self, edge: Edge, part: Cotangent) -> None:
        """Add a part of the cotangent of an edge."""
        if edge is None or (self.useful is not None and edge not in self.useful):
            return
        if edge in self.cotangent_of:
            total = self.cotangent_of[edge] + part
            whole = isinstance(total, np.generic) and not isinstance(total, float)
            self.cotangent_of[edge] = np.asarray(total) if whole else total
            return
        self.cotangent_of[edge] = part
        if type(edge) is not Tensor:
            heappush(self.heap, (edge.seq, edge))

    def drain(self) -> None:
        """Walk back until no record waits. Numbers are pulled through here, without a call."""
        heap, cotangent_of = self.heap, self.cotangent_of
        plain = not self.create and self.useful is None and RECORDING.watch is None
        keep = self.keep
        while heap:
            node = heappop(heap)[1]
            g = cotangent_of.pop(node)
            if type(node) is not Arithmetic or node.hooks is not None or not plain:
                self._step(node, g)
                continue
            left, right = pull_numbers(node, g)
            edge = node.left
            if edge in cotangent_of:
                cotangent_of[edge] += left
            elif edge is not None:
                cotangent_of[edge] = left
                if type(edge) is not Tensor:
                    heappush(heap, (edge.seq, edge))
            edge = node.right
            if edge in cotangent_of:
                cotangent_of[edge] += right
            elif edge is not None:
                cotangent_of[edge] = right
                if type(edge) is not Tensor:
                    heappush(heap, (edge.seq, edge))
            if not (keep or node.a is node.b is None):
                node.release()

    def _step(self, node: Node, g: Cotangent) -> None:
        if node.hooks is not None:
            g = call_hooks(node.hooks, g, self.create)
        if node in self.captured:
            self.taken[node] = self.tensor(node, g)
        if self.useful is not None and not any(edge in self.useful for edge in node.edges):
            return
        parts = self._parts(node, g)
        if RECORDING.watch is not None:
            RECORDING.watch(node, g, parts)
            if not self.create:
                self.additions.note(node.edges, g, parts)
        for edge, part in zip(node.edges, parts, strict=True):
            if part is not None:
                self.give(edge, part)
        if not self.keep:
            node.release()

    def _wanted(self, edge: Edge) -> bool:
        return edge is not None and (self.useful is None or edge in self.useful)

    def _parts(self, node: Node, g: Cotangent) -> Sequence[Cotangent | None]:
        if isinstance(node, Custom):
            parts = node.pulled(g if self.create else Tensor(g))
            return parts if self.create else [p if p is None else p._data for p in parts]
        if isinstance(node, Arithmetic):
            if self.create:
                return self._recorded_arithmetic(node, g)
            return pull_numbers(node, g)[: len(node.edges)]
        assert isinstance(node, Applied)
        return self._recorded(node, g) if self.create else self._pulled(node, g)

    def _pulled(self, node: Applied, g: Array) -> Sequence[Cotangent | None]:
        plan, parts = node.plan, []
        inputs, out = arrays_of(node)
        array = np.asarray(g) if type(g) is float else g
        others = (out, *inputs) if self._hands_on(node) else (array, out, *inputs)
        for slot, edge in enumerate(node.inputs):
            part = None
            if self._wanted(edge):
                part = settle(plan.pull(slot)(array, inputs, out), plan.backend)
                if is_fresh(part, others):
                    self.owned.add(edge)
            parts.append(part)
        return parts

    def _hands_on(self, node: Applied) -> bool:
        """Whether the memory of the cotangent is nobody's else, and free for the only input."""
        alone = node in self.owned and len(node.inputs) == 1
        return alone and node.hooks is None and node not in self.captured

    def _recorded(self, node: Applied, g: Tensor) -> Sequence[Tensor | None]:
        inputs, out = tensors_of(node)
        if node.plan.recomputes:
            out = _recomputed(node.plan, inputs)
        return self._replayed(node, node.plan, inputs, out, g)

    def _recorded_arithmetic(self, node: Arithmetic, g: Tensor) -> Sequence[Tensor | None]:
        count = len(node.edges)
        name = KINDS[node.kind]
        plan = plan_of(name, (), ((),) * count, (FLOAT,) * count, "cpu")
        inputs = [_operand(each, node, g) for each in (node.a, node.b)][:count]
        out = _recomputed(plan, inputs) if node.kind == DIV else None
        return self._replayed(node, plan, inputs, out, g)

    def _replayed(
        self, node: Node, plan: Plan, inputs: Sequence[Any], out: Tensor | None, g: Tensor
    ) -> list[Tensor | None]:
        """The vjps as ops on tensors, for the edges that are wanted."""
        parts: list[Tensor | None] = []
        inputs, out = independent(plan, inputs, out)
        known = [each._node for each in (g, out, *inputs) if each is not None]
        for slot, edge in enumerate(node.edges):
            part = None
            if self._wanted(edge):
                part = power(plan, node.name(), slot, inputs, g)
                part = Recorder(g).pull(plan, slot, inputs, out, g) if part is None else part
                part = _fitted(part, plan.shapes[slot], plan.dtypes[slot], g)
                named_twice(part, plan, node.name(), slot, known)
            parts.append(part)
        return parts


def is_fresh(part: Any, others: Sequence[Any]) -> bool:
    """Whether a large array is in memory of its own, so that it need not be copied to be kept."""
    if type(part) is not np.ndarray or part.size < _LARGE or not part.flags.writeable:
        return False
    root = root_of(part)
    return all(each is None or root_of(each) is not root for each in others)


_LARGE = 4096
"""Entries below which a copy costs less than knowing whether it is needed."""


def _recomputed(plan: Plan, inputs: Sequence[Tensor | None]) -> Tensor | None:
    """The value of the op once more, unless its inputs were not kept, as the rule needs none."""
    known = [each for each in inputs if each is not None]
    return apply(plan.op, known, plan.attrs) if len(known) == len(inputs) else None


def _operand(kept: Any, node: Arithmetic, g: Tensor) -> Tensor | None:
    if type(kept) is float:
        return Recorder(g).const(kept)
    return None if kept is None else tensor_of(kept, node)


def _fitted(part: Tensor | None, shape: tuple[int, ...], dtype: Any, g: Tensor) -> Tensor:
    """Zero where the rule says nothing flows; else in the precision of the argument."""
    if part is None:
        return Tensor(settle(g.backend.xp.zeros(shape, dtype=dtype), g.backend))
    return part if part.dtype == dtype else part.to(dtype)


def pull_numbers(node: Arithmetic, g: float) -> tuple[float | None, float | None]:
    """Return the cotangents of the operands of + - * / and negation on numbers."""
    kind = node.kind
    if kind == ADD:
        return g, g
    if kind == MUL:
        a, b = node.a, node.b
        left = right = None
        if node.left is not None:
            left = g * (b if type(b) is float else number_of(b, node))
        if node.right is not None:
            right = g * (a if type(a) is float else number_of(a, node))
        return left, right
    if kind == SUB:
        return g, -g
    if kind == NEG:
        return -g, None
    b = node.b if type(node.b) is float else number_of(node.b, node)
    if node.right is None:
        return g / b, None
    a = node.a if type(node.a) is float else number_of(node.a, node)
    return g / b, -g * (a / b / b)
