"""Products need one precision: PyTorch promotes nothing here, and each product says it its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.autograd.refuse import Raised
from engine.eager import Tensor

__all__ = ["PRODUCTS", "same_precision"]

PRODUCTS = frozenset({"matmul", "mm", "mv", "dot", "vdot", "bmm", "linear"})

_SCALAR = {"float32": "Float", "float64": "Double", "float16": "Half", "int64": "Long"}
_SCALAR |= {"int32": "Int", "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}
_IN_C = {"float32": "float", "float64": "double", "float16": "c10::Half", "int64": "long int"}
_IN_C |= {"int32": "int", "int16": "short", "int8": "signed char", "uint8": "unsigned char"}


def same_precision(name: str, operands: Sequence[Any]) -> None:
    """Raise RuntimeError of the snippet where the operands of a product differ in precision."""
    found = [each for each in operands[:2] if isinstance(each, Tensor)]
    if len(found) < 2 or found[0].dtype == found[1].dtype:
        return
    names = [str(each.dtype) for each in found]
    raise Raised("RuntimeError", _sentence(name, [each.ndim for each in found], names))


def _sentence(name: str, ranks: list[int], names: list[str]) -> str:
    a, b = (_SCALAR.get(each, each) for each in names)
    if name == "linear":
        return f"mat1 and mat2 must have the same dtype, but got {a} and {b}"
    if ranks == [1, 1]:
        return f"dot : expected both vectors to have same dtype, but found {a} and {b}"
    if ranks[1] == 1:
        return f"addmv input tensors must have the same dtype, but got {b}, {a}, and {b}"
    if ranks[1] == 2:
        first, second = (_IN_C.get(each, each) for each in names)
        return f"expected m1 and m2 to have the same dtype, but got: {first} != {second}"
    return f"expected scalar type {a} but found {b}"
