"""`torch.autograd.Function`: a step of the tape whose forward and backward the snippet wrote."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any
from weakref import ref

from engine.autograd.refuse import Raised, refused
from engine.autograd.values import Native, Record, python_name
from engine.eager import Tensor
from engine.eager.kept import modified, tensor_of
from engine.eager.messages import failure
from engine.eager.node import Custom, Output, Saved
from engine.eager.tensor import counter_of

if TYPE_CHECKING:
    from engine.autograd.machine import Machine

__all__ = ["Context", "OwnStep"]


class OwnStep(Custom):
    """A step that calls `backward` of the snippet. context: what its `ctx` holds."""

    __slots__ = ("context",)

    context: Context

    @property
    def saved(self) -> list[Any]:
        """The tensors that it keeps."""
        kept = [] if self.context.freed else self.context.saved
        return [each.data if isinstance(each, Output) else each for each in kept]

    def release(self) -> None:
        self.context.freed = bool(self.context.saved)

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.title} object at {hex(id(self))}>"


class Context(Record):
    """`ctx`: what forward leaves for backward. PyTorch's own methods, and names of the snippet."""

    def __init__(self, title: str, needs: tuple[bool, ...]) -> None:
        self.title, self.needs = title, needs
        self.given: tuple[Any, ...] = ()
        self.saved: list[Any] = []
        self.freed = False
        self.apart: tuple[Any, ...] = ()
        self.zeros = True
        self.step: ref[OwnStep] | None = None
        self.names: dict[str, Any] = {}

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        name = node.attr
        if name == "needs_input_grad":
            return self.needs
        if name == "saved_tensors":
            return self.taken()
        if name in ("save_for_backward", "mark_non_differentiable", "set_materialize_grads"):
            method = getattr(self, f"_{name}")
            return Native(name, lambda machine, args, named: method(args), "Function")
        if name == "mark_dirty":
            raise refused("ctx.mark_dirty", "Return a new tensor from `forward`.", node)
        if name in self.names:
            return self.names[name]
        raise Raised("AttributeError", f"'{self.title}' object has no attribute '{name}'")

    def set_attribute(self, machine: Machine, node: ast.Attribute, given: Any) -> None:
        machine.budget.items(len(self.names))
        self.names[node.attr] = given

    def _save_for_backward(self, args: list[Any]) -> None:
        for each in args:
            if not isinstance(each, Tensor | None):
                kind = python_name(each)
                text = "save_for_backward can only save variables, but argument "
                raise Raised("TypeError", f"{text}{args.index(each)} is of type {kind}")
        self.given = tuple(args)

    def _mark_non_differentiable(self, args: list[Any]) -> None:
        self.apart = tuple(args)

    def _set_materialize_grads(self, args: list[Any]) -> None:
        self.zeros = bool(args[0])

    def keep(self, out: Tensor) -> None:
        """Keep what was given to `save_for_backward`; the result itself without its tensor, which
        refers to the step."""
        for each in self.given:
            kept: Any = each
            if each is out:
                kept = Output(out._data, counter_of(out))
            elif each is not None and each._version:
                kept = Saved(each, each._version)
            self.saved.append(kept)
        self.given = ()

    def taken(self) -> tuple[Any, ...]:
        """Return the kept tensors. Raises RuntimeError where they were freed, or modified."""
        if self.step is None:
            return tuple(self.given)
        step = self.step()
        if self.freed or step is None:
            raise failure("freed", self.title, step)
        return tuple(self._back(each, step) for each in self.saved)

    def _back(self, kept: Any, step: OwnStep) -> Any:
        if isinstance(kept, Output):
            tensor = Tensor(kept.data, step)
            tensor._counter = kept.counter
            if kept.counter.version != kept.version:
                raise modified(tensor, self.title, kept.version, step)
            return tensor
        return None if kept is None else tensor_of(kept, step)

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.title} object at 0x0>"
