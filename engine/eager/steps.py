"""Steps that are made when somebody looks at them: what PyTorch lists behind a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.ops import Op

if TYPE_CHECKING:
    from engine.eager.tensor import Tensor

__all__ = ["Accumulate", "Between", "step_of", "told_edges"]


class Accumulate:
    """The step that adds a cotangent to the gradient of a leaf; made when somebody looks at it."""

    __slots__ = ("variable",)

    def __init__(self, variable: Tensor) -> None:
        self.variable = variable

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """Nothing comes after a leaf."""
        return ()

    def name(self) -> str:
        """PyTorch's name of this step."""
        return "AccumulateGrad"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Accumulate) and other.variable is self.variable

    def __hash__(self) -> int:
        return hash(id(self.variable))

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {hex(id(self.variable))}>"


class Between:
    """A step that PyTorch has and our tape does not, between a record and what it leads to."""

    __slots__ = ("_edges", "_name")

    def __init__(self, name: str, edges: Sequence[Any]) -> None:
        self._name, self._edges = name, edges

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """What comes after."""
        return tuple((step_of(edge), 0) for edge in self._edges)

    def name(self) -> str:
        """PyTorch's name of this step."""
        return self._name

    def __repr__(self) -> str:
        return f"<{self._name} object at {hex(id(self))}>"


def step_of(edge: Any) -> Any:
    """Return the step that an edge leads to: a record, the `AccumulateGrad` of a leaf, or None."""
    return edge if edge is None or hasattr(edge, "next_functions") else Accumulate(edge)


def told_edges(op: Op, name: str, inputs: Sequence[Any]) -> list[Any]:
    """Return the edges of an op as PyTorch lists them: not those of conditions and indices, and by
    way of steps that our op does in one."""
    edges = [
        edge
        for slot, edge in enumerate(inputs)
        if slot >= len(op.args) or op.args[slot] not in op.inert
    ]
    if op.name == "linear" and name in ("AddmmBackward0", "MmBackward0"):
        turned = Between("TBackward0", edges[1:2]) if edges[1] is not None else None
        return [*edges[2:], edges[0], turned]
    if op.name == "cross_entropy" and edges[0] is not None:
        return [Between("LogSoftmaxBackward0", edges)]
    if op.name == "l1_loss" and name != "AbsBackward0":
        return [Between("AbsBackward0", [Between("SubBackward0", edges)])]
    return edges
