"""Modifying a tensor in place: every elementwise op with an underscore, and `zero_`, `fill_`,
`copy_`. Each counts, so that a backward pass can tell when what it kept has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.eager.apply import apply, edge_of, wrap
from engine.eager.messages import failure
from engine.eager.modes import RECORDING
from engine.eager.node import LEAF, Applied, Custom, Output
from engine.eager.tensor import Tensor, counter_of, settle
from engine.eager.views import check_base, rebase
from engine.ops import Op

__all__ = ["copy_", "fill_", "in_place", "written", "zero_"]

_SCALAR_NAME = {"b": "Bool", "i": "Long", "u": "Byte"}
_FLOAT_NAME = {2: "Half", 4: "Float", 8: "Double"}


def in_place(op: Op) -> Callable[..., Tensor]:
    """Return the method that writes the op's value over its first argument."""

    def method(self: Tensor, *others: Any, **attrs: Any) -> Tensor:
        operands = [wrap(each, self) for each in others]
        _check(self, operands)
        before = _before(self)
        out = apply(op, [before, *operands], attrs)
        _write(self, out)
        return self

    method.__doc__ = f"Write the value of `{op.name}` over this tensor, and return it."
    return method


def _check(tensor: Tensor, operands: Sequence[Tensor]) -> None:
    """Raise RuntimeError, in PyTorch's words, where this memory must not be written to."""
    data = tensor._data
    if type(data) is not float and isinstance(data, np.ndarray) and not data.flags.writeable:
        raise failure("overlap", tensor.name)
    if not RECORDING.on:
        return
    if tensor._node is LEAF:
        raise failure("leaf_inplace", tensor.name)
    check_base(tensor)
    needs = tensor.requires_grad or any(each.requires_grad for each in operands)
    if needs and (tensor._extra or {}).get("view") and "of" not in (tensor._extra or {}):
        raise failure("view_graph", tensor.name)


def _before(tensor: Tensor) -> Tensor:
    """Return the tensor as it is now, for the record: the memory is about to change."""
    data = tensor._data
    return Tensor(data if type(data) is float else data.copy(), tensor._node)


def _write(tensor: Tensor, out: Tensor) -> None:
    """Take over the value and the record of `out`."""
    if out.shape != tensor.shape:
        shape, given = str(list(tensor.shape)), str(list(out.shape))
        raise failure("written_shape", tensor.name, shape=shape, given=given)
    dtype = tensor.dtype
    if out.dtype.kind != dtype.kind and "biufc".index(out.dtype.kind) > "biufc".index(dtype.kind):
        given, wanted = _dtype_name(out.dtype), _dtype_name(dtype)
        raise failure("written_dtype", tensor.name, given=given, dtype=wanted)
    if type(tensor._data) is float:
        tensor._data = float(out._data)
    else:
        tensor._data[...] = out._data
    written(tensor)
    counter = counter_of(tensor)
    node, hooks = out._node, None if tensor.is_leaf else tensor._node.hooks
    if not RECORDING.on:
        return
    if node is not None and hooks is not None and hooks.retained:
        node.hooks, tensor._node.hooks = hooks, None
    if isinstance(node, Applied) and type(node.output) is Output:
        node.output = Output(tensor._data, counter)
    rebase(tensor, node)


def written(tensor: Tensor) -> None:
    """Count a modification. Raises RuntimeError, afterwards as PyTorch does, for a tensor made in
    inference mode."""
    if tensor.is_inference() and not RECORDING.inference:
        raise failure("inference_inplace", tensor.name)
    counter_of(tensor).version += 1


def _dtype_name(dtype: np.dtype[Any]) -> str:
    return _SCALAR_NAME.get(dtype.kind, _FLOAT_NAME.get(dtype.itemsize, str(dtype)))


def _overwrite(tensor: Tensor, value: Tensor, title: str) -> Tensor:
    """Write `value` over `tensor`: nothing flows to what it was, all to `value`."""
    _check(tensor, [value])
    where, shape = tensor.backend, tensor.shape
    spread = where.xp.broadcast_to(value.array, shape).astype(tensor.dtype)
    out = Tensor(settle(spread, where))
    if RECORDING.on and (tensor.requires_grad or value.requires_grad):
        source, dtype = value.shape, value.dtype

        def pull(g: Tensor) -> Sequence[Tensor | None]:
            zeros = Tensor(settle(where.xp.zeros(shape, dtype=g.dtype), where))
            return [zeros, g.sum_to(source).to(dtype)][: len(edges)]

        edges = (edge_of(tensor), edge_of(value))[: 1 + value.requires_grad]
        out._node = Custom(title, edges, pull)
    _write(tensor, out)
    return tensor


def zero_(self: Tensor) -> Tensor:
    """Write 0 over every entry, and return this tensor."""
    return _overwrite(self, wrap(0, self), "ZeroBackward0")


def fill_(self: Tensor, value: Any) -> Tensor:
    """Write a number over every entry, and return this tensor."""
    return _overwrite(self, wrap(value, self), "FillBackward0")


def copy_(self: Tensor, source: Tensor) -> Tensor:
    """Write the entries of `source`, broadcast, over this tensor, and return it."""
    return _overwrite(self, source, "CopyBackwards")
