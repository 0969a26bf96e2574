"""Gathers nodes in the order they are written and hands them over in the order the theory wants:
leaves first."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import LimitError, SourceError, Span
from engine.graph import CONST, LEAF, Attributes, Definition, Graph, Group, Node
from engine.language.arrange import arranged, pruned
from engine.language.fold import Allowance, folded, is_closed
from engine.language.frames import NONE, Frame, Mark, Open
from engine.language.known import Known
from engine.ops import OPS, Op

__all__ = ["Builder"]

Value = npt.NDArray[np.float64]

_NO_ATTRIBUTES: Attributes = MappingProxyType({})
_LOOKED_AT = 2**16
"""Entries of a leaf that may be infinite or NaN: a mask is no larger."""

_LONGEST_PREFIX = 300
"""Of a name inside blocks inside blocks: beyond it, it begins anew."""

_OPERANDS = 1000
"""Of one op: each has a derivative that looks at the shapes of all."""


class Builder:
    """Collects the nodes of one program. names: name as written → provisional id of its latest
    node. most: how many nodes of `limit` there may be, behind which nothing is read. nonfinite:
    whether values may hold NaN, and infinities where they are no mask."""

    def __init__(self, most: int | None = None, nonfinite: bool = False) -> None:
        self.names: dict[str, Any] = {}
        self.most, self.limit, self.nonfinite = most, "a graph", nonfinite
        self.blocks: dict[str, Definition] = {}
        self.output: str | None = None
        self._nodes: list[Node] = []
        self._values: dict[int, Value] = {}
        self._groups: dict[str, Group] = {}
        self._places: dict[int, tuple[Span | None, str]] = {}
        self._bound: dict[str, int] = {}
        self._now = NONE
        self._outer: tuple[str, ...] = ()
        self._prefix = ""
        self.allowance = Allowance()
        self.known = Known(self._nodes, self._values)

    @staticmethod
    def resume(graph: Graph, values: dict[int, Value]) -> Builder:
        """Return a builder that appends to a finished graph; ids stay until `finish`."""
        builder = Builder(nonfinite=True)
        builder.names = dict(graph.id_of)
        builder._nodes.extend(graph.nodes)
        builder._values.update(values)
        builder._groups.update(graph.groups)
        builder.blocks.update(graph.blocks)
        builder._bound.update(dict.fromkeys(graph.id_of, 1))
        return builder

    def begin(
        self, name: str, span: Span | None, text: str, note: str = "", label: str = ""
    ) -> None:
        """Start the statement that binds `name`; a name bound again makes a new node, `name@2`.
        label: what the node is called instead, such as `dy/dx`."""
        full = self._unique(self._prefix + (label or name))
        path = (*self._outer, full)
        first, groups = len(self._nodes), len(self._groups)
        self._now = Open(full, name, path, span, text, note, first, groups)

    def _unique(self, name: str) -> str:
        count = self._bound[name] = self._bound.get(name, 0) + 1
        return name if count == 1 else f"{name}@{count}"

    def leaf(self, value: Value, requires_grad: bool | None = None) -> None:
        """Bind the statement's name to a given value. requires_grad: unless it says so, an infinite
        one is not differentiated. Raises SourceError for NaN."""
        now = self._now
        self._check(value, now.span, now.text)
        if requires_grad is None:
            requires_grad = bool(np.isfinite(value.flat[:_LOOKED_AT]).all())
        fixed = (_NO_ATTRIBUTES, requires_grad, now.span, now.text, (), now.note)
        node = self._add(LEAF, now.name, (), *fixed)
        self._values[node] = value
        self.names[now.written] = node

    def const(self, value: Value, span: Span | None, text: str, *, leaf: bool = False) -> int:
        """Add a literal written inside an expression. leaf: whether it is differentiated. Raises
        SourceError for NaN."""
        self._check(value, span, text)
        node = self._add(LEAF if leaf else CONST, "", (), _NO_ATTRIBUTES, leaf, span, text)
        self._values[node] = value
        return node

    def _check(self, value: Value, span: Span | None, text: str) -> None:
        seen = value.flat[:_LOOKED_AT] if value.shape else value
        if not self.nonfinite and (seen != seen).any():
            raise SourceError("literal.number", span, text=text)

    def op(
        self,
        op: Op,
        inputs: tuple[int, ...],
        attrs: Attributes,
        span: Span | None,
        text: str,
        last: bool = False,
    ) -> int:
        """Add an op over nodes already there. last: whether it ends the statement, whose value it
        is. Raises LimitError for too many of them."""
        if len(inputs) > _OPERANDS:
            told = {"unit": "operands", "limit": "an op"}
            raise LimitError("limit.exceeded", span, asked=len(inputs), **told, allowed=_OPERANDS)
        nodes, now = self._nodes, self._now
        inert = tuple([op.args.index(name) for name in op.inert]) if op.inert else ()
        free = [i for slot, i in enumerate(inputs) if slot not in inert] if inert else inputs
        grad = True in [nodes[i - 1].requires_grad for i in free]
        frozen = MappingProxyType(dict(attrs)) if attrs else _NO_ATTRIBUTES
        name, note = (now.name, now.note) if last else ("", "")
        node = self._add(op.name, name, inputs, frozen, grad, span, text, inert, note)
        if last:
            self.names[now.written] = node
        return node

    def end(self, node: int, requires_grad: bool | None = None, *, fold: bool = True) -> int:
        """Bind the statement's name to the node of its expression; return its id.

        requires_grad: of the leaf that a statement over numbers alone becomes, unless not to fold.
        """
        now = self._now
        made = self._nodes[now.first :]
        if fold and node > now.first and is_closed(made, now.first):
            value = folded(made, node, self._values, self.allowance, now.span, now.text)
            if value is not None:
                self._take_back(now.first, now.groups)
                self.leaf(value, requires_grad)
                return int(self.names[now.written])
        if node <= now.first:
            node = self.op(OPS["identity"], (node,), {}, now.span, now.text)
        self._rename(node, now.path, now.name, now.span, now.text, now.note)
        if node != len(self._nodes) and now.name not in self._groups:
            self._groups[now.name] = Group(now.path, node)
        self.names[now.written] = node
        return node

    def drop(self) -> None:
        """Forget the statement that was begun: it makes no node."""
        self._bound[self._prefix + self._now.written] -= 1

    def claim(self, node: int, name: str, span: Span, text: str, note: str) -> None:
        """Bind `name` to a node of the statement just ended, one of several values of it."""
        full = self._unique(self._prefix + name)
        self._rename(node, (), full, span, text, note)
        self.names[name] = node

    def _rename(
        self, node: int, path: tuple[str, ...], name: str, span: Span | None, text: str, note: str
    ) -> None:
        """Give a node the name of the statement or call it is the value of; where it stands itself,
        inside a block, is remembered."""
        found = self._nodes[node - 1]
        if found.path != path and node not in self._places:
            self._places[node] = (found.span, found.text)
        self._nodes[node - 1] = found.named(name, span, text, note)

    def several(self) -> None:
        """End a statement that has no value of its own, only those inside it."""
        self.close(0)

    def close(self, node: int) -> None:
        """End a statement without a name of its own. node: its value, or 0 for none."""
        now = self._now
        if self.is_fresh():
            self.drop()
        inside = len(self._nodes) > now.first and (not node or now.first < node)
        if inside and node != len(self._nodes) and now.name not in self._groups:
            self._groups[now.name] = Group(now.path, node)

    def is_fresh(self) -> bool:
        """Return whether the statement has no nodes yet."""
        return len(self._nodes) == self._now.first

    def enter(self, block: str, whole: bool, names: dict[str, Any]) -> Frame:
        """Begin the call of a block over names of its own. whole: whether the call is all of the
        statement, whose group is then the block's."""
        around = self._now
        own = around.name
        if not whole:
            own = f"{own}.{block}" if len(own) < _LONGEST_PREFIX else f"{around.path[0]}.{block}"
            own = self._unique(own)
        path = around.path if whole else (*around.path, own)
        frame = Frame(around, self._outer, self._prefix, self.names, path, len(self._nodes))
        self._outer, self._prefix, self.names = path, f"{own}.", names
        return frame

    def leave(
        self,
        frame: Frame,
        value: int | tuple[int, ...],
        block: str,
        arguments: tuple[tuple[str, Any], ...],
        place: tuple[Span | None, str],
    ) -> None:
        """End the call of a block. value: the node it returns, or several."""
        self._now, self._outer, self._prefix = frame.around, frame.outer, frame.prefix
        self.names = frame.names
        values, value = (value, 0) if isinstance(value, tuple) else ((), value)
        own, made = frame.path[-1], len(self._nodes) > frame.first
        if not made and frame.path != frame.around.path:
            self._give_back(own)
        if not made or 0 < value <= frame.first:
            return
        if value and frame.path != frame.around.path:
            self._rename(value, frame.path, own, *place, "")
        self._groups[own] = Group(frame.path, value, block, arguments, values)

    def _give_back(self, own: str) -> None:
        """Let the next call have the name of one that made nothing."""
        outer, _, inner = own.rpartition(".")
        self._bound[f"{outer}.{inner.partition('@')[0]}"] -= 1

    def mark(self) -> Mark:
        """Return what `cancel` needs to come back to this point."""
        state = (self._now, self._outer, self._prefix, self.names)
        return state, len(self._nodes), len(self._groups)

    def cancel(self, mark: Mark) -> None:
        """Take back all that was built since `mark`."""
        (self._now, self._outer, self._prefix, self.names), *first_group = mark
        self._take_back(*first_group)

    def _take_back(self, first: int, groups: int) -> None:
        for node in self._nodes[first:]:
            self._values.pop(node.id, None)
            self._places.pop(node.id, None)
        del self._nodes[first:]
        for name in list(self._groups)[groups:]:
            del self._groups[name]
        self.known.forget(first)

    def count(self) -> int:
        """Return how many nodes there are."""
        return len(self._nodes)

    def name(self, node: int) -> str:
        """Return the name of a node by its provisional id."""
        return self._nodes[node - 1].name

    def differentiate(self, node: int, requires_grad: bool) -> bool:
        """Say whether a leaf is differentiated; False where it is none, or is used already."""
        found = self._nodes[node - 1]
        if found.op != LEAF or any(node in each.inputs for each in self._nodes[node:]):
            return False
        self._nodes[node - 1] = replace(found, requires_grad=requires_grad)
        return True

    def _add(
        self,
        op: str,
        name: str,
        inputs: tuple[int, ...],
        attrs: Attributes,
        grad: bool,
        span: Span | None,
        text: str,
        inert: tuple[int, ...] = (),
        note: str = "",
    ) -> int:
        node_id = len(self._nodes) + 1
        if self.most is not None and node_id > self.most:
            told = {"unit": "nodes", "limit": self.limit}
            raise LimitError("limit.exceeded", None, asked=node_id, **told, allowed=self.most)
        now = self._now
        name = name or f"{now.name}.{node_id - now.first}"
        fixed = (grad, span, now.path, text, note, inert, (node_id,))
        self._nodes.append(Node(node_id, name, op, inputs, attrs, *fixed))
        return node_id

    def finish(self) -> tuple[Graph, dict[int, Value]]:
        """Return the graph and the given values by id. What only sized something leaves no node."""
        used = self.known.used
        spared = {node.id for node in self._nodes if node.name == self.output}
        dropped = pruned(self._nodes, used, spared) if used else set()
        number = {node: self.known.told(node) for node in dropped & used}
        graph, new_id = arranged(self._nodes, self._groups, self.blocks, dropped, number.get)
        places = {new_id[i]: place for i, place in self._places.items() if i in new_id}
        values = {new_id[i]: value for i, value in self._values.items() if i in new_id}
        return replace(graph, places=places), values

    def named(self, nodes: set[int]) -> frozenset[str]:
        """Return the names of nodes by their provisional ids."""
        return frozenset(self._nodes[i - 1].name for i in nodes)
