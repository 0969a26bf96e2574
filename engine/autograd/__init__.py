"""PyTorch snippets, run statement by statement on our own tensors; nothing is left to Python.

    from engine.autograd import run

    for event in run("x = torch.tensor(3.0, requires_grad=True)\\ny = x * x\\ny.backward()"):
        ...

What can be used is listed: names of `torch`, methods of tensors, Python's own functions. All else
is refused with its place and the nearest supported way, and everything is counted (`Limits`).
"""

from engine.autograd.budget import Limits
from engine.autograd.events import (
    Ended,
    Event,
    Executed,
    NodeState,
    Pulled,
    Stopped,
    Structured,
    TensorState,
)
from engine.autograd.run import run

__all__ = [
    "Ended",
    "Event",
    "Executed",
    "Limits",
    "NodeState",
    "Pulled",
    "Stopped",
    "Structured",
    "TensorState",
    "run",
]
