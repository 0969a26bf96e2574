"""Taking a tensor apart: `split`, `chunk` and `unbind`, each piece a view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised
from engine.autograd.values import python_name
from engine.eager import Tensor
from engine.eager.node import Applied, Custom

__all__ = ["Call", "boxed", "chunk", "first", "split", "titled", "unbind", "underivable"]

Call = Callable[[Machine, list[Any], dict[str, Any]], Any]


def first(args: list[Any], name: str) -> Tensor:
    """Return the tensor that a function is called with."""
    if args and isinstance(args[0], Tensor):
        return args[0]
    found = python_name(args[0]) if args else "nothing"
    text = f"{name}(): argument 'input' (position 1) must be Tensor, not {found}"
    raise Raised("TypeError", text)


def titled(tensor: Tensor, title: str) -> Tensor:
    """Name the step that made a tensor as PyTorch does."""
    if isinstance(tensor._node, Applied | Custom):
        tensor._node.title = title
    return tensor


def boxed(args: list[Any]) -> None:
    """Let the number that a call is given have memory, which a view can show."""
    if args and isinstance(args[0], Tensor) and type(args[0]._data) is float:
        args[0]._data = np.asarray(args[0]._data)


def underivable(tensor: Tensor, name: str) -> Tensor:
    """Let a backward pass stop here, as in PyTorch."""
    step = tensor.grad_fn
    if step is None:
        return tensor

    def pull(cotangent: Tensor) -> Any:
        raise RuntimeError(f"derivative for aten::{name} is not implemented")

    edges = tuple(edge for edge in step.edges if edge is not None)
    tensor._node = Custom("NotImplemented", edges, pull)
    return tensor


def _piece(view: Tensor, title: str, index: int) -> Tensor:
    """Name the step of a view; it is one of several, which must not be written to."""
    view._extra = (view._extra or {}) | {"piece": (index, title.removesuffix("Backward0"))}
    return titled(view, title)


def _pieces(sizes: list[int], x: Tensor, dim: int, title: str) -> tuple[Tensor, ...]:
    found: list[Tensor] = []
    at = 0
    for size in sizes:
        index = (*(slice(None),) * (dim % x.ndim), slice(at, at + size))
        found.append(_piece(x[index], title, len(found)))
        at += size
    return tuple(found)


def split(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "split")
    size = args[1] if len(args) > 1 else named.get("split_size")
    size = named["split_size_or_sections"] if size is None else size
    dim = args[2] if len(args) > 2 else named.get("dim", 0)
    if isinstance(size, list | tuple):
        return _pieces(list(size), x, dim, "SplitWithSizesBackward0")
    if size <= 0:
        raise Raised(
            "RuntimeError", f"split expects split_size be non-negative, but got split_size={size}"
        )
    length = x.shape[dim]
    machine.budget.items(length // size)
    return _pieces(_sizes(length, size), x, dim, "SplitBackward0")


def _sizes(length: int, size: int) -> list[int]:
    return [min(size, length - at) for at in range(0, length, size)]


def chunk(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "chunk")
    count = args[1] if len(args) > 1 else named["chunks"]
    if count < 1:
        text = f"chunk expects `chunks` to be greater than 0, got: {count}"
        raise Raised("RuntimeError", text)
    dim = args[2] if len(args) > 2 else named.get("dim", 0)
    length = x.shape[dim]
    return _pieces(_sizes(length, max(1, -(-length // count))), x, dim, "SplitBackward0")


def unbind(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "unbind")
    dim = args[1] if len(args) > 1 else named.get("dim", 0)
    machine.budget.items(x.shape[dim])
    front = (slice(None),) * (dim % x.ndim)
    return tuple(_piece(x[(*front, i)], "UnbindBackward0", i) for i in range(x.shape[dim]))
