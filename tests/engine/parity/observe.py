"""Runs a piece of code on PyTorch's face, whoever wears it, and writes down what can be seen.

A row is a function of `T`: the module `torch`, or `engine.eager`. What it returns, raises and warns
becomes plain data, so that what PyTorch did can be kept in a file and compared later.
"""

from __future__ import annotations

import importlib
import math
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Face", "Row", "differences", "eager_face", "observe", "torch_face"]

Row = Callable[[Any], Any]
_HOMES = {
    "torch": ("torch.nn.functional", "torch", "torch.special"),
    "engine.eager": ("engine.eager", "engine.eager.functional"),
}


class Face:
    """A library by its name: each function from the first of its modules that has it."""

    def __init__(self, name: str) -> None:
        self.homes = [importlib.import_module(home) for home in _HOMES[name]]

    def __getattr__(self, name: str) -> Any:
        if name in ("solve", "inv", "cholesky") and self.homes[0].__name__.startswith("torch"):
            return getattr(importlib.import_module("torch.linalg"), name)
        for home in self.homes:
            if hasattr(home, name):
                return getattr(home, name)
        raise AttributeError(name)


def torch_face() -> Face:
    """Return PyTorch, in double precision."""
    face = Face("torch")
    face.set_default_dtype(face.float64)
    face.set_num_threads(1)
    return face


def eager_face() -> Face:
    """Return our tensors."""
    return Face("engine.eager")


def observe(face: Face, row: Row) -> dict[str, Any]:
    """Return what the row returned or raised, and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = {"returns": plain(row(face))}
        except Exception as error:
            found = {"raises": _kind(error), "message": sentence(str(error))}
    told = [sentence(str(w.message)) for w in caught if issubclass(w.category, UserWarning)]
    return found | ({"warns": told} if told else {})


def _kind(error: Exception) -> str:
    """The nearest class of an error that Python itself has."""
    return next(each.__name__ for each in type(error).__mro__ if each.__module__ == "builtins")


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; a tensor as its entries and attributes."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if hasattr(value, "next_functions"):
        name: str = value.name()
        return name.removeprefix("torch::autograd::")
    if hasattr(value, "requires_grad"):
        known = {"entries": plain(value.detach().tolist()), "shape": list(value.shape)}
        known["dtype"] = str(value.dtype).removeprefix("torch.")
        known |= {"requires_grad": value.requires_grad, "is_leaf": value.is_leaf}
        return known | {"grad_fn": plain(value.grad_fn)}
    return str(value)


def sentence(message: str) -> str:
    """Return the part of a message that is promised to be PyTorch's."""
    message = re.sub(r"torch\.Size\((\[[^\]]*\])\)", r"\1", message).replace("torch.", "")
    return re.split(r" Hint:| See github| \(Triggered| \(node:|  If you were", message)[0].strip()


def differences(found: Any, expected: Any, tolerance: float = 1e-12, path: str = "") -> list[str]:
    """Return where two observations differ; numbers may differ by the relative tolerance."""
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        pairs = [(found[key], expected[key], f"{path}.{key}") for key in expected]
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        pairs = [
            (a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(found, expected, strict=True))
        ]
    elif _close(found, expected, tolerance):
        return []
    else:
        return [f"{path or 'all'}: {found!r} is not {expected!r}"]
    return [line for a, b, where in pairs for line in differences(a, b, tolerance, where)]


def _close(found: Any, expected: Any, tolerance: float) -> bool:
    numbers = all(type(each) in (int, float) for each in (found, expected))
    if not numbers:
        return bool(found == expected)
    return bool(np.isclose(found, expected, rtol=tolerance, atol=tolerance))
