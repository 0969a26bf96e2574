"""Functions that choose entries: by a condition, by their size, by their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.autograd.machine import Machine
from engine.autograd.pieces import Call, first, titled
from engine.autograd.refuse import Raised
from engine.autograd.values import Named, python_name
from engine.eager import Tensor
from engine.eager.methods import functions
from engine.eager.tensor import settle

__all__ = ["CHOOSING", "chosen", "one_hot"]

_EAGER = functions()
_KINDS = {"float32": "Float", "float64": "Double", "float16": "Half", "int64": "Long"}
_KINDS |= {"int32": "Int", "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}


def _made(x: Tensor, array: Any) -> Tensor:
    return Tensor(settle(np.asarray(array), x.backend))


def _host(x: Tensor) -> Any:
    return x.backend.to_host(x.array)


def _places(machine: Machine, x: Tensor) -> tuple[Tensor, ...]:
    found = np.nonzero(np.atleast_1d(_host(x)))
    machine.budget.tensor(sum(each.size for each in found))
    return tuple(_made(x, each) for each in found)


def _where(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    keys = ("condition", "input", "other")
    given = [*args, *(named[key] for key in keys[len(args) :] if key in named)]
    if len(given) == 1:
        return _places(machine, first(given, "where"))
    if len(given) != 3:
        text = "where() received an invalid combination of arguments"
        raise Raised("TypeError", text)
    condition, one, other = given
    for each in (one, other):
        if not isinstance(each, Tensor | bool | int | float):
            text = f"where(): a tensor or number is needed, not {python_name(each)}"
            raise Raised("TypeError", text)
    kind = first(args, "where").dtype.name
    if kind not in ("bool", "uint8"):
        text = "where expected condition to be a boolean tensor, but got a tensor with dtype "
        raise Raised("RuntimeError", f"{text}{_KINDS.get(kind, kind)}")
    if not isinstance(one, Tensor) and not isinstance(other, Tensor):
        one = _scalar(condition, one)
    return _EAGER["where"](condition, one, other)


def chosen(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    """Return `x.where(condition, other)`: the method, whose tensor comes second as an argument."""
    given = dict(zip(("condition", "other"), args[1:], strict=False)) | named
    return _where(machine, [given["condition"], args[0], given["other"]], {})


def _scalar(beside: Tensor, value: Any) -> Tensor:
    """A number as a tensor of the precision that numbers of its kind have."""
    from engine.eager.modes import RECORDING

    kinds = {bool: np.dtype(np.bool_), int: np.dtype(np.int64), float: RECORDING.real}
    return _made(beside, np.asarray(value, dtype=kinds[type(value)]))


def _nonzero(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "nonzero")
    found = _places(machine, x)
    if named.get("as_tuple"):
        return found
    rows = np.stack([_host(each) for each in found], axis=1)
    return _made(x, rows if x.ndim else rows[:, :0])


def _masked_select(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x, mask = first(args, "masked_select"), args[1] if len(args) > 1 else named["mask"]
    shape = np.broadcast_shapes(x.shape, mask.shape)
    found = _EAGER["broadcast_to"](x, shape)[_EAGER["broadcast_to"](mask, shape)]
    return titled(found, "MaskedSelectBackward0")


def _topk(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    keys = ("k", "dim", "largest", "sorted")
    given = dict(zip(keys, args[1:], strict=False)) | named
    x, dim, k = first(args, "topk"), given.get("dim", -1), given["k"]
    if not 0 <= k <= (x.shape[dim] if x.ndim else 1):
        raise Raised("RuntimeError", "selected index k out of range")
    order = _EAGER["argsort"](x, dim=dim, descending=bool(given.get("largest", True)))
    kept = order[(*(slice(None),) * (dim % x.ndim), slice(0, k))]
    values = titled(_EAGER["gather"](x, dim, kept), "TopkBackward0")
    return Named.of("topk", values=values, indices=kept)


def _kthvalue(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    keys = ("k", "dim", "keepdim")
    given = dict(zip(keys, args[1:], strict=False)) | named
    x, dim = first(args, "kthvalue"), given.get("dim", -1)
    place = (*(slice(None),) * (dim % x.ndim), slice(given["k"] - 1, given["k"]))
    kept = _EAGER["argsort"](x, dim=dim)[place]
    values = _EAGER["gather"](x, dim, kept)
    if not given.get("keepdim"):
        values, kept = values.squeeze(dim), kept.squeeze(dim)
    return Named.of("kthvalue", values=titled(values, "KthvalueBackward0"), indices=kept)


def one_hot(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    """Return 1 at the place of each class, 0 elsewhere."""
    x = first(args, "one_hot")
    if x.dtype != np.int64:
        raise Raised(
            "RuntimeError", "one_hot is only applicable to index tensor of type LongTensor."
        )
    count = args[1] if len(args) > 1 else named.get("num_classes", -1)
    places = _host(x)
    if places.size and places.min() < 0:
        raise Raised("RuntimeError", "Class values must be non-negative.")
    count = int(places.max()) + 1 if count == -1 else count
    if places.size and places.max() >= count:
        raise Raised("RuntimeError", "Class values must be smaller than num_classes.")
    machine.budget.tensor(places.size * count)
    return _made(x, (places[..., None] == np.arange(count)).astype(np.int64))


def _unique(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "unique")
    values, inverse, counts = np.unique(_host(x), return_inverse=True, return_counts=True)
    found = [_made(x, values)]
    found += [_made(x, inverse.reshape(x.shape))] if named.get("return_inverse") else []
    found += [_made(x, counts)] if named.get("return_counts") else []
    return found[0] if len(found) == 1 else tuple(found)


def _bincount(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "bincount")
    places, least = _host(x), named.get("minlength", 0)
    machine.budget.tensor(max(int(places.max(initial=0)) + 1, least))
    return _made(x, np.bincount(places, minlength=least))


def _count_nonzero(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x, dim = first(args, "count_nonzero"), args[1] if len(args) > 1 else named.get("dim")
    return _made(x, np.asarray(np.count_nonzero(_host(x), axis=dim)))


def _isclose(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    a, b = first(args, "isclose"), args[1]
    options = {"rtol": 1e-5, "atol": 1e-8, "equal_nan": False} | named
    machine.budget.tensor(a.numel())
    return _made(a, np.isclose(_host(a), _host(b), **options))


def _select(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x, dim, index = _three("select", ("dim", "index"), args, named)
    return titled(x[(*(slice(None),) * (dim % x.ndim), index)], "SelectBackward0")


def _narrow(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x, dim, start, length = _three("narrow", ("dim", "start", "length"), args, named)
    if start + length > x.shape[dim]:
        text = f"start ({start}) + length ({length}) exceeds dimension size ({x.shape[dim]})."
        raise Raised("RuntimeError", text)
    return x[(*(slice(None),) * (dim % x.ndim), slice(start, start + length))]


def _three(name: str, keys: Sequence[str], args: list[Any], named: dict[str, Any]) -> list[Any]:
    given = dict(zip(keys, args[1:], strict=False)) | named
    return [first(args, name), *(given[key] for key in keys)]


CHOOSING: dict[str, Call] = {
    "where": _where,
    "nonzero": _nonzero,
    "argwhere": _nonzero,
    "masked_select": _masked_select,
    "topk": _topk,
    "kthvalue": _kthvalue,
    "unique": _unique,
    "bincount": _bincount,
    "count_nonzero": _count_nonzero,
    "isclose": _isclose,
    "select": _select,
    "narrow": _narrow,
}
