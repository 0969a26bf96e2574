"""What PyTorch refuses where our ops would compute: each check raises with its words."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from engine.autograd.refuse import Raised
from engine.eager import Tensor

__all__ = ["KIND_NAMES", "check", "divided_by_zero"]

KIND_NAMES = {"float32": "Float", "float64": "Double", "float16": "Half", "int64": "Long"}
KIND_NAMES |= {"int32": "Int", "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}
_RANKS = {1: "vector", 2: "matrix"}


def _mm(a: Tensor, b: Tensor) -> None:
    for name, each in (("self", a), ("mat2", b)):
        if each.ndim != 2:
            raise Raised("RuntimeError", f"{name} must be a matrix")


def _mv(a: Tensor, b: Tensor) -> None:
    if (a.ndim, b.ndim) != (2, 1):
        text = f"vector + matrix @ vector expected, got 1, {a.ndim}, {b.ndim}"
        raise Raised("RuntimeError", text)
    if a.shape[1] != b.shape[0]:
        sizes = f"{a.shape[0]}x{a.shape[1]}"
        text = f"size mismatch, got input ({a.shape[0]}), mat ({sizes}), vec ({b.shape[0]})"
        raise Raised("RuntimeError", text)


def _dot(a: Tensor, b: Tensor) -> None:
    if (a.ndim, b.ndim) != (1, 1):
        text = f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors"
        raise Raised("RuntimeError", text)
    if a.shape != b.shape:
        text = f"inconsistent tensor size, expected tensor [{a.shape[0]}] and src [{b.shape[0]}] to"
        text += f" have the same number of elements, but got {a.shape[0]} and {b.shape[0]} elements"
        raise Raised("RuntimeError", f"{text} respectively")


def _bmm(a: Tensor, b: Tensor) -> None:
    for name, each in (("batch1", a), ("batch2", b)):
        if each.ndim != 3:
            raise Raised("RuntimeError", f"{name} must be a 3D tensor")
    wanted = [a.shape[0], a.shape[2]]
    if wanted != list(b.shape[:2]):
        text = f"Expected size for first two dimensions of batch2 tensor to be: {wanted} but got: "
        raise Raised("RuntimeError", f"{text}{list(b.shape[:2])}.")


def _outer(a: Tensor, b: Tensor) -> None:
    for name, each in (("self", a), ("vec2", b)):
        if each.ndim != 1:
            text = f"outer: Expected 1-D argument {name}, but got {each.ndim}-D"
            raise Raised("RuntimeError", text)


def _same_size(a: Tensor, b: Tensor) -> None:
    if a.shape != b.shape:
        told = f"torch.Size({list(b.shape)})", f"torch.Size({list(a.shape)})"
        text = f"Target size ({told[0]}) must be the same as input size ({told[1]})"
        raise Raised("ValueError", text)


def _bce(a: Tensor, b: Tensor) -> None:
    if a.shape != b.shape:
        told = f"torch.Size({list(b.shape)})", f"torch.Size({list(a.shape)})"
        text = f"Using a target size ({told[0]}) that is different to the input size ({told[1]}) is"
        raise Raised("ValueError", f"{text} deprecated. Please ensure they have the same size.")
    if not bool(((a.array >= 0) & (a.array <= 1)).all()):
        raise Raised("RuntimeError", "all elements of input should be between 0 and 1")


def _classes(a: Tensor, b: Tensor) -> None:
    """Targets that are classes, or as many probabilities as there are scores."""
    if b.shape == a.shape and b.dtype.kind == "f":
        return
    _whole_classes(a, b)


def _whole_classes(a: Tensor, b: Tensor) -> None:
    if a.ndim > 1 and b.ndim and a.shape[0] != b.shape[0]:
        text = f"Expected input batch_size ({a.shape[0]}) to match target batch_size "
        raise Raised("ValueError", f"{text}({b.shape[0]}).")
    if b.dtype.name not in ("int64", "uint8"):
        kind = KIND_NAMES.get(b.dtype.name, b.dtype.name)
        text = f"expected target dtype to be Long or Byte, but got {kind}"
        raise Raised("RuntimeError", text)
    count = a.shape[min(1, a.ndim - 1)] if a.ndim else 0
    entries = b.array
    for wrong in entries[((entries < 0) | (entries >= count)) & (entries != -100)].ravel()[:1]:
        raise Raised("IndexError", f"Target {int(wrong)} is out of bounds.")


def _float(name: str, text: str) -> Callable[..., None]:
    def rule(a: Tensor, *rest: Any) -> None:
        if a.dtype.kind not in "fc":
            kind = KIND_NAMES.get(a.dtype.name, a.dtype.name)
            raise Raised(name, text.format(kind=kind))

    return rule


def _permute(a: Tensor, *dims: Any) -> None:
    given = dims[0] if len(dims) == 1 and isinstance(dims[0], list | tuple) else dims
    if len(given) != a.ndim:
        text = "permute(sparse_coo): number of dimensions in the tensor input does not match the "
        text += f"length of the desired ordering of dimensions i.e. input.dim() = {a.ndim} is not "
        raise Raised("RuntimeError", f"{text}equal to len(dims) = {len(given)}")


def _expand(a: Tensor, *sizes: Any) -> None:
    given = list(sizes[0] if len(sizes) == 1 and isinstance(sizes[0], list | tuple) else sizes)
    own = [1] * (len(given) - a.ndim) + list(a.shape)
    for axis, (wanted, size) in enumerate(zip(given, own, strict=False)):
        if size not in (1, wanted) and wanted != -1:
            text = f"The expanded size of the tensor ({wanted}) must match the existing size "
            text += f"({size}) at non-singleton dimension {axis}.  Target sizes: {given}.  Tensor "
            raise Raised("RuntimeError", f"{text}sizes: {list(a.shape)}")


def _view(a: Tensor, *sizes: Any) -> None:
    """A view needs the entries to lie one behind the other."""
    given = list(sizes[0] if len(sizes) == 1 and isinstance(sizes[0], list | tuple) else sizes)
    if given.count(-1) > 1:
        raise Raised("RuntimeError", "only one dimension can be inferred")
    if isinstance(a.array, np.ndarray) and all(isinstance(each, int) for each in given):
        if -1 in given and (rest := -prod(given)):
            given[given.index(-1)] = a.numel() // rest
        if prod(given) == a.numel() and not np.shares_memory(a.array, a.array.reshape(given)):
            text = "view size is not compatible with input tensor's size and stride (at least one "
            text += "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
            raise Raised("RuntimeError", text)


def _gather(a: Tensor, dim: Any, index: Any, *rest: Any) -> None:
    if isinstance(index, Tensor) and isinstance(dim, int):
        if index.ndim != a.ndim:
            text = "Index tensor must have the same number of dimensions as input tensor"
            raise Raised("RuntimeError", text)
        size, entries = a.shape[dim], index.array
        for wrong in entries[(entries < 0) | (entries >= size)].ravel()[:1]:
            text = f"index {wrong} is out of bounds for dimension {dim} with size {size}"
            raise Raised("RuntimeError", text)


def _index_select(a: Tensor, dim: Any, index: Any) -> None:
    if isinstance(index, Tensor) and isinstance(dim, int):
        size, entries = a.shape[dim], index.array
        if bool(((entries < 0) | (entries >= size)).any()):
            raise Raised("IndexError", "index out of range in self")


def _unsqueeze(a: Tensor, dim: Any) -> None:
    if isinstance(dim, int) and not -a.ndim - 1 <= dim <= a.ndim:
        text = f"Dimension out of range (expected to be in range of [{-a.ndim - 1}, {a.ndim}], but "
        raise Raised("IndexError", f"{text}got {dim})")


def _extremum(name: str) -> Callable[..., None]:
    def rule(a: Tensor, *rest: Any) -> None:
        if not rest and not a.numel():
            text = f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            raise Raised(
                "RuntimeError", f"{text}Specify the reduction dim with the 'dim' argument."
            )

    return rule


def divided_by_zero(a: Any, b: Any) -> None:
    """Raise where whole numbers are divided by 0."""
    for each in (a, b):
        if isinstance(each, float) or (isinstance(each, Tensor) and each.dtype.kind == "f"):
            return
    if not bool((b.array if isinstance(b, Tensor) else np.asarray(b)).all()):
        raise Raised("RuntimeError", "ZeroDivisionError")


_RULES: dict[str, Callable[..., None]] = {
    "mm": _mm, "mv": _mv, "dot": _dot, "vdot": _dot, "bmm": _bmm, "outer": _outer, "ger": _outer,
    "binary_cross_entropy": _bce, "binary_cross_entropy_with_logits": _same_size,
    "cross_entropy": _classes, "nll_loss": _whole_classes, "permute": _permute, "expand": _expand,
    "view": _view, "gather": _gather, "index_select": _index_select, "unsqueeze": _unsqueeze,
    "max": _extremum("max"), "min": _extremum("min"), "floor_divide": divided_by_zero,
    "remainder": divided_by_zero,
}  # fmt: skip
_FLOATS = "std and var only support floating point and complex dtypes"
_RULES |= {"std": _float("RuntimeError", _FLOATS), "var": _float("RuntimeError", _FLOATS)}
_NORM = "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {kind}"
_RULES["norm"] = _float("RuntimeError", _NORM)
for _name in ("softmax", "log_softmax"):
    _KERNEL = f"\"{_name}_lastdim_kernel_impl\" not implemented for '{{kind}}'"
    _RULES[_name] = _float("NotImplementedError", _KERNEL)
_BY_NAME: tuple[str, ...] = ("mat2", "vec", "vec2", "other", "tensor", "target", "weight")
_BY_NAME += ("dims", "size", "dim", "index")


def check(name: str, args: list[Any], named: dict[str, Any]) -> None:
    """Raise, in PyTorch's words, where a function refuses what it is given."""
    rule = _RULES.get(name)
    if rule is None or "ignore_index" in named or (name in _FLOAT_ALSO and "dtype" in named):
        return
    given = [*args, *(named[key] for key in _BY_NAME if key in named)]
    if "input" in named:
        given.insert(0, named["input"])
    wanted = 2 if name in _PAIRS else 1
    if len(given) >= wanted and all(isinstance(each, Tensor) for each in given[:wanted]):
        rule(*(given[:2] if name in _PAIRS else given))


_FLOAT_ALSO = frozenset({"softmax", "log_softmax"})
_PAIRS = frozenset({"mm", "mv", "dot", "vdot", "bmm", "outer", "ger", "binary_cross_entropy"})
_PAIRS |= {"binary_cross_entropy_with_logits", "cross_entropy", "nll_loss"}
