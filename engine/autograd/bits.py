"""`&`, `|`, `^`, `~`, `<<` and `>>` of tensors, and what the other signs do not take."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.autograd.misuse import KIND_NAMES, divided_by_zero
from engine.autograd.refuse import Raised
from engine.eager import Tensor
from engine.eager.apply import common_dtype, wrap
from engine.eager.modes import RECORDING
from engine.eager.tensor import marked, settle

__all__ = ["BITS", "bits", "inverted", "refuse_numbers"]

BITS: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.BitAnd: ("bitwise_and_cpu", np.bitwise_and),
    ast.BitOr: ("bitwise_or_cpu", np.bitwise_or),
    ast.BitXor: ("bitwise_xor_cpu", np.bitwise_xor),
    ast.LShift: ("lshift_cpu", np.left_shift),
    ast.RShift: ("rshift_cpu", np.right_shift),
}
"""By sign: PyTorch's name of the kernel, and the function."""


def bits(kind: type, left: Any, right: Any) -> Tensor:
    """Return left ∘ right, bit by bit. Raises NotImplementedError of the snippet for reals."""
    name, function = BITS[kind]
    like = left if isinstance(left, Tensor) else right
    a, b = (each if isinstance(each, Tensor) else wrap(each, like) for each in (left, right))
    dtype = common_dtype([a, b])
    if dtype.kind not in "biu":
        text = f"\"{name}\" not implemented for '{KIND_NAMES.get(dtype.name, dtype.name)}'"
        raise Raised("NotImplementedError", text)
    shape = np.broadcast_shapes(a.shape, b.shape)
    if RECORDING.charge is not None:
        RECORDING.charge(int(np.prod(shape)))
    host = [each.backend.to_host(each.array).astype(dtype) for each in (a, b)]
    return marked(Tensor(settle(like.backend.xp.asarray(function(*host)), like.backend)))


def inverted(value: Tensor) -> Tensor:
    """Return ~value. Raises TypeError of the snippet for reals."""
    if value.dtype.kind == "b":
        found: Tensor = value.logical_not()
        return found
    if value.dtype.kind not in "iu":
        text = "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        raise Raised("TypeError", text)
    return marked(Tensor(~value.array))


_MINUS = (
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
    "`logical_xor()` operator instead."
)
_MINUS_A = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
    "invert a mask, use the `~` or `logical_not()` operator instead."
)
_NEGATIVE = (
    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a "
    "mask, use the `~` or `logical_not()` operator instead."
)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, Tensor) and value.dtype.kind == "b")


def refuse_numbers(kind: type, left: Any, right: Any) -> None:
    """Raise, in PyTorch's words, where a sign does not take such numbers."""
    if kind is ast.Sub and (_is_truth(left) or _is_truth(right)):
        both = _is_truth(left) and _is_truth(right)
        raise Raised("RuntimeError", _MINUS if both else _MINUS_A)
    if kind is ast.USub and _is_truth(left):
        raise Raised("RuntimeError", _NEGATIVE)
    if kind in (ast.FloorDiv, ast.Mod):
        divided_by_zero(left, right)
    whole = isinstance(left, Tensor) and left.dtype.kind in "biu"
    if kind is ast.Pow and whole and type(right) is int and right < 0:
        raise Raised("RuntimeError", "Integers to negative integer powers are not allowed.")
