"""Subscripts of tensors, also where they are written to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.autograd.refuse import Raised
from engine.autograd.values import python_name
from engine.eager import Tensor
from engine.eager.apply import edge_of, wrap
from engine.eager.inplace import written
from engine.eager.messages import MESSAGE, Refusal
from engine.eager.modes import RECORDING
from engine.eager.node import LEAF, Custom
from engine.eager.tensor import settle
from engine.eager.views import check_base, rebase

__all__ = ["assign_index", "index_of"]


def index_of(index: Any) -> Any:
    """Return a subscript in which sizes and numbers are plain."""
    parts = index if isinstance(index, tuple) else (index,)
    for part in parts:
        if not isinstance(part, int | slice | list | tuple | Tensor | None | type(...)):
            text = "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
            raise Raised("IndexError", f"{text}are valid indices (got {_kind(part)})")
        if isinstance(part, slice) and isinstance(part.step, int) and part.step < 1:
            zero = "slice step cannot be zero"
            raise Raised("ValueError", "step must be greater than zero" if part.step else zero)
    return index


def _kind(part: Any) -> str:
    return python_name(part)


def _host_index(index: Any) -> Any:
    if isinstance(index, Tensor):
        return index.backend.to_host(index.array)
    if isinstance(index, tuple):
        return tuple(_host_index(each) for each in index)
    return index


def assign_index(tensor: Tensor, index: Any, value: Any) -> None:
    """Write into some entries. What flowed to these before, flows to the value now."""
    if isinstance(value, Tensor):
        source = value
    elif isinstance(value, bool | int | float):
        source = wrap(value, tensor)
    else:
        name = python_name(value)
        text = f"can't assign a {name} to a torch.FloatTensor"
        raise Raised("TypeError", text)
    if RECORDING.on:
        check_base(tensor)
    if RECORDING.on and tensor._node is LEAF:
        raise Refusal(MESSAGE["view_inplace"], tensor.name)
    where = _host_index(index)
    if type(tensor._data) is float:
        tensor._data = np.asarray(tensor._data)
    recorded = RECORDING.on and (tensor.requires_grad or source.requires_grad)
    node = _copied(tensor, source, where) if recorded else tensor._node
    _write(tensor, where, source)
    written(tensor)
    if RECORDING.on:
        rebase(tensor, node)


def _write(tensor: Tensor, where: Any, source: Tensor) -> None:
    if type(tensor._data) is np.ndarray and tensor._data.ndim == 0 and where == ():
        where = ...
    target, given = tensor._data[where].shape, source.shape
    padded = (1,) * (len(target) - len(given)) + given
    fits = len(padded) <= len(target) or all(size == 1 for size in given[: -len(target) or None])
    if not fits or any(b not in (1, a) for a, b in zip(target[::-1], padded[::-1], strict=False)):
        wanted = f"[{', '.join(map(str, target))}]"
        told = f"[{', '.join(map(str, given))}]"
        text = (
            f"shape mismatch: value tensor of shape {told} cannot be broadcast to indexing result "
        )
        text += f"of shape {wanted}"
        if len(target) < 2 and len(given) == 1 and _basic(where):
            text = (
                f"The expanded size of the tensor ({target[0] if target else 1}) must match the "
                f"existing size ({given[0]}) at non-singleton dimension 0.  Target sizes: {wanted}."
                f"  Tensor sizes: {told}"
            )
        raise Raised("RuntimeError", text)
    tensor._data[where] = source.array


def _basic(where: Any) -> bool:
    parts = where if isinstance(where, tuple) else (where,)
    return all(isinstance(part, int | slice | None | type(...)) for part in parts)


def _copied(tensor: Tensor, source: Tensor, where: Any) -> Custom:
    """The step that takes a cotangent apart: the written entries go to the value."""
    inside = np.zeros(tensor.shape, dtype=bool)
    inside[where] = True
    shape, dtype = source.shape, source.dtype

    def pull(g: Tensor) -> Sequence[Tensor | None]:
        rest = g.masked_fill(Tensor(settle(np.asarray(inside), g.backend)), 0.0)
        part = g[where]
        return [rest, part.sum_to(shape).to(dtype)][: len(edges)]

    edges = (edge_of(tensor), edge_of(source))[: 1 + source.requires_grad]
    basic = _basic(where)
    return Custom("CopySlices" if basic else "IndexPutBackward0", edges, pull)
