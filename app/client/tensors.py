"""Tensors of the wire and NumPy arrays, each to the other; for clients, so without the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Summary", "Tensor", "to_array", "to_wire"]

_WORDS = {math.inf: "Infinity", -math.inf: "-Infinity"}


@dataclass(frozen=True, slots=True)
class Summary:
    """A tensor too large to be sent whole. counts: `nan`, `posinf`, `neginf`; preview: some of its
    entries as a matrix, evenly spaced. `Client.window` has the others."""

    shape: tuple[int, ...]
    dtype: str
    min: float | None
    max: float | None
    mean: float | None
    norm: float | None
    counts: Mapping[str, int]
    preview: NDArray[Any]


Tensor = NDArray[Any] | Summary


def to_array(wire: Mapping[str, Any]) -> Tensor:
    """What a tensor of the wire holds: an array of its shape and dtype, or a summary."""
    shape, dtype = tuple(wire["shape"]), str(wire["dtype"])
    if "data" in wire:
        return _numbers(wire["data"], dtype).reshape(shape)
    told = wire["summary"]
    measures = {name: _number(told[name]) for name in ("min", "max", "mean", "norm")}
    counts = {name: told[name] for name in ("nan", "posinf", "neginf")}
    return Summary(
        shape, dtype, **measures, counts=counts, preview=_numbers(wire["preview"], dtype)
    )


def to_wire(value: Any) -> Any:
    """What JSON can hold of a number, nested lists, or anything with `__array__`.

    Non-finite numbers become the strings that the wire has for them. Raises TypeError for what is
    not made of real numbers.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "buif":
        raise TypeError(f"an array of {array.dtype} is no tensor of real numbers")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return _spelled(array.tolist())
    return array.tolist()


def _spelled(data: Any) -> Any:
    if isinstance(data, list):
        return [_spelled(each) for each in data]
    return data if math.isfinite(data) else _WORDS.get(data, "NaN")


def _numbers(data: Any, dtype: str) -> NDArray[Any]:
    # The words NaN, Infinity and -Infinity are what NumPy too reads as floats.
    return np.array(data, dtype=object).astype(dtype)


def _number(told: Any) -> float | None:
    return None if told is None else float(told)
