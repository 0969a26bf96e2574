"""Dropout, with the numbers that PyTorch draws on a CPU: a step of multiplication, as there."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.autograd.machine import Machine
from engine.autograd.pieces import first
from engine.autograd.refuse import Raised
from engine.eager import Tensor
from engine.eager.tensor import settle

__all__ = ["dropout", "dropout2d"]


def dropout(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    """`F.dropout(x, p, training)`."""
    x, p, training = _options("dropout", args, named)
    return x * _mask(machine, x, x.shape, p) if training else x


def dropout2d(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    """`F.dropout2d(x, p, training)`: whole channels are dropped."""
    x, p, training = _options("dropout2d", args, named)
    sizes = (*x.shape[:2], *(1,) * (x.ndim - 2))
    return x * _mask(machine, x, sizes, p) if training else x


def _options(name: str, args: list[Any], named: dict[str, Any]) -> tuple[Tensor, float, bool]:
    p = args[1] if len(args) > 1 else named.get("p", 0.5)
    training = args[2] if len(args) > 2 else named.get("training", True)
    if p < 0 or p > 1:
        text = f"dropout probability has to be between 0 and 1, but got {p}"
        raise Raised("ValueError", text)
    return first(args, name), p, bool(training)


def _mask(machine: Machine, x: Tensor, sizes: tuple[int, ...], p: float) -> Tensor:
    """Ones with probability 1 - p, divided by it: each entry takes one draw in double precision."""
    count = int(np.prod(sizes))
    machine.budget.tensor(count)
    kept = machine.generator.uniform(count, np.float64) < 1 - p
    scaled = kept.reshape(sizes).astype(x.dtype) / x.dtype.type(1 - p if p < 1 else 1)
    return Tensor(settle(scaled, x.backend))
