"""One op applied to tensors: promote, compute, and record what the way back needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any
from weakref import WeakSet

import numpy as np

from engine.backend import Array
from engine.eager.messages import failure
from engine.eager.modes import RECORDING
from engine.eager.node import LEAF, Applied, Edge, Output, Saved
from engine.eager.plan import Plan, plan_of
from engine.eager.tensor import FLOAT, Tensor, counter_of, marked, settle
from engine.graph import Attribute
from engine.ops import Op
from engine.sweeps.pull import Application, pull

__all__ = ["Recorder", "apply", "edge_of", "wrap"]

_LOGICAL = frozenset({"greater", "greater_equal", "less", "less_equal", "equal", "not_equal"})
_FLAGS = _LOGICAL | {"isnan", "isinf", "isfinite", "logical_and", "logical_or", "logical_not"}
"""Ops that answer true or false: they leave the tape."""

_POSITIONS = frozenset({"argmax", "argmin", "argsort", "count_nonzero"})
"""Ops that answer with whole numbers: they leave the tape too."""


_WHOLE = np.dtype(np.int64)


def edge_of(tensor: Tensor) -> Edge:
    """Return where a cotangent of this tensor goes."""
    node = tensor._node
    return tensor if node is LEAF else node


def _category(dtype: np.dtype[Any]) -> int:
    return "biufc".index(dtype.kind) if dtype.kind != "u" else 1


def _higher(a: np.dtype[Any] | None, b: np.dtype[Any] | None) -> np.dtype[Any] | None:
    """PyTorch's promotion: an integer never makes a float wider."""
    if a is None or b is None or a == b:
        return b if a is None else a
    if _category(a) != _category(b) and max(_category(a), _category(b)) > 2:
        return a if _category(a) > _category(b) else b
    return np.promote_types(a, b)


def common_dtype(tensors: Sequence[Tensor]) -> np.dtype[Any]:
    """Return PyTorch's result type: tensors with axes decide, unless a number is of a higher
    kind."""
    wide: np.dtype[Any] | None = None
    narrow: np.dtype[Any] | None = None
    for tensor in tensors:
        if tensor.ndim:
            wide = _higher(wide, tensor.dtype)
        else:
            narrow = _higher(narrow, tensor.dtype)
    if wide is None or narrow is None or _category(narrow) <= max(_category(wide), 0):
        found = wide or narrow
    else:
        found = _higher(wide, narrow)
    assert found is not None
    return found


def wrap(value: Any, beside: Tensor) -> Tensor:
    """Return a number or array as a tensor that does not widen the one beside it."""
    if isinstance(value, Tensor):
        return value
    where, dtype = beside.backend, beside.dtype
    if isinstance(value, bool | int | float) and not isinstance(value, np.generic):
        if dtype.kind == "f" and dtype.itemsize == 8 and where.ordinal is None:
            return Tensor(float(value))
        rank = 0 if isinstance(value, bool) else 1 if isinstance(value, int) else 3
        kept = dtype if _category(dtype) >= rank else (_WHOLE if rank == 1 else RECORDING.real)
        return Tensor(settle(where.xp.asarray(value, dtype=kept), where))
    return Tensor(settle(where.xp.array(value), where))


def apply(
    op: Op, inputs: Sequence[Tensor], attrs: Mapping[str, Attribute], flags: bool = True
) -> Tensor:
    """Return the value of an op, recorded if any input requires grad.

    flags: whether truth values and positions are told as such, as PyTorch does; in the rules of the
    registry they are numbers like all others. Raises RuntimeError, in PyTorch's words, where shapes
    or devices do not fit.
    """
    arrays, dtypes, device = _promoted(op, inputs)
    shapes = tuple([array.shape for array in arrays])
    plan = plan_of(op.name, tuple(sorted(attrs.items())) if attrs else (), shapes, dtypes, device)
    where = plan.backend
    if RECORDING.charge is not None:
        RECORDING.charge(prod(plan.out_shape))
    with where.quiet():
        value = op.forward(where.xp, *arrays, **plan.attrs)
    if RECORDING.real is not FLOAT:
        value = _narrowed(value, arrays)
    if value.dtype.kind == "f" and all(each.dtype.kind == "b" for each in arrays):
        arrays = [each.astype(RECORDING.real) for each in arrays]
        value = where.xp.asarray(op.forward(where.xp, *arrays, **plan.attrs))
    if flags and (op.name in _FLAGS or op.name in _POSITIONS):
        kind = bool if op.name in _FLAGS else np.int64
        return marked(Tensor(where.xp.asarray(value).astype(kind)))
    lent = RECORDING.charge is not None and isinstance(value, np.ndarray) and value.base is not None
    out = Tensor(value if lent else settle(value, where))
    if (type(out._data) is not float and out._data.base is not None) or value is arrays[0]:
        _note_view(out, inputs, arrays)
        if RECORDING.on and out._extra is not None:
            _note_base(out, inputs[0], (op, attrs))
    if RECORDING.on:
        _record(out, plan, inputs)
        return out
    return marked(out)


def _narrowed(value: Array, arrays: Sequence[Array]) -> Array:
    """A real result of whole numbers, in the precision that is set for these."""
    whole = all(array.dtype.kind in "biu" for array in arrays)
    return value.astype(RECORDING.real) if whole and value.dtype == FLOAT else value


def _promoted(op: Op, inputs: Sequence[Tensor]) -> tuple[list[Array], tuple[Any, ...], str]:
    """The arrays in a common precision, the precisions they came in, and their device."""
    arrays = []
    for tensor in inputs:
        data = tensor._data
        if type(data) is float:
            data = np.asarray(data)
        elif type(data) is not np.ndarray or data.dtype is not FLOAT:
            return _mixed(op, inputs)
        arrays.append(data)
    return arrays, (FLOAT,) * len(arrays), "cpu"


def _mixed(op: Op, inputs: Sequence[Tensor]) -> tuple[list[Array], tuple[Any, ...], str]:
    arrays, dtypes = [tensor.array for tensor in inputs], tuple(t.dtype for t in inputs)
    device = inputs[0].device
    for tensor in inputs:
        if tensor.device != device:
            raise failure("devices", op.name, first=device, second=tensor.device)
    counted = [t for slot, t in enumerate(inputs) if not _inert(op, slot)]
    if not counted:
        return arrays, dtypes, device
    common = common_dtype(counted)
    arrays = [
        array if _inert(op, slot) else array.astype(common, copy=False)
        for slot, array in enumerate(arrays)
    ]
    return arrays, dtypes, device


def _inert(op: Op, slot: int) -> bool:
    """Whether an argument is a condition, an index …, and has no say in the precision."""
    return bool(op.inert) and slot < len(op.args) and op.args[slot] in op.inert


def _note_view(out: Tensor, inputs: Sequence[Tensor], arrays: Sequence[Array]) -> None:
    """A result over the memory of an input shares its count of modifications."""
    data = out._data
    if type(data) is float:
        return
    base = data.base
    for tensor, array in zip(inputs, arrays, strict=True):
        if type(tensor._data) is float or array is not tensor._data:
            continue
        if data is array or (base is not None and (base is array or base is array.base)):
            out._counter = counter_of(tensor)
            out._extra = {"view": True}


def _note_base(out: Tensor, viewed: Tensor, step: Any) -> None:
    """Let a view know whose memory it shows, and by which ops; and that one its views."""
    base, path = (viewed._extra or {}).get("of") or (viewed, ())
    assert out._extra is not None
    out._extra["of"] = (base, (*path, step))
    base._extra = base._extra or {}
    base._extra.setdefault("views", WeakSet()).add(out)


def _record(out: Tensor, plan: Plan, inputs: Sequence[Tensor]) -> None:
    edges: list[Edge] = []
    needed = []
    inert = plan.op.inert
    for slot, tensor in enumerate(inputs):
        node = tensor._node
        if node is None or (inert and _inert(plan.op, slot)):
            edges.append(None)
        else:
            edges.append(tensor if node is LEAF else node)
        needed.append(edges[slot] is not None)
    if True not in needed or (type(out._data) is not float and out._data.dtype.kind not in "fc"):
        return
    saved, saves_output = plan.saves(tuple(needed))
    kept = None
    if True in saved:
        pairs = zip(inputs, saved, strict=True)
        kept = tuple([_kept(tensor) if wanted else None for tensor, wanted in pairs])
    output = Output(out._data, counter_of(out)) if saves_output else None
    out._node = Applied(plan, tuple(edges), kept, output)


def _kept(tensor: Tensor) -> Tensor | Saved:
    version = tensor._version
    return Saved(tensor, version) if version else tensor


class Recorder:
    """Applies ops to tensors, so that a backward pass is itself on the tape."""

    def __init__(self, like: Tensor) -> None:
        self._like = like

    def op(self, op: Op, inputs: tuple[Tensor, ...], attrs: Mapping[str, Attribute]) -> Tensor:
        """Apply an op."""
        return apply(op, inputs, attrs, flags=False)

    def const(self, value: float) -> Tensor:
        """Return a number as a tensor of the same precision."""
        return wrap(float(value), self._like)

    def pull(
        self, plan: Plan, slot: int, inputs: Sequence[Any], out: Any, cotangent: Tensor
    ) -> Tensor | None:
        """Return the cotangent of one argument as a tensor on the tape; None where it is zero.

        inputs, out: None where the rule does not use them.
        """
        applied = Application(plan.op, inputs, out, plan.shapes, plan.out_shape, plan.attrs)
        return pull(self, applied, slot, cotangent)
