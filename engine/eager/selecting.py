"""Subscripts that are tensors of several axes: masks, and positions in the shape of the result."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.eager.apply import apply
from engine.eager.tensor import Tensor
from engine.graph import Shape
from engine.ops import OPS

__all__ = ["is_advanced", "positions_of", "selected"]


_LISTED = 1000
"""Entries up to which an index stands in the attributes of the op."""


def is_advanced(part: Any) -> bool:
    """Return whether `getitem` of the registry has no attribute for this subscript."""
    if isinstance(part, list):
        return any(isinstance(each, list | tuple | bool) for each in part)
    kind = getattr(part, "dtype", None)
    if kind is None or not part.ndim:
        return False
    return bool(part.ndim > 1 or kind == np.bool_ or len(part) > _LISTED)


def _array(part: Any) -> Any:
    array = part.backend.to_host(part.array) if isinstance(part, Tensor) else part
    if not isinstance(array, list | np.ndarray):
        return array
    array = np.asarray(array)
    if array.ndim == 0 and array.dtype != np.bool_:
        return int(array)
    return array.astype(np.int64) if array.size == 0 and array.dtype.kind == "f" else array


def positions_of(shape: Shape, parts: tuple[Any, ...]) -> np.ndarray[Any, Any]:
    """Return which entries subscripts select, counted row by row; numbers first, as PyTorch does.

    Raises IndexError in PyTorch's words.
    """
    arrays = tuple(_array(part) for part in parts)
    used = sum(_axes(each) for each in arrays)
    if used > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    _check(shape, arrays, used)
    basic: list[Any] = []
    later: list[Any] = []
    for each in arrays:
        if isinstance(each, np.ndarray):
            basic += [slice(None)] * _axes(each)
            later.append(each)
        else:
            basic.append(each)
            later += [] if isinstance(each, int) else [... if each is ... else slice(None)]
    entries = np.arange(int(np.prod(shape))).reshape(shape)
    return np.asarray(entries[tuple(basic)][tuple(later)])


def _axes(part: Any) -> int:
    if part is None or part is ...:
        return 0
    mask = isinstance(part, np.ndarray) and part.dtype == np.bool_
    return int(part.ndim) if mask else 1


def _check(shape: Shape, arrays: tuple[Any, ...], used: int) -> None:
    at = 0
    for each in arrays:
        if each is ...:
            at += len(shape) - used
        if isinstance(each, int) and not -shape[at] <= each < shape[at]:
            raise IndexError(
                f"index {each} is out of bounds for dimension {at} with size {shape[at]}"
            )
        if isinstance(each, np.ndarray):
            _check_array(shape, each, at)
        at += _axes(each)


def _check_array(shape: Shape, array: Any, at: int) -> None:
    if array.dtype == np.bool_:
        for axis, size in enumerate(array.shape):
            if size != shape[at + axis]:
                raise IndexError(
                    f"The shape of the mask {list(array.shape)} at index {axis} does not match the "
                    f"shape of the indexed tensor {list(shape)} at index {at + axis}"
                )
    else:
        size = shape[at]
        for wrong in array[(array < -size) | (array >= size)].ravel()[:1]:
            raise IndexError(f"index {wrong} is out of bounds for dimension {at} with size {size}")


def selected(tensor: Tensor, parts: tuple[Any, ...]) -> Tensor:
    """Return the selected entries: a copy, through which cotangents flow back."""
    positions = positions_of(tensor.shape, parts)
    index = Tensor(tensor.backend.xp.asarray(positions))
    out = apply(OPS["take"], [tensor, index], {})
    if not out.is_leaf:
        out._node.title = "IndexBackward0"
    return out
