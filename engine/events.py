"""Trace events: one dataclass each. They are the computation as it happens, not a log beside it.

`docs/wire.md` says what each one means on the wire, and in which order they come. Arrays are the
backend's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from engine.backend import Array
from engine.errors import Span
from engine.frozen import frozen
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian

__all__ = [
    "AccumulateEvent",
    "AdjointEvent",
    "EdgeRecord",
    "EdgeRef",
    "Event",
    "FailedEvent",
    "FinishedEvent",
    "GraphEvent",
    "GroupRecord",
    "JacobianEvent",
    "MemberRecord",
    "NodeRecord",
    "SeedEvent",
    "TangentEvent",
    "TermEvent",
    "ValueEvent",
]


@frozen
class EdgeRef:
    """An edge, by the names of its nodes and the argument position. `source` is called `from` on
    the wire."""

    source: str
    to: str
    slot: int


@frozen
class NodeRecord:
    r"""A node as the reader sees it. symbol, formula: TeX, with `\node{name}` for other nodes.

    note: the comment beside or above its statement.
    """

    id: int
    name: str
    op: str
    inputs: tuple[str, ...]
    attrs: Attributes
    shape: Shape
    dtype: str
    requires_grad: bool
    reached: bool
    span: Span | None
    source: str
    symbol: str
    formula: str
    note: str = ""


@frozen
class EdgeRecord:
    """An edge and its local Jacobian in symbols (TeX).

    stretched: how often each entry of the source is used because it is broadcast; 1: it is not.
    """

    source: str
    to: str
    slot: int
    formula: str
    stretched: int = 1


@frozen
class MemberRecord:
    """A node inside a group, or a group inside it, whose op is "group"."""

    name: str
    op: str
    inputs: tuple[str, ...]


@frozen
class GroupRecord:
    """Nodes that may be seen as one. node: the one whose value it has, "" where it has several and
    stays open; parent: the group around it, "" at the top; block: what was called, "" for a
    statement; open: whether its members are shown."""

    name: str
    node: str
    parent: str
    block: str
    open: bool
    members: tuple[MemberRecord, ...]


@frozen
class GraphEvent:
    """The graph about to be evaluated. steps: how many events follow this one."""

    seq: int
    nodes: tuple[NodeRecord, ...]
    edges: tuple[EdgeRecord, ...]
    order: tuple[str, ...]
    groups: tuple[GroupRecord, ...]
    output: str
    m: int
    mode: str
    granularity: str
    dtype: str
    device: str
    steps: int
    digest: str
    kind: Literal["graph"] = "graph"


@frozen
class ValueEvent:
    """A node has its value u_i, in its own shape."""

    seq: int
    node: str
    value: Array
    kind: Literal["value"] = "value"


@frozen
class JacobianEvent:
    """An edge has its local Jacobian."""

    seq: int
    edge: EdgeRef
    jacobian: Jacobian
    kink: bool = False
    kind: Literal["jacobian"] = "jacobian"


@frozen
class SeedEvent:
    """The output's P_n is set: the identity, or the weight vector; shape (m, d)."""

    seq: int
    node: str
    value: Array
    kind: Literal["seed"] = "seed"


@frozen
class TermEvent:
    """One product P_k J arrives at `node` along `via`; shape (m, d_i)."""

    seq: int
    node: str
    via: EdgeRef
    value: Array
    kind: Literal["term"] = "term"


@frozen
class AccumulateEvent:
    """The running sum at `node`; `missing` terms are still to come; shape (m, d_i)."""

    seq: int
    node: str
    value: Array
    missing: int
    kind: Literal["accumulate"] = "accumulate"


@frozen
class AdjointEvent:
    """P_i is final; shape (m, d_i)."""

    seq: int
    node: str
    value: Array
    kind: Literal["adjoint"] = "adjoint"


@frozen
class TangentEvent:
    """A node has its tangent, in its own shape (forward mode)."""

    seq: int
    node: str
    value: Array
    kind: Literal["tangent"] = "tangent"


@frozen
class FinishedEvent:
    """The trace is whole. bytes: held at the peak; seconds: from the first event to this one."""

    seq: int
    events: int
    nodes: int
    edges: int
    flops: int
    bytes: int
    seconds: float
    kind: Literal["finished"] = "finished"


@frozen
class FailedEvent:
    """The trace could not go on. problem: as in RFC 9457."""

    seq: int
    problem: Mapping[str, object] = field(default_factory=dict)
    kind: Literal["failed"] = "failed"


Event = (
    GraphEvent
    | ValueEvent
    | JacobianEvent
    | SeedEvent
    | TermEvent
    | AccumulateEvent
    | AdjointEvent
    | TangentEvent
    | FinishedEvent
    | FailedEvent
)
