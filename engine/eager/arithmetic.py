"""The operators. Numbers in float64 take a short way: Python floats, and one small record an op."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.eager.apply import apply, wrap
from engine.eager.modes import RECORDING
from engine.eager.names import WITH_NUMBER
from engine.eager.node import ADD, DIV, KINDS, LEAF, MUL, NEG, SUB, Arithmetic, Saved
from engine.eager.tensor import Tensor
from engine.ops import OPS, Op

__all__ = ["install"]

_OPS = [OPS[name] for name in KINDS]
_NUMBERS = (float, int)


def _short(kind: int, left: Tensor, right: Any, value: float) -> Tensor:
    """Record left ∘ right on numbers; right may be a number written out."""
    if RECORDING.on:
        a = left._node
        if type(right) is Tensor:
            b = right._node
            if a is None and b is None:
                return Tensor(value)
            kept_left = kept_right = None
            if kind == MUL or kind == DIV:  # noqa: SIM109  quicker than `in`
                if b is not None:
                    kept_left = left if left._counter is None else _kept(left)
                if a is not None or kind == DIV:
                    kept_right = right if right._counter is None else _kept(right)
            a, b = left if a is LEAF else a, right if b is LEAF else b
            return Tensor(value, Arithmetic(kind, a, b, kept_left, kept_right))
        if a is not None:
            return Tensor(value, Arithmetic(kind, left if a is LEAF else a, None, None, right))
    return Tensor(value)


def _kept(tensor: Tensor) -> Any:
    counter = tensor._counter
    if counter is None or not counter.version:
        return tensor
    return Saved(tensor, counter.version)


def _reflected(kind: int, number: float, right: Tensor, value: float) -> Tensor:
    """Record number ∘ right."""
    if RECORDING.on and right._node is not None:
        b = right._node
        keep = _kept(right) if kind == DIV else None
        return Tensor(value, Arithmetic(kind, None, right if b is LEAF else b, number, keep))
    return Tensor(value)


def _add(self: Tensor, other: Any) -> Any:
    a = self._data
    if type(a) is float:
        if type(other) is Tensor:
            b = other._data
            if type(b) is float:
                return _short(ADD, self, other, a + b)
        elif type(other) in _NUMBERS:
            other = float(other)
            return _short(ADD, self, other, a + other)
    return _long(_OPS[ADD], self, other)


def _sub(self: Tensor, other: Any) -> Any:
    a = self._data
    if type(a) is float:
        if type(other) is Tensor:
            b = other._data
            if type(b) is float:
                return _short(SUB, self, other, a - b)
        elif type(other) in _NUMBERS:
            other = float(other)
            return _short(SUB, self, other, a - other)
    return _long(_OPS[SUB], self, other)


def _mul(self: Tensor, other: Any) -> Any:
    a = self._data
    if type(a) is float:
        if type(other) is Tensor:
            b = other._data
            if type(b) is float:
                return _short(MUL, self, other, a * b)
        elif type(other) in _NUMBERS:
            other = float(other)
            return _short(MUL, self, other, a * other)
    return _long(_OPS[MUL], self, other)


def _div(self: Tensor, other: Any) -> Any:
    a = self._data
    if type(a) is float:
        if type(other) is Tensor:
            b = other._data
            if type(b) is float and b:
                return _short(DIV, self, other, a / b)
        elif type(other) in _NUMBERS and other:
            other = float(other)
            return _short(DIV, self, other, a / other)
    return _long(_OPS[DIV], self, other)


def _rsub(self: Tensor, other: Any) -> Any:
    b = self._data
    if type(b) is float and type(other) in _NUMBERS:
        return _reflected(SUB, float(other), self, other - b)
    return _long(_OPS[SUB], self, other, swap=True)


def _rdiv(self: Tensor, other: Any) -> Any:
    b = self._data
    if type(b) is float and b and type(other) in _NUMBERS:
        return _reflected(DIV, float(other), self, other / b)
    return _long(_OPS[DIV], self, other, swap=True)


def _neg(self: Tensor) -> Tensor:
    a = self._data
    if type(a) is not float:
        return apply(_OPS[NEG], (self,), {})
    node = self._node
    if node is None or not RECORDING.on:
        return Tensor(-a)
    return Tensor(-a, Arithmetic(NEG, self if node is LEAF else node, None, None, None))


def _long(op: Op, left: Tensor, right: Any, swap: bool = False) -> Any:
    """The way of all other ops."""
    if not isinstance(right, Tensor | bool | int | float | np.ndarray | np.generic):
        return NotImplemented
    other = wrap(right, left)
    out = apply(op, (other, left) if swap else (left, other), {})
    if out._node is not None and other is not right:
        out._node.title = WITH_NUMBER.get((op.name, swap), "")
    return out


_DUNDER = {
    "@": "matmul",
    "**": "pow",
    "%": "mod",
    ">": "gt",
    ">=": "ge",
    "<": "lt",
    "<=": "le",
    "==": "eq",
    "!=": "ne",
}
"""Python's name of an operator."""


def _operator(op: Op, swap: bool = False) -> Callable[[Tensor, Any], Any]:
    def method(self: Tensor, other: Any) -> Any:
        return _long(op, self, other, swap)

    return method


def install() -> None:
    """Give Tensor its operators: the short ones here, all others from the symbols in the
    registry."""
    short = {"add": _add, "radd": _add, "sub": _sub, "rsub": _rsub, "mul": _mul, "rmul": _mul}
    short |= {"truediv": _div, "rtruediv": _rdiv}
    for name, method in short.items():
        setattr(Tensor, f"__{name}__", method)
    Tensor.__neg__ = _neg  # type: ignore[method-assign]
    for op in OPS.values():
        name = _DUNDER.get(op.symbol, "")
        if name and len(op.args) == 2:
            setattr(Tensor, f"__{name}__", _operator(op))
            if op.symbol in ("@", "**", "%"):
                setattr(Tensor, f"__r{name}__", _operator(op, swap=True))
