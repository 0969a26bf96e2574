"""Trace events: one frozen dataclass each. They are the computation as it happens, not a log
beside it.

`docs/wire.md` says what each one means on the wire, and in which order they come. Arrays are the
backend's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.backend import Array
from engine.errors import Span
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


@dataclass(frozen=True, slots=True)
class EdgeRef:
    """An edge, by the names of its nodes and the argument position. `source` is called `from` on
    the wire."""

    source: str
    to: str
    slot: int


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class EdgeRecord:
    """An edge and its local Jacobian in symbols (TeX)."""

    source: str
    to: str
    slot: int
    formula: str


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A node inside a group, or a group inside it, whose op is "group"."""

    name: str
    op: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ValueEvent:
    """A node has its value u_i, in its own shape."""

    seq: int
    node: str
    value: Array
    kind: Literal["value"] = "value"


@dataclass(frozen=True, slots=True)
class JacobianEvent:
    """An edge has its local Jacobian."""

    seq: int
    edge: EdgeRef
    jacobian: Jacobian
    kink: bool = False
    kind: Literal["jacobian"] = "jacobian"


@dataclass(frozen=True, slots=True)
class SeedEvent:
    """The output's P_n is set: the identity, or the weight vector; shape (m, d)."""

    seq: int
    node: str
    value: Array
    kind: Literal["seed"] = "seed"


@dataclass(frozen=True, slots=True)
class TermEvent:
    """One product P_k J arrives at `node` along `via`; shape (m, d_i)."""

    seq: int
    node: str
    via: EdgeRef
    value: Array
    kind: Literal["term"] = "term"


@dataclass(frozen=True, slots=True)
class AccumulateEvent:
    """The running sum at `node`; `missing` terms are still to come; shape (m, d_i)."""

    seq: int
    node: str
    value: Array
    missing: int
    kind: Literal["accumulate"] = "accumulate"


@dataclass(frozen=True, slots=True)
class AdjointEvent:
    """P_i is final; shape (m, d_i)."""

    seq: int
    node: str
    value: Array
    kind: Literal["adjoint"] = "adjoint"


@dataclass(frozen=True, slots=True)
class TangentEvent:
    """A node has its tangent, in its own shape (forward mode)."""

    seq: int
    node: str
    value: Array
    kind: Literal["tangent"] = "tangent"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
