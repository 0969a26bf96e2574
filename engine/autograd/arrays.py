"""NumPy's arrays as far as PyTorch's users meet them: what `x.numpy()` gives, and simple sums."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np

from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised, unknown
from engine.autograd.values import Native, Record, python_name

__all__ = ["Array", "combined", "compared", "held", "negated", "plain_array"]

Entries = np.ndarray[Any, Any]


class Array(Record):
    """An array, or one number out of it. entries: the memory, which a tensor may share."""

    title = "numpy.ndarray"

    def __init__(self, entries: Any) -> None:
        self.entries: Entries = np.asarray(entries)
        self.alone = not isinstance(entries, np.ndarray)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def __len__(self) -> int:
        if not self.entries.ndim:
            raise TypeError("len() of unsized object")
        return len(self.entries)

    def __float__(self) -> float:
        return float(self.entries)

    def __int__(self) -> int:
        return int(self.entries)

    def text(self, plain: bool) -> str:
        """Return it as NumPy prints it."""
        shown = self.entries[()] if self.alone else self.entries
        return str(shown) if plain else repr(shown)

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        """Return a property or a method of the list."""
        name, entries = node.attr, self.entries
        if name in _PROPERTIES:
            return _PROPERTIES[name](entries)
        if name in _METHODS:
            rule = _METHODS[name]
            return Native(
                name, lambda machine, args, named: rule(machine, entries, args, named), ""
            )
        raise unknown("numpy.ndarray", name, [*_PROPERTIES, *_METHODS], node)

    def items(self, machine: Machine) -> Iterator[Any]:
        """Yield the rows."""
        if not self.entries.ndim:
            raise Raised("TypeError", "iteration over a 0-d array")
        machine.budget.items(len(self.entries))
        for index in range(len(self.entries)):
            yield held(self.entries[index])

    def taken(self, index: Any) -> Any:
        """Return what a subscript selects."""
        return held(self.entries[plain_array(index)])

    def put(self, index: Any, value: Any) -> None:
        """Write where a subscript selects."""
        self.entries[plain_array(index)] = plain_array(value)


def held(value: Any) -> Any:
    """Return NumPy's result as a value of the snippet."""
    return Array(value) if isinstance(value, np.ndarray | np.generic) else value


def plain_array(value: Any) -> Any:
    """Return a value of the snippet as NumPy takes it: numbers, arrays, lists of them."""
    if isinstance(value, Array):
        return value.entries[()] if value.alone else value.entries
    if isinstance(value, list):
        return [plain_array(each) for each in value]
    if isinstance(value, tuple):
        return tuple(plain_array(each) for each in value)
    if isinstance(value, bool | int | float | slice | None | type(...)):
        return value
    raise Raised("TypeError", f"a NumPy array takes numbers here, not '{python_name(value)}'")


_SIGNS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.true_divide,
    ast.Pow: np.power, ast.FloorDiv: np.floor_divide, ast.Mod: np.remainder,
    ast.MatMult: np.matmul, ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater,
    ast.GtE: np.greater_equal, ast.Eq: np.equal, ast.NotEq: np.not_equal,
    ast.BitAnd: np.logical_and, ast.BitOr: np.logical_or,
}  # fmt: skip


def combined(charge: Callable[[int], None], kind: type, left: Any, right: Any) -> Any:
    """Return left ∘ right. charge: told the entries of the result before it is made."""
    if kind not in _SIGNS:
        raise Raised("TypeError", "this sign is not there for NumPy arrays here")
    a, b = plain_array(left), plain_array(right)
    shapes = [np.shape(each) for each in (a, b)]
    if kind is ast.MatMult:
        charge(prod(shapes[0][:-1]) * prod(shapes[1][1:]))
    else:
        charge(prod(np.broadcast_shapes(*shapes)))
    return held(_SIGNS[kind](a, b))


compared = combined


def negated(value: Array) -> Any:
    """Return -value."""
    return held(-plain_array(value))


def _reduced(name: str) -> Any:
    def rule(machine: Machine, x: Entries, args: list[Any], named: dict[str, Any]) -> Any:
        given = {"axis": plain_array(args[0])} if args else {}
        given |= {key: plain_array(named[key]) for key in ("axis", "keepdims") if key in named}
        return held(getattr(np, name)(x, **given))

    return rule


def _reshape(machine: Machine, x: Entries, args: list[Any], named: dict[str, Any]) -> Any:
    sizes = args[0] if len(args) == 1 else tuple(args)
    machine.budget.tensor(x.size)
    return held(x.reshape(plain_array(sizes)))


def _tolist(machine: Machine, x: Entries, args: list[Any], named: dict[str, Any]) -> Any:
    machine.budget.items(x.size)
    return x.tolist()


def _copy(machine: Machine, x: Entries, args: list[Any], named: dict[str, Any]) -> Any:
    machine.budget.tensor(x.size)
    return held(x.copy())


def _astype(machine: Machine, x: Entries, args: list[Any], named: dict[str, Any]) -> Any:
    machine.budget.tensor(x.size)
    return held(x.astype(getattr(args[0], "name", "float64")))


def _item(machine: Machine, x: Entries, args: list[Any], named: dict[str, Any]) -> Any:
    return x.item()


class _Kind(Record):
    """A precision, as NumPy shows it."""

    title = "numpy.dtype"

    def __init__(self, name: str) -> None:
        self.name = name

    def text(self, plain: bool) -> str:
        """Return its name."""
        return self.name if plain else f"dtype('{self.name}')"

    def __eq__(self, other: object) -> bool:
        return getattr(other, "name", other) == self.name

    __hash__ = None  # type: ignore[assignment]


_PROPERTIES: dict[str, Callable[[Entries], Any]] = {
    "shape": lambda x: tuple(x.shape),
    "dtype": lambda x: _Kind(x.dtype.name),
    "ndim": lambda x: x.ndim,
    "size": lambda x: x.size,
    "T": lambda x: held(x.T),
}
_METHODS: dict[str, Any] = {name: _reduced(name) for name in ("sum", "mean", "max", "min", "std")}
_METHODS |= {name: _reduced(name) for name in ("var", "prod", "argmax", "argmin", "any", "all")}
_METHODS |= {"reshape": _reshape, "tolist": _tolist, "copy": _copy, "astype": _astype}
_METHODS |= {"item": _item, "flatten": _copy, "ravel": _copy}
_METHODS["flatten"] = _METHODS["ravel"] = lambda machine, x, args, named: _reshape(
    machine, x.copy(), [-1], {}
)
REDUCTIONS = {name: _METHODS[name] for name in ("sum", "mean", "max", "min", "std", "var", "prod")}
