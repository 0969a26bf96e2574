"""Tensors made by another: `x.new_zeros`, and by what PyTorch had before `torch.tensor`."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.autograd.machine import Machine
from engine.autograd.making import MAKING, Call
from engine.autograd.values import DTYPES
from engine.eager import Tensor

__all__ = ["NEW", "legacy_type", "normal", "tensor_of"]

_LEGACY = {"float16": "Half", "float32": "Float", "float64": "Double"}
_LEGACY |= {"int32": "Int", "int64": "Long", "bool": "Bool"}


def legacy_type(tensor: Tensor) -> str:
    """Return what `x.type()` says: the class that such tensors had of their own."""
    return f"torch.{_LEGACY[tensor.dtype.name]}Tensor"


def _new(name: str) -> Call:
    """`torch.NAME` in the precision and on the device of a tensor."""

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        like, *rest = args
        usual = {"dtype": DTYPES[like.dtype.name], "device": like.device}
        return MAKING[name](machine, rest, usual | named)

    return call


NEW: dict[str, Call] = {f"new_{name}": _new(name) for name in ("zeros", "ones", "empty", "full")}
NEW["new_tensor"] = _new("tensor")
"""Methods of a tensor."""


def tensor_of(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    """`torch.Tensor([1, 2])`, or `torch.Tensor(2, 3)` of a shape, which is not filled."""
    if args and not isinstance(args[0], int):
        return MAKING["tensor"](machine, args, {"dtype": DTYPES["float32"]} | named)
    return MAKING["zeros"](machine, args or [0], {"dtype": DTYPES["float32"]} | named)


def normal(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    """`torch.normal`: mean and std are numbers or tensors."""
    mean, std, size = (
        args[at] if at < len(args) else named.get(key, usual)
        for at, (key, usual) in enumerate((("mean", 0.0), ("std", 1.0), ("size", None)))
    )
    if size is None:
        shapes = [each.shape if isinstance(each, Tensor) else () for each in (mean, std)]
        size = np.broadcast_shapes(*shapes)
    drawn = MAKING["randn"](machine, [tuple(size)], named)
    return (drawn * std + mean).detach()
