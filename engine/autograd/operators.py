"""Python's operators on what a snippet holds, with the size of every result known beforehand."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from engine.autograd.arrays import Array, combined, negated
from engine.autograd.bits import BITS, bits, inverted, refuse_numbers
from engine.autograd.budget import Budget
from engine.autograd.pieces import underivable
from engine.autograd.precision import same_precision
from engine.autograd.refuse import Raised, refused
from engine.autograd.values import Size, plain_number, python_name
from engine.eager import Tensor

__all__ = ["binary", "compare", "equal", "in_place", "same_key", "unary"]

_BINARY: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("** or pow()", operator.pow),
    ast.MatMult: ("@", operator.matmul),
    ast.LShift: ("<<", operator.lshift),
    ast.RShift: (">>", operator.rshift),
    ast.BitAnd: ("&", operator.and_),
    ast.BitOr: ("|", operator.or_),
    ast.BitXor: ("^", operator.xor),
}
_ORDER: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}
_UNARY: dict[type, tuple[str, Callable[[Any], Any]]] = {
    ast.USub: ("-", operator.neg),
    ast.UAdd: ("+", operator.pos),
    ast.Invert: ("~", operator.invert),
}
_BITS = 2048


def binary(budget: Budget, kind: type, left: Any, right: Any) -> Any:
    """Return left ∘ right."""
    sign, function = _BINARY[kind]
    if kind is ast.Mod and isinstance(left, str):
        return budget.sized(_percent(budget, left, right))
    if isinstance(left, Array) or isinstance(right, Array):
        return _on_arrays(budget, kind, left, right)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return _on_tensors(kind, sign, function, left, right)
    if isinstance(left, bool | int | float) and isinstance(right, bool | int | float):
        _whole(kind, left, right)
        return function(left, right)
    if kind is ast.Mult:
        return _repeated(budget, left, right)
    if kind is ast.Add and isinstance(left, str | list | tuple) and type(left) is type(right):
        budget.items(len(left) + len(right))
        made = function(left, right)
        return Size(made) if isinstance(left, Size) else made
    if kind is ast.BitOr and isinstance(left, dict) and isinstance(right, dict):
        budget.items(len(left) + len(right))
        return left | right
    if (
        kind in (ast.BitOr, ast.BitAnd, ast.Sub)
        and isinstance(left, set)
        and isinstance(right, set)
    ):
        return function(left, right)
    raise _operands(sign, left, right)


def _on_arrays(budget: Budget, kind: type, left: Any, right: Any) -> Any:
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        raise refused("a sign between a tensor and a NumPy array", "Use `torch.from_numpy(a)`.")
    return combined(budget.tensor, kind, left, right)


def _operands(sign: str, left: Any, right: Any) -> Raised:
    names = f"'{python_name(left)}' and '{python_name(right)}'"
    return Raised("TypeError", f"unsupported operand type(s) for {sign}: {names}")


def _on_tensors(kind: type, sign: str, function: Any, left: Any, right: Any) -> Any:
    if isinstance(left, str | list) and kind is ast.Add:
        name = type(left).__name__
        text = f'can only concatenate {name} (not "{python_name(right)}") to {name}'
        raise Raised("TypeError", text)
    for each in (left, right):
        if not isinstance(each, Tensor | bool | int | float):
            raise _operands(sign, left, right)
    if kind is ast.MatMult and not (isinstance(left, Tensor) and isinstance(right, Tensor)):
        raise _operands(sign, left, right)
    if kind in BITS:
        return bits(kind, left, right)
    refuse_numbers(kind, left, right)
    if kind is ast.Div and not isinstance(left, Tensor) and right.dtype.kind == "f":
        return right.reciprocal() * left
    if kind is ast.MatMult:
        same_precision("matmul", (left, right))
    if kind is ast.FloorDiv:
        whole = left.floor_divide(right) if isinstance(left, Tensor) else _floor(left, right)
        return underivable(whole, "floor_divide")
    return function(left, right)


def _floor(left: Any, right: Tensor) -> Any:
    return (right * 0 + left).floor_divide(right)


def _whole(kind: type, left: Any, right: Any) -> None:
    """Raise where a whole number would grow beyond all use."""
    if isinstance(left, float) or isinstance(right, float):
        return
    a, b = abs(int(left)).bit_length(), abs(int(right)).bit_length()
    bits = a + b if kind is ast.Mult else 0
    if kind is ast.Pow and right > 0:
        bits = a * int(right) if b < 32 else _BITS + 1 if a > 1 else 0
    if kind is ast.LShift:
        bits = a + int(right) if b < 32 else _BITS + 1
    if bits > _BITS:
        raise refused("a whole number of so many digits", "Use a float, such as `2.0**100`.")


def _repeated(budget: Budget, left: Any, right: Any) -> Any:
    if isinstance(left, int):
        left, right = right, left
    if not isinstance(left, str | list | tuple) or not isinstance(right, int):
        raise _operands("*", left, right)
    budget.items(len(left) * max(right, 0))
    return left * right


_CONVERSION = re.compile(r"%[^a-zA-Z%]*([a-zA-Z%])")
_WIDE = re.compile(r"%[^a-zA-Z%]*(\*|\d{3,})")


def _percent(budget: Budget, left: str, right: Any) -> str:
    from engine.autograd.text import plain_text

    if _WIDE.search(left):
        raise refused("a width of more than 99", "Write a smaller one.")
    values = right if isinstance(right, tuple) else (right,)
    kinds = [kind for kind in _CONVERSION.findall(left) if kind != "%"]
    kinds += "s" * (len(values) - len(kinds))
    return left % tuple(
        plain_number(each)
        if isinstance(each, Tensor) and each.numel() == 1 and kind not in "sr"
        else each
        if isinstance(each, bool | int | float | str)
        else plain_text(budget, each)
        for kind, each in zip(kinds, values, strict=False)
    )


def in_place(budget: Budget, kind: type, left: Any, right: Any) -> Any:
    """Return left ∘= right: a tensor or list is changed itself."""
    if isinstance(left, Tensor) and kind in _INPLACE and isinstance(right, Tensor | int | float):
        return getattr(left, _INPLACE[kind])(right)
    if isinstance(left, list) and kind is ast.Add:
        budget.items(len(left) + len(right))
        left.extend(right)
        return left
    return binary(budget, kind, left, right)


_INPLACE = {ast.Add: "add_", ast.Sub: "sub_", ast.Mult: "mul_", ast.Div: "div_", ast.Pow: "pow_"}


def unary(kind: type, value: Any) -> Any:
    """Return -value, +value or ~value."""
    if isinstance(value, Tensor):
        if kind is ast.Invert:
            return inverted(value)
        if kind is ast.USub:
            refuse_numbers(kind, value, value)
        return -value if kind is ast.USub else value
    if isinstance(value, Array):
        return negated(value) if kind is ast.USub else value
    sign, function = _UNARY[kind]
    if not isinstance(value, bool | int | float):
        raise Raised("TypeError", f"bad operand type for unary {sign}: '{python_name(value)}'")
    return function(value)


def equal(budget: Budget, left: Any, right: Any) -> Any:
    """Return left == right: a tensor of truth values, where either one is a tensor."""
    budget.spend()
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        if not isinstance(left, Tensor):
            left, right = right, left
        numbers = Tensor | bool | int | float
        return left.eq(right) if isinstance(right, numbers) else False
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if isinstance(left, list) is not isinstance(right, list) or len(left) != len(right):
            return False
        pairs = zip(left, right, strict=True)
        return all(a is b or bool(equal(budget, a, b)) for a, b in pairs)
    if isinstance(left, dict) and isinstance(right, dict):
        same = left.keys() == right.keys()
        return same and all(bool(equal(budget, left[key], right[key])) for key in left)
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        return False
    return bool(left == right)


def _contains(budget: Budget, item: Any, several: Any) -> bool:
    if isinstance(several, str):
        if not isinstance(item, str):
            name = python_name(item)
            raise Raised("TypeError", f"'in <string>' requires string as left operand, not {name}")
        budget.items(len(several))
        return item in several
    if isinstance(several, dict | set):
        return same_key(item) in several
    if isinstance(several, range):
        return isinstance(item, int) and item in several
    if isinstance(several, Tensor):
        return bool((several.eq(item)).sum().item())
    if not isinstance(several, list | tuple):
        raise Raised("TypeError", f"argument of type '{python_name(several)}' is not iterable")
    return any(each is item or bool(equal(budget, item, each)) for each in several)


def same_key(key: Any) -> Any:
    """Return a key of a dict, where it is one that can be found again quickly."""
    if isinstance(key, list | dict | set):
        raise Raised("TypeError", f"unhashable type: '{python_name(key)}'")
    if isinstance(key, tuple) and any(isinstance(each, tuple | list | dict) for each in key):
        raise refused("a key of nested tuples", "Use a text or a flat tuple as a key.")
    return key


def compare(budget: Budget, kind: type, left: Any, right: Any) -> Any:
    """Return the value of one comparison."""
    if kind in (*_ORDER, ast.Eq, ast.NotEq) and Array in (type(left), type(right)):
        return _on_arrays(budget, kind, left, right)
    if kind is ast.Is:
        return left is right
    if kind is ast.IsNot:
        return left is not right
    if kind in (ast.In, ast.NotIn):
        return _contains(budget, left, right) is (kind is ast.In)
    if kind is ast.Eq:
        return equal(budget, left, right)
    if kind is ast.NotEq:
        found = equal(budget, left, right)
        return found.logical_not() if isinstance(found, Tensor) else not found
    return _ordered(kind, left, right)


def _ordered(kind: type, left: Any, right: Any) -> Any:
    sign, function = _ORDER[kind]
    numbers = bool | int | float
    fit = isinstance(left, numbers) and isinstance(right, numbers)
    fit = fit or (isinstance(left, str) and isinstance(right, str))
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        fit = all(isinstance(each, Tensor | bool | int | float) for each in (left, right))
    if not fit:
        names = f"'{python_name(left)}' and '{python_name(right)}'"
        text = f"'{sign}' not supported between instances of {names}"
        raise Raised("TypeError", text)
    return function(left, right)
