"""Into Python and NumPy, between precisions and devices, and as text."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.backend import backend
from engine.eager.apply import edge_of
from engine.eager.messages import MESSAGE, failure
from engine.eager.modes import RECORDING
from engine.eager.node import LEAF, Custom
from engine.eager.tensor import Tensor, marked, settle

__all__ = ["install"]


def _host(self: Tensor) -> np.ndarray[Any, Any]:
    return np.asarray(self.backend.to_host(self.array))


def item(self: Tensor) -> Any:
    """Return the only entry as a Python number. Raises RuntimeError for several."""
    if type(self._data) is float:
        return self._data
    if self.numel() != 1:
        raise failure("item", count=self.numel())
    return _host(self).item()


def tolist(self: Tensor) -> Any:
    """Return the entries as nested lists of Python numbers."""
    return _host(self).tolist()


def numpy(self: Tensor) -> np.ndarray[Any, Any]:
    """Return the entries as a NumPy array over the same memory (a copy from another device)."""
    if self.requires_grad:
        raise failure("numpy", self.name)
    if type(self._data) is float:
        self._data = np.asarray(self._data)
    return _host(self)


def contiguous(self: Tensor) -> Tensor:
    """Return this tensor where its rows lie one after the other in memory, else such a copy."""
    data = self._data
    if type(data) is float or bool(data.flags.c_contiguous):
        return self
    made = clone(self)
    made._data = made.backend.xp.ascontiguousarray(made._data)
    return made


def _bool(self: Tensor) -> bool:
    if self.numel() != 1:
        raise failure("truth" if self.numel() else "truth_empty")
    return bool(item(self))


def _len(self: Tensor) -> int:
    if not self.ndim:
        raise TypeError(MESSAGE["length"])
    return self.shape[0]


def _iter(self: Tensor) -> Iterator[Tensor]:
    if not self.ndim:
        raise TypeError(MESSAGE["iterate"])
    return (self[i] for i in range(self.shape[0]))


def _moved(self: Tensor, dtype: np.dtype[Any], device: str, title: str) -> Tensor:
    """A copy in another place or precision, recorded."""
    target, source = backend(device), self.backend
    array = self.array if source.device == target.device else source.to_host(self.array)
    value = Tensor(settle(target.xp.array(array, dtype=dtype), target))
    if RECORDING.on and self.requires_grad and dtype.kind in "fc":
        back = (self.dtype, self.device)
        value._node = Custom(title, (edge_of(self),), lambda g: [to(g, *back)])
    return marked(value)


def to(self: Tensor, *targets: Any, dtype: Any = None, device: str | None = None) -> Tensor:
    """Return this tensor in another precision or on another device, itself if nothing changes."""
    for target in targets:
        if isinstance(target, str) and target.startswith(("cpu", "cuda")):
            device = target
        elif isinstance(target, Tensor):
            dtype, device = target.dtype, target.device
        else:
            dtype = target
    wanted = self.dtype if dtype is None else np.dtype(dtype)
    place = self.device if device is None else backend(device).device
    if (wanted, place) == (self.dtype, self.device):
        return self
    return _moved(self, wanted, place, "ToCopyBackward0")


def clone(self: Tensor) -> Tensor:
    """Return a copy that stays on the tape."""
    return _moved(self, self.dtype, self.device, "CloneBackward0")


def _deepcopy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    if not self.is_leaf:
        raise failure("deepcopy", self.name)
    data = self._data if type(self._data) is float else self._data.copy()
    other = Tensor(data, LEAF if self.requires_grad else None)
    other._grad = copy.deepcopy(self._grad, memo)
    memo[id(self)] = other
    return other


def _repr(self: Tensor) -> str:
    text = np.array2string(_host(self), precision=4, separator=", ", prefix="tensor(")
    parts = [text]
    if self.device != "cpu":
        parts.append(f"device='{self.device}'")
    if self.dtype not in (np.float64, np.int64, np.bool_):
        parts.append(f"dtype={self.dtype}")
    if not self.is_leaf:
        parts.append(f"grad_fn=<{self._node.name()}>")
    elif self.requires_grad:
        parts.append("requires_grad=True")
    return f"tensor({', '.join(parts)})"


def _as(dtype: str) -> Any:
    def method(self: Tensor) -> Tensor:
        return to(self, np.dtype(dtype))

    method.__doc__ = f"Return this tensor in {dtype}."
    return method


def install() -> None:
    """Give Tensor its conversions."""
    named: dict[str, Any] = {
        "item": item,
        "tolist": tolist,
        "numpy": numpy,
        "to": to,
        "clone": clone,
    }
    named |= {"double": _as("float64"), "float": _as("float32"), "long": _as("int64")}
    named |= {"bool": _as("bool"), "half": _as("float16"), "int": _as("int32")}
    named |= {"cpu": lambda self: to(self, "cpu"), "cuda": lambda self: to(self, "cuda:0")}
    named |= {"type_as": to, "contiguous": contiguous}
    special: dict[str, Any] = {
        "__bool__": _bool,
        "__len__": _len,
        "__iter__": _iter,
        "__repr__": _repr,
    }
    special |= {"__float__": lambda self: float(item(self)), "__deepcopy__": _deepcopy}
    special |= {"__int__": lambda self: int(item(self))}
    for name, method in (named | special).items():
        setattr(Tensor, name, method)
