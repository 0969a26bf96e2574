"""Tensors from Python numbers, lists and arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.backend import backend
from engine.eager.messages import failure
from engine.eager.node import LEAF
from engine.eager.tensor import FLOAT, Tensor, settle
from engine.graph import Shape

__all__ = [
    "arange",
    "as_tensor",
    "eye",
    "from_numpy",
    "full",
    "linspace",
    "ones",
    "ones_like",
    "tensor",
    "zeros",
    "zeros_like",
]


def tensor(
    data: Any,
    *,
    dtype: Any = None,
    device: str = "cpu",
    requires_grad: bool = False,
    name: str = "",
) -> Tensor:
    """Return a new leaf with a copy of `data`: a number, nested lists, an array or a tensor.

    dtype: by default float64 for Python floats, int64 for integers, else that of the data. name:
    for error messages. Raises RuntimeError for an integer leaf that requires grad, DeviceError for
    a device that is not there.
    """
    where = backend(device)
    if isinstance(data, Tensor):
        data = data.backend.to_host(data.array)
    elif isinstance(data, list | tuple):
        data = _entries(data)
    array = where.xp.array(data, dtype=None if dtype is None else np.dtype(dtype))
    return _leaf(Tensor(settle(array, where)), requires_grad, name)


def _entries(data: Any) -> Any:
    """Tensors inside lists count by their values."""
    if isinstance(data, Tensor):
        return data.tolist()
    return [_entries(each) for each in data] if isinstance(data, list | tuple) else data


def _leaf(made: Tensor, requires_grad: bool, name: str = "") -> Tensor:
    if made.dtype.kind not in "biufc":
        raise TypeError(f"can't make a tensor of {made.dtype}: its entries must be numbers")
    if requires_grad:
        if made.dtype.kind not in "fc":
            raise failure("floating", name)
        made._node = LEAF
    if name:
        made.name = name
    return made


def as_tensor(data: Any, *, dtype: Any = None, device: str = "cpu") -> Tensor:
    """Return a tensor as it is, an array without copying, anything else as `tensor` does."""
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(np.dtype(dtype))
    if isinstance(data, np.ndarray) and dtype is None and device == "cpu":
        return from_numpy(data)
    return tensor(data, dtype=dtype, device=device)


def from_numpy(array: np.ndarray[Any, Any]) -> Tensor:
    """Return a tensor over the memory of a NumPy array."""
    return Tensor(array)


def _shape(sizes: tuple[Any, ...]) -> Shape:
    listed = len(sizes) == 1 and isinstance(sizes[0], list | tuple)
    return tuple(int(size) for size in (sizes[0] if listed else sizes))


def full(
    size: Any, value: float, *, dtype: Any = FLOAT, device: str = "cpu", requires_grad: bool = False
) -> Tensor:
    """Return a leaf with the same number everywhere."""
    where = backend(device)
    array = where.xp.full(_shape((size,)), value, dtype=np.dtype(dtype))
    return _leaf(Tensor(settle(array, where)), requires_grad)


def zeros(*sizes: Any, **rest: Any) -> Tensor:
    """Return a leaf of zeros."""
    return full(_shape(sizes), 0, **rest)


def ones(*sizes: Any, **rest: Any) -> Tensor:
    """Return a leaf of ones."""
    return full(_shape(sizes), 1, **rest)


def _place(other: Tensor) -> dict[str, Any]:
    return {"dtype": other.dtype, "device": other.device}


def zeros_like(other: Tensor, **rest: Any) -> Tensor:
    """Return zeros in the shape, precision and place of another tensor."""
    return full(other.shape, 0, **(_place(other) | rest))


def ones_like(other: Tensor, **rest: Any) -> Tensor:
    """Return ones in the shape, precision and place of another tensor."""
    return full(other.shape, 1, **(_place(other) | rest))


def eye(size: int, **rest: Any) -> Tensor:
    """Return the identity matrix."""
    return tensor(np.eye(size), **rest)


def arange(*bounds: float, **rest: Any) -> Tensor:
    """Return the numbers from start to before stop in steps."""
    return tensor(np.arange(*bounds), **rest)


def linspace(start: float, end: float, steps: int, **rest: Any) -> Tensor:
    """Return equally spaced numbers, both ends included."""
    return tensor(np.linspace(start, end, steps), **rest)
