"""Requests. What they mean is checked by the engine; here only names and types are, strictly."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

__all__ = [
    "EXAMPLE",
    "AutogradRequest",
    "BlockSpec",
    "CheckRequest",
    "DraftRequest",
    "EdgeSpec",
    "EntrySpec",
    "GraphRequest",
    "GraphSpec",
    "GroupSpec",
    "NodeSpec",
    "WindowRequest",
]

WORKED_SOURCE = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"
EXAMPLE: dict[str, Any] = {"source": WORKED_SOURCE, "inputs": {"u1": 2.0}, "output": "u4"}

SPELLED = ("NaN", "Infinity", "-Infinity")
_TENSOR = [
    {"type": "number"},
    {"enum": list(SPELLED)},
    {"type": "array", "items": {}},
    {"type": "object"},
]


def _a_tensor(given: Any) -> Any:
    """Raise ValueError for what can be no tensor, whatever it is given for."""
    if (
        isinstance(given, bool)
        or given is None
        or (isinstance(given, str) and given not in SPELLED)
    ):
        raise ValueError("a tensor is a number, a list or an object")
    return given


def _perhaps(given: Any) -> Any:
    return None if given is None else _a_tensor(given)


TensorInput = Annotated[
    Any,
    AfterValidator(_a_tensor),
    Field(json_schema_extra={"title": "Tensor", "oneOf": _TENSOR}),
]
PerhapsTensor = Annotated[
    Any,
    AfterValidator(_perhaps),
    Field(json_schema_extra={"title": "Tensor", "oneOf": [*_TENSOR, {"type": "null"}]}),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NodeSpec(_Strict):
    """One node of a graph given as data."""

    name: str
    op: str = Field("leaf", description="`leaf`, or an op listed at /api/v1/ops.")
    inputs: list[str] = Field(default_factory=list, description="Names, in argument order.")
    attrs: dict[str, Any] = Field(default_factory=dict)
    value: PerhapsTensor = None
    requires_grad: bool = True
    path: list[str] | None = Field(
        None,
        max_length=60,
        description="Of a part of a statement: the statement, then the calls it is inside.",
    )
    note: str = Field("", description="The comment at the statement.")


class GroupSpec(_Strict):
    """A call of a block, in a graph given as data."""

    path: list[str] = Field(max_length=60)
    value: str | None = None
    block: str = ""
    arguments: list[Annotated[list[Any], Field(min_length=2, max_length=2)]] = Field(
        default_factory=list, description="Pairs of a parameter and its value, or `{node: name}`."
    )
    values: list[str | None] = Field(default_factory=list)


class BlockSpec(_Strict):
    """A block that a graph given as data defines."""

    name: str
    parameters: list[str] = Field(default_factory=list)
    text: str


class GraphSpec(_Strict):
    """A graph as data: its nodes, and the calls that some of them belong to."""

    nodes: list[NodeSpec]
    groups: list[GroupSpec] = Field(default_factory=list)
    blocks: list[BlockSpec] = Field(default_factory=list)
    output: str | None = Field(None, description="The node that the program itself differentiates.")


class GraphRequest(_Strict):
    """What `graph`, `evaluate` and `trace` take; only `source` (or `graph`) is required."""

    source: str | None = Field(None, description="The program: one assignment a line.")
    graph: list[NodeSpec] | GraphSpec | None = Field(
        None, description="The graph as data, instead of source: nodes with name, op, inputs …"
    )
    inputs: dict[str, TensorInput] | None = Field(None, description="Values of leaves, by name.")
    output: str | None = Field(
        None, description="The node to differentiate; default: the last computed."
    )
    gradient: PerhapsTensor = Field(None, description="The weight vector v, in the output's shape.")
    mode: Literal["reverse", "forward"] = Field("reverse", description="Adjoints, or tangents.")
    tangents: dict[str, TensorInput] | None = Field(
        None, description="Tangents of leaves, for forward mode."
    )
    granularity: Literal["statement", "op"] = Field(
        "statement", description="What one node is: a whole statement, or one op."
    )
    open: list[str] = Field(
        default_factory=list,
        description="Names of groups to look into; by default every statement is one node.",
    )
    differentiate: list[str] = Field(
        default_factory=list,
        max_length=8,
        description="Names: the program becomes that of the derivative of the output by one after "
        "another, as nodes.",
    )
    dtype: Literal["float64", "float32"] = Field("float64", description="Precision.")
    device: str = Field("cpu", description="cpu or cuda:N.")
    allow_nonfinite: bool = Field(
        False,
        description='Whether given values may hold "NaN", "Infinity" and "-Infinity".',
    )

    def form(self) -> GraphSpec | None:
        """The graph as data, however it was given."""
        return (
            GraphSpec(nodes=self.graph, output=None) if isinstance(self.graph, list) else self.graph
        )


class DraftRequest(GraphRequest):
    """What `graph` takes: a program, perhaps one that is still being written."""

    partial: bool = Field(
        False,
        description="Whether to answer the part without mistakes and list `problems`, instead of "
        "refusing the program.",
    )
    torch: bool = Field(
        False, description="Whether to answer the program as a PyTorch script, too, in `torch`."
    )


class AutogradRequest(_Strict):
    """What `autograd` takes."""

    snippet: str = Field(description="Python with PyTorch, a safe part of it, in one piece.")
    as_events: bool = Field(
        False,
        description="Whether a snippet that cannot be read is answered too, by the event `failed`, "
        "instead of being refused.",
    )


class EdgeSpec(_Strict):
    """An edge by the names of its nodes and the argument position."""

    source: str = Field(alias="from")
    to: str
    slot: int = Field(ge=0, le=2**31 - 1)


class WindowRequest(GraphRequest):
    """What `window` takes: a program, and which entries of what."""

    what: Literal["value", "jacobian", "adjoint", "tangent"] = Field(
        description="A value, a local Jacobian, P (the adjoint), or a tangent (in forward mode)."
    )
    node: str | None = Field(None, description="Whose value, P or tangent.")
    edge: EdgeSpec | None = Field(None, description="Whose local Jacobian: from, to, slot.")
    ranges: list[list[int] | None] | None = Field(
        None,
        max_length=16,
        description="For each axis [start, stop] or [start, stop, step]; null is the whole axis.",
    )


class EntrySpec(_Strict):
    """One entry of P: of which node, where in it, in which row."""

    node: str
    index: list[int] = Field(default_factory=list, max_length=16)
    row: int = Field(0, ge=0)


class CheckRequest(GraphRequest):
    """What `check` takes: a program, and which of its P to compare with differences."""

    wrt: list[str] | None = Field(
        None, description="Nodes to vary; default: the leaves that the output depends on."
    )
    entry: EntrySpec | None = Field(
        None, description="One entry, whose error is told for every step from 1e-1 to 1e-12."
    )
