"""`Function.apply`: forward of the snippet, recorded as one step that calls its backward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import ref

from engine.autograd.call import called
from engine.autograd.machine import Machine
from engine.autograd.own_steps import Context, OwnStep
from engine.autograd.refuse import Raised, refused
from engine.autograd.values import Marked, python_name
from engine.eager import Tensor
from engine.eager.apply import edge_of
from engine.eager.modes import RECORDING, Mode
from engine.eager.tensor import shared

__all__ = ["apply_function"]


def apply_function(machine: Machine, kind: Any, args: list[Any]) -> Any:
    """Return what `forward` gives, recorded as one step. kind: the class of the snippet."""
    tensors = [each for each in args if isinstance(each, Tensor)]
    title = f"{kind.name}Backward"
    needs = tuple(isinstance(each, Tensor) and each.requires_grad for each in args)
    context = Context(title, needs)
    recorded = RECORDING.on and any(needs)
    forward, setup = _written(kind, "forward"), kind.find("setup_context")
    with Mode(False):
        if setup is None:
            out = called(machine, forward, [context, *args], {})
        else:
            out = called(machine, forward, list(args), {})
            called(machine, _written(kind, "setup_context"), [context, tuple(args), out], {})
    if isinstance(out, tuple) and any(isinstance(each, Tensor) for each in out):
        remedy = "Return one tensor; put several together with `torch.stack`, or write two classes."
        raise refused("a Function with several results", remedy)
    if not isinstance(out, Tensor):
        text = f"{kind.name}.forward: expected to get a Tensor, but got {python_name(out)}"
        raise Raised("TypeError", text)
    fresh = shared(out) if not out.is_leaf or any(each is out for each in tensors) else out
    if recorded and fresh.dtype.kind in "fc" and not any(each is out for each in context.apart):
        step = OwnStep(
            title, tuple(edge_of(each) for each in tensors), _pull(machine, kind, args, context)
        )
        step.context, context.step = context, ref(step)
        context.keep(out)
        fresh._node = step
    return fresh


def _written(kind: Any, name: str) -> Any:
    """A method of the class. Raises, as PyTorch does, where it is missing or not static."""
    found = kind.find(name)
    if found is None:
        text = "You must implement the forward function for custom autograd.Function."
        if name == "backward":
            text = (
                "You must implement either the backward or vjp method for your custom "
                "autograd.Function to use it with backward mode AD."
            )
        raise Raised("NotImplementedError", text)
    if not isinstance(found, Marked) or found.mark != "staticmethod":
        text = (
            "Legacy autograd function with non-static forward method is deprecated. Please use "
            "new-style autograd function with static forward method. (Example: "
            "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
        )
        raise Raised("RuntimeError", text)
    return found.function


def _pull(machine: Machine, kind: Any, args: Sequence[Any], context: Context) -> Any:
    places = [(at, each.shape, each.dtype) for at, each in enumerate(args)
              if isinstance(each, Tensor)]  # fmt: skip
    count, title = len(args), f"{kind.name}Backward"

    def pull(g: Tensor) -> list[Tensor | None]:
        found = called(machine, _written(kind, "backward"), [context, g], {})
        parts = list(found) if isinstance(found, tuple | list) else [found]
        _counted(title, parts, count, {at for at, _, _ in places})
        return [
            _fitted(title, parts[at], index, shape, dtype) if context.needs[at] else None
            for index, (at, shape, dtype) in enumerate(places)
        ]

    return pull


def _counted(title: str, parts: list[Any], count: int, tensors: set[int]) -> None:
    extra = parts[count:]
    if len(parts) < count or any(each is not None for each in extra):
        text = f"function {title} returned an incorrect number of gradients "
        raise Raised("RuntimeError", f"{text}(expected {count}, got {len(parts)})")
    for at, each in enumerate(parts[:count]):
        if at not in tensors and each is not None:
            text = f"function {title} returned a gradient different from None at position "
            text += f"{at + 1}, but the corresponding forward input was not a Variable"
            raise Raised("RuntimeError", text)


def _fitted(title: str, part: Any, index: int, shape: Any, dtype: Any) -> Tensor | None:
    if part is None:
        return None
    if not isinstance(part, Tensor):
        text = f"expected Variable or None (got {python_name(part)})"
        raise Raised("TypeError", text)
    if part.shape != shape:
        try:
            part = part.sum_to(shape)
        except Exception:
            text = f"Function {title} returned an invalid gradient at index {index} - got "
            text += f"{list(part.shape)} but expected shape compatible with {list(shape)}"
            raise Raised("RuntimeError", text) from None
    own: Tensor = part if part.dtype == dtype else part.to(dtype)
    return own
