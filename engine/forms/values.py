"""Tensors as they are given from outside: numbers, nested lists, tensor objects; and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import OptionError

__all__ = ["Value", "first_shape", "spelled", "tensor_value"]

Value = npt.NDArray[np.float64]

_SPELLED = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}
"""How numbers travel that JSON has no words for."""


def tensor_value(value: object, option: str, name: str, nonfinite: bool = False) -> Value:
    """Read a number, nested lists or a tensor object `{"shape", "dtype", "data"}`, of which `data`
    is nested as `shape` says. nonfinite: whether NaN and ±infinity are allowed, which may be
    spelled "NaN", "Infinity" and "-Infinity". Raises OptionError."""
    try:
        array = _numbers(value.get("data") if isinstance(value, Mapping) else value)
        if isinstance(value, Mapping):
            array = _as_told(array, value)
    except (ValueError, TypeError, OverflowError):
        raise OptionError("option.value", option=option, name=name) from None
    if not (nonfinite or np.isfinite(array).all()):
        raise OptionError("option.nonfinite", option=option, name=name)
    return array


def first_shape(value: object) -> tuple[int, ...]:
    """Return the shape of what `tensor_value` reads, if it reads it: by its first entries alone."""
    value = value.get("data") if isinstance(value, Mapping) else value
    sizes = list[int]()
    while isinstance(value, list | tuple):
        sizes.append(len(value))
        value = value[0] if value else None
    return (*sizes, *getattr(value, "shape", ()))


def _numbers(data: object) -> Value:
    array = np.asarray(data, dtype=object)
    if data is None or any(isinstance(entry, bool) or entry is None for entry in array.flat):
        raise ValueError
    words = [place for place, entry in enumerate(array.flat) if isinstance(entry, str)]
    for place in words:
        if array.flat[place] not in _SPELLED:
            raise ValueError
        array.flat[place] = _SPELLED[array.flat[place]]
    return array.astype(np.float64)


def _as_told(array: Value, told: Mapping[str, Any]) -> Value:
    """Check data against the rest of its tensor object; lists cannot show what follows a 0."""
    if told.get("dtype") not in (None, "float64", "float32"):
        raise ValueError
    if told.get("shape") is None:
        return array
    sizes = tuple(told["shape"])
    if any(type(size) is not int or size < 0 for size in sizes):
        raise ValueError
    shown = sizes[: sizes.index(0) + 1] if 0 in sizes else sizes
    if array.shape not in (sizes, shown):
        raise ValueError
    return array.reshape(sizes)


def spelled(array: Value) -> Any:
    """Return what `tensor_value` reads back: a number, nested lists, or a tensor object where
    lists do not tell the shape."""
    entries = array.tolist() if np.isfinite(array).all() else _spelled(array.tolist())
    if 0 in array.shape:
        return {"shape": list(array.shape), "data": entries}
    return entries


def _spelled(entries: Any) -> Any:
    if isinstance(entries, list):
        return [_spelled(entry) for entry in entries]
    if np.isfinite(entries):
        return entries
    return "NaN" if np.isnan(entries) else "Infinity" if entries > 0 else "-Infinity"
