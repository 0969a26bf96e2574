"""Define-by-run tensors with PyTorch's face, on the same registry of ops as everything else.

    from engine import eager

    x = eager.tensor(2.0, requires_grad=True)
    y = x.sin() * x.exp()
    y.backward()
    x.grad

Every op is here by all its names (`eager.exp`, `eager.matmul`, `eager.where`), and as a method.
`backward`, `grad`, hooks, in-place methods, `no_grad` and their errors are PyTorch's; where it says
`torch.autograd.functional`, `torch.utils.checkpoint` and `torch.autograd.gradcheck`, the functions
are here too: `jacobian`, `hessian`, `jvp`, `vjp`, `hvp`, `value_and_grad`, `checkpoint`,
`gradcheck`. Differences: numbers are float64 by default; `max(x, dim)` gives the values alone;
shapes are tuples; an entry of a float64 tensor is a number of its own, not a view.
"""

from typing import Any

import numpy as np

from engine.eager.autograd import backward, grad
from engine.eager.checks import gradcheck, gradgradcheck
from engine.eager.functional import checkpoint, hessian, hvp, jacobian, jvp, value_and_grad, vjp
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
from engine.eager.modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    no_grad,
    set_grad_enabled,
)
from engine.eager.tensor import Tensor

__all__ = [
    "Tensor",
    "arange",
    "as_tensor",
    "backward",
    "checkpoint",
    "enable_grad",
    "eye",
    "float32",
    "float64",
    "from_numpy",
    "full",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "hessian",
    "hvp",
    "inference_mode",
    "int64",
    "is_grad_enabled",
    "jacobian",
    "jvp",
    "linspace",
    "no_grad",
    "ones",
    "ones_like",
    "set_grad_enabled",
    "tensor",
    "value_and_grad",
    "vjp",
    "zeros",
    "zeros_like",
]

float32, float64, int64 = np.dtype("float32"), np.dtype("float64"), np.dtype("int64")

install()
_FUNCTIONS = functions()


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        return _FUNCTIONS[name]
    raise AttributeError(f"engine.eager has no name {name!r}")
