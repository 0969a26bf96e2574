"""Gathers nodes in the order they are written and hands them over in the order the theory wants:
leaves first."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import LimitError, SourceError, Span
from engine.graph import CONST, LEAF, Attributes, Graph, Node, Shape
from engine.infer import flops_of, op_shape
from engine.ops import OPS, Misfit, Op

__all__ = ["Builder", "check_name"]

Value = npt.NDArray[np.float64]

_LONGEST_NAME = 256

_OPERANDS = 1000
"""Of one op: each has a derivative that looks at the shapes of all."""

_FOLDED_ENTRIES, _FOLDED_FLOPS = 2**16, 2**24
"""Of one op that is done while the program is read; of all of them, sixteen and two times this."""


def check_name(name: str, span: Span | None) -> None:
    """Raise SourceError for a name so long that every answer that repeats it would be, too."""
    if len(name) > _LONGEST_NAME:
        raise SourceError("name.long", span, name=name, asked=len(name), allowed=_LONGEST_NAME)


@dataclass(slots=True)
class Builder:
    """Collects the nodes of one program. names: name as written → provisional id of its latest
    node. most: how many nodes there may be; a longer program is not read to its end."""

    names: dict[str, int] = field(default_factory=dict)
    _nodes: list[Node] = field(default_factory=list)
    _values: dict[int, Value] = field(default_factory=dict)
    _bound: dict[str, int] = field(default_factory=dict)
    _statement: str = ""
    _written: str = ""
    _span: Span | None = None
    _text: str = ""
    _first: int = 0
    most: int | None = None
    _entries_left: int = 16 * _FOLDED_ENTRIES
    _flops_left: int = 2 * _FOLDED_FLOPS

    @staticmethod
    def resume(graph: Graph, values: dict[int, Value]) -> Builder:
        """Return a builder that appends to a finished graph; ids stay until `finish`."""
        return Builder(dict(graph.id_of), list(graph.nodes), values)

    def begin(self, name: str, span: Span | None, text: str) -> None:
        """Start the statement that binds `name`; a name bound again makes a new node, `name@2`."""
        self._bound[name] = self._bound.get(name, 0) + 1
        self._statement = name if self._bound[name] == 1 else f"{name}@{self._bound[name]}"
        self._written, self._span, self._text, self._first = name, span, text, len(self._nodes)

    def leaf(self, value: Value, requires_grad: bool = True) -> None:
        """Bind the statement's name to a given value."""
        span, text = self._span, self._text
        node = self._add(
            LEAF, name=self._statement, span=span, text=text, requires_grad=requires_grad
        )
        self._values[node] = value
        self.names[self._written] = node

    def const(self, value: Value, span: Span | None, text: str) -> int:
        """Add a literal written inside an expression."""
        node = self._add(CONST, span=span, text=text, requires_grad=False)
        self._values[node] = value
        return node

    def op(
        self,
        op: Op,
        inputs: tuple[int, ...],
        attrs: Attributes,
        span: Span | None,
        text: str,
    ) -> int:
        """Add an op over nodes already there. Raises LimitError for too many of them."""
        if len(inputs) > _OPERANDS:
            raise LimitError(
                "limit.exceeded",
                span,
                asked=len(inputs),
                unit="operands",
                limit="an op",
                allowed=_OPERANDS,
            )
        inert = tuple(op.args.index(name) for name in op.inert)
        requires_grad = any(
            self._nodes[i - 1].requires_grad for slot, i in enumerate(inputs) if slot not in inert
        )
        return self._add(
            op.name,
            inputs=inputs,
            attrs=attrs,
            span=span,
            text=text,
            requires_grad=requires_grad,
            inert=inert,
        )

    def end(self, node: int, requires_grad: bool = True) -> int:
        """Bind the statement's name to the node of its expression; return its id.

        requires_grad: of the leaf that a statement over numbers alone becomes.
        """
        made = self._nodes[self._first :]
        if made and all(n.op == CONST or all(i > self._first for i in n.inputs) for n in made):
            value = self._folded(made)
            if value is not None:
                del self._nodes[self._first :]
                self.leaf(value, requires_grad)
                return self.names[self._written]
        if node <= self._first:
            node = self.op(OPS["identity"], (node,), {}, self._span, self._text)
        last = self._nodes[node - 1].named(self._statement, self._span, self._text)
        self._nodes[node - 1] = last
        self.names[self._written] = node
        return node

    def _folded(self, made: list[Node]) -> Value | None:
        """A statement over literals alone gives a leaf, not a computation.

        None where the ops do not fit or take long: such a statement stays, for `infer` to judge.
        """
        values: dict[int, Value] = {}
        with np.errstate(all="ignore"):
            for node in made:
                inputs = [values[i] for i in node.inputs]
                if node.op == CONST:
                    values[node.id] = self._values[node.id]
                    continue
                try:
                    if not self._affords(node, [value.shape for value in inputs]):
                        return None
                    values[node.id] = np.asarray(OPS[node.op].forward(np, *inputs, **node.attrs))
                except Misfit:
                    return None
        for node in made:
            self._values.pop(node.id, None)
        value = values[made[-1].id]
        if not np.isfinite(value).all():
            raise SourceError("literal.number", self._span, text=self._text)
        return value

    def _affords(self, node: Node, shapes: list[Shape]) -> bool:
        """Whether an op may be done while the program is read, before any limit is checked; takes
        it off what is left. Raises Misfit where it cannot be."""
        op = OPS[node.op]
        shape = op_shape(op, shapes, node.attrs)
        entries, flops = prod(shape), flops_of(op, shapes, shape, node.attrs)
        if entries > min(_FOLDED_ENTRIES, self._entries_left):
            return False
        if flops > min(_FOLDED_FLOPS, self._flops_left):
            return False
        self._entries_left -= entries
        self._flops_left -= flops
        return True

    def _add(self, op: str, *, name: str = "", attrs: Attributes | None = None, **rest: Any) -> int:
        node_id = len(self._nodes) + 1
        if self.most is not None and node_id > self.most:
            asked, allowed = node_id, self.most
            raise LimitError(
                "limit.exceeded", asked=asked, unit="nodes", limit="a graph", allowed=allowed
            )
        name = name or f"{self._statement}.{node_id - self._first}"
        frozen = MappingProxyType(dict(attrs or {}))
        node = Node(node_id, name, op, attrs=frozen, statement=self._statement, **rest)
        self._nodes.append(node)
        return node_id

    def finish(self) -> tuple[Graph, dict[int, Value]]:
        """Return the graph (leaves, then constants, then computed nodes) and the given values by
        id."""
        rank = {LEAF: 0, CONST: 1}
        ordered = sorted(self._nodes, key=lambda node: rank.get(node.op, 2))
        new_id = {node.id: position for position, node in enumerate(ordered, start=1)}
        nodes: list[Node] = []
        for place, node in enumerate(ordered, start=1):
            inputs = tuple([new_id[i] for i in node.inputs])
            same = place == node.id and inputs == node.inputs
            moved = node if same else node.at(place, inputs, node.op, node.inert, node.members)
            nodes.append(moved)
        return Graph(tuple(nodes)), {new_id[i]: value for i, value in self._values.items()}
