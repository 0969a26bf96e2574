"""One call of an op, as a user of PyTorch writes it, and the numbers it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = [
    "COLUMN",
    "KINKS",
    "LINES",
    "ROW",
    "SPREAD",
    "SQUARE",
    "Line",
    "P",
    "U",
    "X",
    "add",
    "kink",
    "run",
]

Call = Callable[..., Any]


@dataclass(frozen=True)
class Line:
    """One call. op: its name in the registry. inputs: differentiated by, in order."""

    op: str
    call: Call
    inputs: tuple[Any, ...]


LINES: dict[str, Line] = {}
KINKS: dict[str, Line] = {}

X = [[-1.3, 0.4, 2.0], [0.7, -0.2, 1.1]]
P = [[0.3, 0.9, 1.7], [0.55, 2.4, 0.12]]
U = [[-0.6, 0.1, 0.8], [0.35, -0.9, 0.5]]
ROW = [0.5, -1.5, 2.5]
COLUMN = [[1.25], [-0.75]]
SQUARE = [[2.0, 0.5, -0.3], [0.1, 1.5, 0.4], [-0.2, 0.6, 3.0]]
SPREAD = [[[[1.0, -0.5], [0.2, 0.7]]], [[[0.3, 0.1], [-0.4, 2.0]]]]


def add(op: str, call: Call, *inputs: Any, tag: str = "") -> None:
    """Record a call of an op."""
    name = f"{op} {tag}".strip()
    assert name not in LINES, name
    LINES[name] = Line(op, call, inputs)


def kink(op: str, situation: str, call: Call, *inputs: Any) -> None:
    """Record what is answered where there is no derivative."""
    KINKS[f"{op}: {situation}"] = Line(op, call, inputs)


def run(line: Line, T: Any) -> dict[str, Any]:
    """Return the value of a call and its gradient by each input."""
    inputs = [T.tensor(each, dtype=T.float64, requires_grad=True) for each in line.inputs]
    out = line.call(T, *inputs)
    found = {"value": out.detach()}
    if not out.requires_grad:
        return found
    size = int(np.prod(out.shape))
    weights = T.tensor(np.cos(np.arange(size)).reshape(tuple(out.shape)).tolist())
    found["gradients"] = T.autograd.grad(out, inputs, weights, allow_unused=True)
    return found
