"""The tape: one record for each op applied, referring to the records of its inputs only.

    Node ::= Arithmetic   + - * / and negation of two numbers, without any indirection
           | Applied      any op of the registry
           | Custom       a Python function pulls the cotangent back: clone, copies, checkpoints

A record knows what it must keep to be walked back, and its inputs, never its users: so there are no
cycles, and a chain of any depth is freed as soon as nobody holds its end. Leaves are not records:
an edge to a leaf leads to the tensor itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from engine.backend import Array
from engine.eager.messages import failure
from engine.eager.modes import RECORDING
from engine.eager.names import OF_A_NUMBER, arithmetic_name, grad_fn_name
from engine.eager.steps import Accumulate, Between, step_of, told_edges

if TYPE_CHECKING:
    from engine.eager.plan import Plan
    from engine.eager.tensor import Tensor

__all__ = [
    "ADD",
    "DIV",
    "FREED",
    "KINDS",
    "LEAF",
    "MUL",
    "NEG",
    "SUB",
    "Accumulate",
    "Applied",
    "Arithmetic",
    "Between",
    "Counter",
    "Custom",
    "Edge",
    "Hooks",
    "Node",
    "Output",
    "Saved",
    "Untracked",
    "sequence",
]

ADD, SUB, MUL, DIV, NEG = range(5)
KINDS: Final = ("add", "sub", "mul", "div", "neg")

LEAF: Final[Any] = "leaf"
"""Stands where a leaf that requires grad would have its record."""

FREED: Final[Any] = "freed"
"""Stands where something was kept, once it has been used and let go."""

sequence = count(0, -1).__next__
"""The place of a record on the tape, counted downwards, so that the latest comes first."""

Edge = Any
"""Where a cotangent goes: a Node, a leaf Tensor, or None."""


class Counter:
    """How often the memory of a tensor was modified in place; views of one memory share it."""

    __slots__ = ("version",)

    def __init__(self) -> None:
        self.version = 0


class Untracked(Counter):
    """That of a tensor made in inference mode: it is not counted, and no tape may keep it."""

    __slots__ = ()

    @property
    def version(self) -> int:
        """Raises RuntimeError, in PyTorch's words, outside inference mode."""
        if not RECORDING.inference:
            raise failure("inference_saved")
        return 0

    @version.setter
    def version(self, version: int) -> None: ...


class Hooks:
    """What was hung on a tensor: functions of its cotangent, and its retained gradient."""

    __slots__ = ("functions", "grad", "retained")

    def __init__(self) -> None:
        self.functions: dict[int, Callable[[Tensor], Any]] = {}
        self.retained = False
        self.grad: Tensor | None = None


class Saved:
    """An input that had been modified in place before it was kept."""

    __slots__ = ("tensor", "version")

    def __init__(self, tensor: Tensor, version: int) -> None:
        self.tensor, self.version = tensor, version


class Output:
    """The value of the op itself, kept without its tensor, which refers to the record."""

    __slots__ = ("counter", "data", "version")

    def __init__(self, data: Array, counter: Counter) -> None:
        self.data, self.counter, self.version = data, counter, counter.version


class Node:
    """One record. seq: its place on the tape. hooks: what was hung on its tensor, if anything."""

    __slots__ = ("__weakref__", "hooks", "seq")

    seq: int
    hooks: Hooks | None

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Where the cotangents of the inputs go, in argument order."""
        raise NotImplementedError

    def name(self) -> str:
        """PyTorch's name of this backward step."""
        raise NotImplementedError

    def release(self) -> None:
        """Let go of what was kept."""

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The backward steps this one leads to, as PyTorch lists them."""
        return tuple((step_of(edge), 0) for edge in self.told_edges())

    def told_edges(self) -> Sequence[Edge]:
        """The edges that PyTorch lists: a number written out has none."""
        return [e for e in self.edges if e is not None or self.name() not in OF_A_NUMBER]

    def __repr__(self) -> str:
        return f"<{self.name()} object at {hex(id(self))}>"


class Arithmetic(Node):
    """One of the four operations, or negation, on numbers in float64.

    left, right: the edges. a, b: the operands (tensors, or numbers written out) where the vjp uses
    them, and numbers written out always.
    """

    __slots__ = ("a", "b", "kind", "left", "right")

    def __init__(self, kind: int, left: Edge, right: Edge, a: Any, b: Any) -> None:
        self.kind, self.left, self.right, self.a, self.b = kind, left, right, a, b
        self.seq = sequence()
        self.hooks = None

    @property
    def edges(self) -> tuple[Edge, ...]:
        return (self.left,) if self.kind == NEG else (self.left, self.right)

    def name(self) -> str:
        return arithmetic_name(KINDS[self.kind], type(self.a) is float)

    def release(self) -> None:
        if self.kind in (MUL, DIV):
            self.a = self.b = FREED


class Applied(Node):
    """An op of the registry. inputs: the edges; kept: the input tensors its vjps use, or None each;
    output: its value, if they use that. title: its name, where the op alone does not tell."""

    __slots__ = ("inputs", "kept", "output", "plan", "title")

    def __init__(self, plan: Plan, inputs: tuple[Edge, ...], kept: Any, output: Any) -> None:
        self.plan, self.inputs, self.kept, self.output = plan, inputs, kept, output
        self.title = ""
        self.seq = sequence()
        self.hooks = None

    @property
    def edges(self) -> tuple[Edge, ...]:
        return self.inputs

    def name(self) -> str:
        return self.title or grad_fn_name(self.plan.op, self.plan.attrs, self.plan.shapes)

    def told_edges(self) -> Sequence[Edge]:
        op, name = self.plan.op, self.name()
        edges = told_edges(op, name, self.inputs)
        return [edge for edge in edges if edge is not None or name not in OF_A_NUMBER]

    def release(self) -> None:
        if self.kept is not None:
            self.kept = FREED
        if self.output is not None:
            self.output = FREED


class Custom(Node):
    """A step given as a function from the cotangent to those of the inputs, tensors in and out.

    title: its name. keeps: whether it may be walked only once, unless the graph is retained.
    """

    __slots__ = ("inputs", "keeps", "pull", "title")

    def __init__(
        self,
        title: str,
        inputs: tuple[Edge, ...],
        pull: Callable[[Tensor], Sequence[Tensor | None]],
        keeps: bool = False,
    ) -> None:
        self.title, self.inputs, self.pull, self.keeps = title, inputs, pull, keeps
        self.seq = sequence()
        self.hooks = None

    @property
    def edges(self) -> tuple[Edge, ...]:
        return self.inputs

    def name(self) -> str:
        return self.title

    def release(self) -> None:
        if self.keeps:
            self.pull = FREED

    def pulled(self, cotangent: Tensor) -> Sequence[Tensor | None]:
        """Return the cotangents of the inputs. Raises RuntimeError after `release`."""
        if self.pull is FREED:
            raise failure("freed", self.title, self)
        return self.pull(cotangent)
