"""Functions that are put together from others: the last step has the name that PyTorch gives it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, prod
from typing import Any

import numpy as np

from engine.autograd.machine import Machine
from engine.autograd.pieces import Call, first, titled
from engine.autograd.refuse import Raised
from engine.eager import Tensor
from engine.eager.methods import functions
from engine.eager.tensor import settle

__all__ = ["COMPOSED", "JOINING", "cosine_similarity"]

_EAGER: dict[str, Any] = functions()


def _named(name: str, keys: tuple[str, ...], rule: Callable[..., Tensor], title: str = "") -> Call:
    """A function of a tensor and `keys`, by place or by name."""

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        given = dict(zip(keys, args[1:], strict=False)) | named
        found = rule(first(args, name), **given)
        return titled(found, title) if title else found

    return call


def _div(x: Any, other: Any, rounding_mode: str | None = None) -> Any:
    if rounding_mode is None:
        return _EAGER["div"](x, other)
    if rounding_mode not in ("floor", "trunc"):
        text = "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
        raise Raised("RuntimeError", f"{text}'{rounding_mode}'")
    whole = all(not isinstance(each, float) for each in (x, other))
    whole = whole and all(each.dtype.kind != "f" for each in (x, other) if isinstance(each, Tensor))
    found = _EAGER[rounding_mode](_EAGER["div"](x, other))
    return found.to(np.int64) if whole else titled(found, _ROUNDED[isinstance(other, Tensor)])


_ROUNDED = {True: "DivBackward1", False: "DivBackward2"}


def _addmm(x: Any, mat1: Any, mat2: Any, beta: Any = 1, alpha: Any = 1) -> Any:
    product = mat1 @ mat2
    return (x if beta == 1 else x * beta) + (product if alpha == 1 else product * alpha)


def _addmv(x: Any, mat: Any, vec: Any, beta: Any = 1, alpha: Any = 1) -> Any:
    return _addmm(x, mat, vec, beta, alpha)


def _addcmul(x: Any, tensor1: Any, tensor2: Any, value: Any = 1) -> Any:
    return x + tensor1 * tensor2 * value


def _addcdiv(x: Any, tensor1: Any, tensor2: Any, value: Any = 1) -> Any:
    return x + tensor1 / tensor2 * value


def _diff(x: Any, n: int = 1, dim: int = -1) -> Any:
    front = (slice(None),) * (dim % x.ndim)
    for _ in range(min(n, x.shape[dim])):
        x = x[(*front, slice(1, None))] - x[(*front, slice(None, -1))]
    return x


def _nan_to_num(x: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if x.dtype.kind != "f":
        return x
    xp, entries, ends = x.backend.xp, x.array, np.finfo(x.dtype)
    for test, value in (
        (xp.isnan(entries), nan),
        (xp.isposinf(entries), ends.max if posinf is None else posinf),
        (xp.isneginf(entries), ends.min if neginf is None else neginf),
    ):
        x = x.masked_fill(Tensor(settle(xp.asarray(test), x.backend)), float(value))
    return x


def _unflatten(x: Any, dim: int, sizes: Any) -> Any:
    at = dim % x.ndim
    return x.reshape((*x.shape[:at], *sizes, *x.shape[at + 1 :]))


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Return the cosine of the angle between vectors along an axis."""
    lengths = [each.norm(p=2, dim=dim, keepdim=True).clamp(min=eps) for each in (x1, x2)]
    return titled(((x1 / lengths[0]) * (x2 / lengths[1])).sum(dim), "SumBackward1")


def _scatter_add(x: Any, dim: int, index: Any, src: Any) -> Any:
    part = src[tuple(slice(size) for size in index.shape)]
    return x + _EAGER["scatter_add"](part, index, x.shape, dim)


def _quantile(x: Any, q: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    if isinstance(q, Tensor) and q.ndim:
        return _EAGER["stack"]([_quantile(x, each, dim, keepdim) for each in q.tolist()])
    whole, axis = (x.flatten(), 0) if dim is None else (x, dim % x.ndim)
    at = (q.item() if isinstance(q, Tensor) else q) * (whole.shape[axis] - 1)
    if not 0 <= at <= whole.shape[axis] - 1:
        raise Raised("RuntimeError", f"quantile() q must be in the range [0, 1] but got {q}")
    ordered, front = _EAGER["sort"](whole, dim=axis), (slice(None),) * axis
    low, high = (ordered[(*front, round_(at))] for round_ in (floor, ceil))
    found = low + (high - low) * (at - floor(at))
    if not keepdim:
        return found
    return found.reshape((1,) * x.ndim) if dim is None else found.unsqueeze(axis)


def _cdist(x1: Any, x2: Any, p: float = 2.0) -> Any:
    return (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p=p, dim=-1)


def solve(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    """`torch.linalg.solve`: the x with a @ x = b."""
    return titled(_EAGER["solve"](first(args, "solve"), args[1]), "LinalgSolveExBackward0")


def _meshgrid(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    """One axis for each of the vectors; those of the first two are swapped for `xy`."""
    vectors = list(args[0]) if args and isinstance(args[0], list | tuple) else list(args)
    order = list(range(len(vectors)))
    if named.get("indexing", "ij") == "xy" and len(vectors) > 1:
        order[:2] = [1, 0]
    sizes = tuple(vectors[order.index(axis)].numel() for axis in range(len(vectors)))
    machine.budget.tensor(prod(sizes))
    found = []
    for vector, axis in zip(vectors, order, strict=True):
        shape = tuple(vector.numel() if each == axis else 1 for each in range(len(sizes)))
        found.append(titled(vector.reshape(shape).expand(sizes), "ExpandBackward0"))
    return tuple(found)


COMPOSED: dict[str, Call] = {
    "div": _named("div", ("other", "rounding_mode"), _div),
    "divide": _named("divide", ("other", "rounding_mode"), _div),
    "frac": _named("frac", (), lambda x: x - x.trunc(), "FracBackward0"),
    "positive": _named("positive", (), lambda x: x),
    "clamp_min": _named(
        "clamp_min", ("min",), lambda x, min: x.clamp(min=min), "ClampMinBackward0"
    ),
    "clamp_max": _named(
        "clamp_max", ("max",), lambda x, max: x.clamp(max=max), "ClampMaxBackward0"
    ),
    "addmm": _named("addmm", ("mat1", "mat2"), _addmm, "AddmmBackward0"),
    "addmv": _named("addmv", ("mat", "vec"), _addmv, "AddmvBackward0"),
    "addcmul": _named("addcmul", ("tensor1", "tensor2"), _addcmul, "AddcmulBackward0"),
    "addcdiv": _named("addcdiv", ("tensor1", "tensor2"), _addcdiv, "AddcdivBackward0"),
    "diff": _named("diff", ("n", "dim"), _diff),
    "nan_to_num": _named(
        "nan_to_num", ("nan", "posinf", "neginf"), _nan_to_num, "NanToNumBackward0"
    ),
    "unflatten": _named("unflatten", ("dim", "sizes"), _unflatten, "ViewBackward0"),
    "scatter_add": _named(
        "scatter_add", ("dim", "index", "src"), _scatter_add, "ScatterAddBackward0"
    ),
    "dist": _named(
        "dist", ("other", "p"), lambda x, other, p=2: (x - other).norm(p=p), "DistBackward0"
    ),
    "quantile": _named("quantile", ("q", "dim", "keepdim"), _quantile, "SqueezeBackward4"),
    "rsub": _named("rsub", ("other",), lambda x, other: other - x),
}
"""Functions that are methods too."""


def _several(args: list[Any], named: dict[str, Any], name: str) -> tuple[list[Any], int]:
    """The tensors of a list, and `dim`. Raises as PyTorch does for what is no list of tensors."""
    several = args[0] if args else named["tensors"]
    if isinstance(several, Tensor) or not isinstance(several, list | tuple):
        text = f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor"
        raise Raised("TypeError", text)
    for place, each in enumerate(several):
        if not isinstance(each, Tensor):
            kind = type(each).__name__
            text = f"expected Tensor as element {place} in argument 0, but got {kind}"
            raise Raised("TypeError", text)
    dim = args[1] if len(args) > 1 else named.get("dim", named.get("axis", 0))
    return list(several), dim


def _cat(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    tensors, dim = _several(args, named, "cat")
    if not tensors:
        raise Raised("ValueError", "torch.cat(): expected a non-empty list of Tensors")
    told = [each for each in tensors if each.shape != (0,)] or tensors[:1]
    like = told[0]
    for place, each in enumerate(tensors):
        if each.shape != (0,):
            _fits(like.shape, each.shape, place, dim)
    return _EAGER["concat"](told, axis=dim)


def _fits(like: tuple[int, ...], shape: tuple[int, ...], place: int, dim: int) -> None:
    if len(shape) != len(like):
        text = "Tensors must have same number of dimensions: got "
        raise Raised("RuntimeError", f"{text}{len(like)} and {len(shape)}")
    if not like:
        text = f"zero-dimensional tensor (at position {place}) cannot be concatenated"
        raise Raised("RuntimeError", text)
    for axis, (size, own) in enumerate(zip(like, shape, strict=True)):
        if size != own and axis != dim % len(like):
            text = f"Sizes of tensors must match except in dimension {dim % len(like)}. Expected "
            text += f"size {size} but got size {own} for tensor number {place} in the list."
            raise Raised("RuntimeError", text)


def _stack(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    tensors, dim = _several(args, named, "stack")
    if not tensors:
        raise Raised("RuntimeError", "stack expects a non-empty TensorList")
    for place, each in enumerate(tensors):
        if each.shape != tensors[0].shape:
            text = "stack expects each tensor to be equal size, but got "
            text += f"{list(tensors[0].shape)} at entry 0 and {list(each.shape)} at entry {place}"
            raise Raised("RuntimeError", text)
    return _EAGER["stack"](tensors, axis=dim)


def _beside(least: int, dim: int) -> Call:
    """`hstack` and `vstack`."""

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        tensors, _ = _several(args, named, "hstack" if least == 1 else "vstack")
        lifted = [
            each.reshape((1,) * (least - each.ndim) + each.shape) if each.ndim < least else each
            for each in tensors
        ]
        along = 0 if least == 1 and all(each.ndim == 1 for each in lifted) else dim
        return _cat(machine, [lifted, along], {})

    return call


JOINING: dict[str, Call] = {"cat": _cat, "concat": _cat, "concatenate": _cat, "stack": _stack}
JOINING |= {"meshgrid": _meshgrid}
JOINING |= {"cdist": _named("cdist", ("x2", "p"), _cdist, "CdistBackward0")}
JOINING |= {"hstack": _beside(1, 1), "vstack": _beside(2, 0)}
