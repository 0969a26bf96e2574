"""Define-by-run tensors with PyTorch's face, on the same registry of ops as everything else.

    from engine import eager

    x = eager.tensor(2.0, requires_grad=True)
    y = x.sin() * x.exp()
    y.backward()
    x.grad

Every op is here by all its names (`eager.exp`, `eager.matmul`, `eager.where`), and as a method.
"""

from typing import Any

from engine.eager.autograd import backward, grad
from engine.eager.make import (
    arange,
    as_tensor,
    eye,
    from_numpy,
    full,
    linspace,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from engine.eager.methods import functions, install
from engine.eager.modes import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from engine.eager.tensor import Tensor

__all__ = [
    "Tensor",
    "arange",
    "as_tensor",
    "backward",
    "enable_grad",
    "eye",
    "from_numpy",
    "full",
    "grad",
    "is_grad_enabled",
    "linspace",
    "no_grad",
    "ones",
    "ones_like",
    "set_grad_enabled",
    "tensor",
    "zeros",
    "zeros_like",
]

install()
_FUNCTIONS = functions()


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        return _FUNCTIONS[name]
    raise AttributeError(f"engine.eager has no name {name!r}")
