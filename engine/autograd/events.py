"""What a snippet does, statement by statement, as events: one frozen class each, one union.

    Run ::= (Pulled* Executed)* (Stopped)? Ended

A step is one statement that ran; `Executed` tells what is different since the step before. `Pulled`
events belong to the statement that follows them: a backward pass inside it, node by node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import Span
from engine.graph import Attributes, Shape

__all__ = [
    "Ended",
    "Event",
    "Executed",
    "NodeState",
    "Pulled",
    "Stopped",
    "Structured",
    "TensorState",
]


@dataclass(frozen=True, slots=True)
class TensorState:
    """A tensor that the snippet has a name for.

    name: the first of `names`. data: nested lists, None where it has too many entries to tell.
    grad: the same for `.grad`; `has_grad` tells None from too many. node: the number of its
    `grad_fn`, or of the `AccumulateGrad` of a leaf; None where nothing is recorded. saved_by: the
    numbers of the nodes that keep it. version: how often it was modified in place.
    """

    name: str
    names: tuple[str, ...]
    data: Any
    shape: Shape
    dtype: str
    device: str
    requires_grad: bool
    is_leaf: bool
    has_grad: bool
    grad: Any
    retains_grad: bool
    grad_fn: str | None
    node: int | None
    version: int
    saved_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NodeState:
    """A step of the recorded graph.

    inputs: for each argument the number of the step it came from, None where nothing flows. state:
    `held` while what it kept is there, `freed` afterwards, `empty` where it never kept anything.
    bytes: the size of what it keeps. variable: the name of the leaf of an `AccumulateGrad`.
    """

    node: int
    name: str
    inputs: tuple[int | None, ...]
    state: Literal["held", "freed", "empty", "leaf"]
    bytes: int
    variable: str | None


@dataclass(frozen=True, slots=True)
class Structured:
    """How a local Jacobian of a shape (d_out, d_in) is held.

    structure: as in the laboratory. stored: how many numbers; nonzero: entries that may differ from
    zero.
    """

    structure: str
    shape: Shape
    stored: int
    nonzero: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """A backward pass took one node: P of its result came in, and a part for each input went out.

    bytes: the size of what it keeps until then. cotangent, parts: nested lists, None where they
    have too many entries. inputs: the numbers of the nodes that the parts go to, None where nothing
    flows. jacobians: of each input, the entries of the local Jacobian, a row for each entry of the
    result; None where they are many or unknown. structures: of each input, how its local Jacobian
    is held; None where it is one number, or unknown.
    """

    step: int
    node: int
    name: str
    bytes: int
    cotangent: Any
    inputs: tuple[int | None, ...]
    parts: tuple[Any, ...]
    jacobians: tuple[Any, ...]
    structures: tuple[Structured | None, ...]
    kind: Literal["pulled"] = "pulled"


@dataclass(frozen=True, slots=True)
class Executed:
    """A statement ran.

    step: counts from 1. function: the name of the function it stands in, or "". tensors: those that
    are new or different; gone: names that no longer mean a tensor. nodes: the same for the graph;
    dropped: numbers of nodes that nothing refers to any more. recording: whether ops are recorded
    after it. output: what it printed. warnings: what it warned of, in PyTorch's words.
    """

    step: int
    span: Span
    function: str
    tensors: tuple[TensorState, ...]
    gone: tuple[str, ...]
    nodes: tuple[NodeState, ...]
    dropped: tuple[int, ...]
    recording: bool
    output: str
    warnings: tuple[str, ...]
    kind: Literal["executed"] = "executed"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The snippet stopped.

    type, message: as PyTorch or Python say it. code: None then; else the code of our own sentence,
    for what is outside the subset or over the budget, with `hint`. node: the number of the node at
    fault, where there is one.
    """

    step: int
    span: Span
    type: str
    message: str
    node: int | None
    code: str | None
    hint: str
    params: Attributes
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class Ended:
    """Always last. steps: how many statements ran. work: how many operations that took."""

    steps: int
    work: int
    ok: bool
    kind: Literal["ended"] = "ended"


Event = Pulled | Executed | Stopped | Ended
