"""The computation graph: frozen records in topological order.

    Graph ::= Node*            leaves first, then computed nodes, each after all its inputs
    Node  ::= leaf             a value is given from outside
            | const            a literal written inside an expression; never differentiated
            | op(inputs…)      an op of the registry
            | group(inputs…)   several nodes of a finer graph seen as one (`contract`)

No node knows its value, its adjoint or its place on a screen: those live in maps keyed by `id`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from engine.errors import Span
from engine.frozen import frozen

__all__ = [
    "CONST",
    "GROUP",
    "LEAF",
    "Attribute",
    "Attributes",
    "Definition",
    "Edge",
    "Graph",
    "Group",
    "Node",
    "Ref",
    "Shape",
]

LEAF, CONST, GROUP = "leaf", "const", "group"

Shape = tuple[int, ...]
Attribute = Any
"""A number, a boolean, a string, None, or a tuple of these."""

Attributes = Mapping[str, Attribute]

_NO_ATTRIBUTES: Attributes = MappingProxyType({})


@frozen
class Node:
    """One node u_i.

    id: the index i, from 1. inputs: ids, in argument order. path: the names of the groups it is
    in, from the statement of the program down to the statement that made it. note: the comment at
    the statement it is the value of. inert: slots nothing is differentiated by. members: the ids in
    the finer graph, in topological order but a group's value last; an elementary node is its own.
    """

    id: int
    name: str
    op: str
    inputs: tuple[int, ...] = ()
    attrs: Attributes = field(default_factory=lambda: _NO_ATTRIBUTES)
    requires_grad: bool = True
    span: Span | None = None
    path: tuple[str, ...] = ()
    text: str = ""
    note: str = ""
    inert: tuple[int, ...] = ()
    members: tuple[int, ...] = ()

    @property
    def statement(self) -> str:
        """The name of the statement of the program that made it."""
        return self.path[0] if self.path else ""

    @property
    def is_leaf(self) -> bool:
        """Whether the value is given rather than computed."""
        return self.op in (LEAF, CONST)

    def at(
        self,
        place: int,
        inputs: tuple[int, ...],
        op: str,
        inert: tuple[int, ...],
        members: tuple[int, ...],
    ) -> Node:
        """Return the node under another id; `replace`, but in a fraction of the time."""
        fixed = (self.requires_grad, self.span, self.path, self.text, self.note)
        return Node(place, self.name, op, inputs, self.attrs, *fixed, inert, members)

    def named(self, name: str, span: Span | None, text: str, note: str = "") -> Node:
        """Return the node under another name, written elsewhere."""
        fixed = (self.id, name, self.op, self.inputs, self.attrs, self.requires_grad, span)
        return Node(*fixed, self.path, text, note or self.note, self.inert, self.members)


class Edge(NamedTuple):
    """The edge from node `source` to node `to`, as argument number `slot` of `to`; nodes by id."""

    source: int
    to: int
    slot: int


@dataclass(frozen=True, slots=True)
class Ref:
    """A node given as an argument, by id."""

    node: int


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that may be seen as one: those with `path` before or at the end of their own.

    value: the id of the node whose value the group has; 0 where it has several and stays open.
    block: what was called, "" for a statement. arguments: by parameter, each a Ref, a number,
    string, boolean or None, or a tuple of these; a dictionary is a tuple of pairs. values: of a
    call that returns several, their nodes in order.
    """

    path: tuple[str, ...]
    value: int
    block: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()
    values: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The name, unique among the groups."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Definition:
    """A block that the program defines: its parameters, with Python's `/` and `*` among them where
    it has these, and its text, laid out anew."""

    name: str
    parameters: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Graph:
    """Nodes in topological order; `nodes[i - 1]` has id i. groups: every call of a block, and the
    statements whose value is not their last node, by name; any other element of a path is a
    statement that ends with its value. blocks: what the program defines, by name. places: where
    the value of a call stands itself, by id."""

    nodes: tuple[Node, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)
    blocks: Mapping[str, Definition] = field(default_factory=dict)
    places: Mapping[int, tuple[Span | None, str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, node_id: int) -> Node:
        return self.nodes[node_id - 1]

    @cached_property
    def id_of(self) -> Mapping[str, int]:
        """The id of each node by name."""
        return {node.name: node.id for node in self.nodes}

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges derivatives travel along, sorted by receiving node, then slot."""
        return tuple(edge for edges in self._arriving for edge in edges)

    @cached_property
    def users(self) -> Mapping[int, tuple[Edge, ...]]:
        """The edges that leave each node, users from the first to the last."""
        found: dict[int, list[Edge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.source].append(edge)
        return {node_id: tuple(edges) for node_id, edges in found.items()}

    def edges_into(self, node: Node) -> tuple[Edge, ...]:
        """Return the differentiable edges that arrive at `node`, by slot."""
        return self._arriving[node.id - 1]

    @cached_property
    def _arriving(self) -> tuple[tuple[Edge, ...], ...]:
        differentiable = [False, *(node.requires_grad for node in self.nodes)]
        return tuple(
            tuple(
                [
                    Edge(source, node.id, slot)
                    for slot, source in enumerate(node.inputs)
                    if differentiable[source] and slot not in node.inert
                ]
            )
            for node in self.nodes
        )

    def reaches(self, output: int) -> frozenset[int]:
        """Return the ids of the nodes that have a differentiable path to `output`, itself
        included."""
        reached, arriving = {output}, self._arriving
        for node in range(output, 0, -1):
            if node in reached:
                reached.update([source for source, _, _ in arriving[node - 1]])
        return frozenset(reached)

    def check(self) -> None:
        """Raise ValueError unless ids count from 1, names are unique and inputs come before their
        users."""
        if len(self.id_of) != len(self.nodes):
            raise ValueError("two nodes share a name")
        for position, node in enumerate(self.nodes, start=1):
            if node.id != position:
                raise ValueError(f"node {node.name} has id {node.id} at position {position}")
            if any(not 0 < source < node.id for source in node.inputs):
                raise ValueError(f"an input of {node.name} does not come before it")
