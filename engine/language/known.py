"""What is known of nodes while a program is still being read: the numbers that sizes and conditions
may be made of, and shapes. What was asked for is remembered, as the graph depends on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.graph import CONST, LEAF, Attribute, Graph, Node, Shape
from engine.language.scope import Facts
from engine.language.sketch import Sketch
from engine.misfit import misfit_error
from engine.ops import OPS, Misfit
from engine.shapes import op_shape

__all__ = ["Known", "Shapes"]

_ARITHMETIC = {
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "pow",
    "floor_divide",
    "remainder",
    "identity",
    "getitem",
    "size",
    "maximum",
    "minimum",
    "abs",
    "floor",
    "ceil",
    "sqrt",
}
_LISTED = 4096
"""Entries of a leaf that may be a list of indices."""

_NESTED = 8
"""Entries of entries of a leaf that are looked at to find one number."""

_MOST = 64
"""Nodes that are looked at to find one number."""


@dataclass(slots=True)
class Known:
    """nodes, values: the builder's own, by provisional id. tuples: leaves written as `(3, 4)`.
    used: the nodes whose number was asked for; shaped: the leaves whose shape was; listed: leaves
    that are written as a list, without `np.array`; whole: those that are written as `3`. changed:
    by each node that has other entries in places of a tensor, that tensor; copies: nodes that share
    no numbers with others; swept: whether the program has differentiated already; truths: leaves
    of true and false; lowest: how many nodes there were at least since it was set; sketch: of
    random numbers that are not drawn yet."""

    nodes: list[Node]
    values: dict[int, npt.NDArray[np.float64]]
    tuples: dict[int, Attribute] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    shaped: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)
    changed: dict[int, int] = field(default_factory=dict)
    copies: set[int] = field(default_factory=set)
    truths: set[int] = field(default_factory=set)
    swept: bool = False
    lowest: int = 0
    sketch: Sketch | None = None
    _shape_of: dict[int, Shape] = field(default_factory=dict)

    def constant(self, node: int) -> Attribute:
        """Return the number that a node is sure to be, as an int where it is whole; a tuple of
        numbers for a leaf written as one; else Ellipsis."""
        if node in self.tuples:
            self.used.add(node)
            return self.tuples[node]
        order = self._leading_to(node)
        value_of: dict[int, Any] = {}
        for i in order:
            value = self._number(self.nodes[i - 1], value_of)
            if value is None:
                return ...
            value_of[i] = value
        if not order:
            return ...
        self.used.update(order)
        value = float(value_of[node])
        return int(value) if value.is_integer() and abs(value) < 2**53 else value

    def told(self, node: int) -> Attribute:
        """Return the number of a node, or the numbers of a leaf, as nested tuples."""
        value = self.constant(node)
        given = self._given(node)
        return _tuples(given.tolist()) if value is ... and given is not None else value

    def _given(self, node: int) -> Any:
        """Return the value of a leaf, which something is made by; None for what has none."""
        value = self.values.get(node)
        if self.sketch is not None:
            self.sketch.hear(value)
        return value

    def _leading_to(self, node: int) -> list[int]:
        """Return the nodes a number is computed from, in order; none where they are too many or do
        what no number needs."""
        found: set[int] = set()
        pending = [node]
        while pending:
            each = self.nodes[pending.pop() - 1]
            if each.id in found:
                continue
            if len(found) == _MOST or (not each.is_leaf and each.op not in _ARITHMETIC):
                return []
            found.add(each.id)
            if each.op == "getitem":
                if (source := self._source(each)) is None:
                    return []
                self.used.add(source)
            elif each.op != "size":
                pending.extend(each.inputs)
        return sorted(found)

    def _source(self, node: Node) -> int | None:
        """Return the leaf that a node takes entries of, or None."""
        for _ in range(_NESTED):
            if node.op == "getitem":
                node = self.nodes[node.inputs[0] - 1]
        listed = node.op == LEAF and self.values[node.id].size <= _LISTED
        return node.id if listed else None

    def _entry(self, node: Node) -> npt.NDArray[np.float64]:
        """Return the entries that a node takes of a leaf."""
        if node.op == LEAF:
            return np.asarray(self._given(node.id))
        try:
            taken = self._entry(self.nodes[node.inputs[0] - 1])
            return np.asarray(OPS["getitem"].forward(np, taken, **node.attrs))
        except (IndexError, Misfit):
            return np.zeros(0)

    def _number(self, node: Node, value_of: dict[int, Any]) -> float | None:
        if node.op in (LEAF, CONST):
            value = self._given(node.id)
        elif node.op == "getitem":
            value = self._entry(node)
        elif node.op == "size":
            value = np.asarray(self.shape(node.inputs[0])[node.attrs.get("dim", 0)])
        else:
            with np.errstate(all="ignore"):
                given = [value_of[i] for i in node.inputs]
                value = np.asarray(OPS[node.op].forward(np, *given, **node.attrs))
        number = float(value) if value.shape == () else None
        return number if number is not None and isfinite(number) else None

    def op(self, node: int) -> str:
        """Return the op of a node; a leaf that holds true or false is `x != 0`."""
        return "not_equal" if node in self.truths else self.nodes[node - 1].op

    @property
    def wholes(self) -> Facts:
        """The same, but with the numbers that are made of whole numbers alone."""
        return _Wholes(self)

    def count(self, node: int) -> Attribute:
        """Return the number of a node that is made of whole numbers alone, or Ellipsis."""
        leaves = (i for i in self._leading_to(node) if self.nodes[i - 1].op == LEAF)
        return self.constant(node) if self.whole.issuperset(leaves) else ...

    def shares(self, node: int, views: set[str]) -> int | None:
        """Return the node whose numbers a node shares, where Python would change both."""
        if node in self.changed:
            return self.changed[node]
        made = self.nodes[node - 1]
        index = made.attrs.get("index", ())
        picked = any(isinstance(each, tuple) and each[:1] == ("list",) for each in index)
        own = made.op not in views or node in self.copies or picked
        return None if own else made.inputs[0]

    def is_listed(self, node: int) -> bool:
        """Whether a leaf is written as a list."""
        return node in self.listed

    def entries(self, node: int) -> tuple[int, ...] | None:
        """Return the whole numbers of a leaf that is a short list of them, or None."""
        value = self._given(node)
        if value is None or value.ndim != 1 or value.size > _LISTED:
            return None
        if not (np.isfinite(value).all() and (value == np.round(value)).all()):
            return None
        self.used.add(node)
        return tuple(int(each) for each in value)

    def shape(self, node: int) -> Shape:
        """Return the shape of a node. Raises ShapeError where an op on the way does not fit."""
        pending = [node]
        while pending:
            each = self.nodes[pending[-1] - 1]
            missing = [i for i in each.inputs if i not in self._shape_of]
            if missing:
                pending.extend(missing)
                continue
            self._shape_of[each.id] = self._own_shape(each)
            pending.pop()
        return self._shape_of[node]

    def _own_shape(self, node: Node) -> Shape:
        if node.is_leaf:
            if node.op == LEAF:
                self.shaped.add(node.id)
            return self.values[node.id].shape
        try:
            return op_shape(OPS[node.op], [self._shape_of[i] for i in node.inputs], node.attrs)
        except Misfit as misfit:
            raise misfit_error(Graph(tuple(self.nodes)), node, misfit) from None

    def forget(self, first: int) -> None:
        """Forget what is known of nodes behind `first`, which are taken back."""
        self.lowest = min(self.lowest, first)
        for known in (self._shape_of, self.tuples, self.changed):
            for node in [each for each in known if each > first]:
                del known[node]
        for seen in (self.used, self.listed, self.whole, self.truths):
            seen.difference_update([each for each in seen if each > first])


def _tuples(value: Any) -> Attribute:
    """Axes are bounded, so this may recurse; a whole number is written as one."""
    if isinstance(value, list):
        return tuple(_tuples(each) for each in value)
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


@dataclass(frozen=True, slots=True)
class Shapes:
    """What is known where a node must stay one: its shape, but not its number."""

    facts: Facts

    def constant(self, node: int) -> Attribute:
        return ...

    def shape(self, node: int) -> Shape:
        return self.facts.shape(node)

    def op(self, node: int) -> str:
        return self.facts.op(node)

    def entries(self, node: int) -> None:
        return None

    def is_listed(self, node: int) -> bool:
        return self.facts.is_listed(node)

    @property
    def wholes(self) -> Facts:
        return self.facts.wholes


@dataclass(frozen=True, slots=True)
class _Wholes:
    """What is known where a number counts something, as in `[0.0] * n`."""

    facts: Known

    def constant(self, node: int) -> Attribute:
        return self.facts.count(node)

    def shape(self, node: int) -> Shape:
        return self.facts.shape(node)

    def op(self, node: int) -> str:
        return self.facts.op(node)

    def entries(self, node: int) -> tuple[int, ...] | None:
        return self.facts.entries(node)

    def is_listed(self, node: int) -> bool:
        return self.facts.is_listed(node)

    @property
    def wholes(self) -> Facts:
        return self
