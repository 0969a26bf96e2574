"""Python's own functions, as far as a snippet has them: each written anew, within the budget."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from engine.autograd.activations import ACTIVATIONS
from engine.autograd.arrays import Array
from engine.autograd.call import called, items_of
from engine.autograd.classes import CLASS_NAMES, UserClass
from engine.autograd.containers import in_order
from engine.autograd.errors import KINDS
from engine.autograd.layers import LAYERS
from engine.autograd.machine import Machine
from engine.autograd.modules import Layer
from engine.autograd.operators import binary, compare, same_key
from engine.autograd.refuse import Raised, refused
from engine.autograd.text import formatted, plain_text, represented
from engine.autograd.values import Kind, Native, Record, plain_number, python_name
from engine.eager import Tensor

__all__ = ["BUILTINS"]


def _print(machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
    sep, end = named.get("sep", " "), named.get("end", "\n")
    texts = [plain_text(machine.budget, each) for each in args]
    machine.print((" " if sep is None else sep).join(texts) + ("\n" if end is None else end))


def _len(machine: Machine, args: list[Any], named: dict[str, Any]) -> int:
    if hasattr(args[0], "special"):
        return int(args[0].special("__len__"))
    value = getattr(args[0], "layers", args[0])
    if isinstance(value, Array):
        return len(value)
    if isinstance(value, Tensor):
        if not value.ndim:
            raise Raised("TypeError", "len() of a 0-d tensor")
        return value.shape[0]
    if not isinstance(value, str | list | tuple | dict | set | range):
        raise Raised("TypeError", f"object of type '{python_name(value)}' has no len()")
    return len(value)


def _range(machine: Machine, args: list[Any], named: dict[str, Any]) -> range:
    bounds = [each.item() if isinstance(each, Tensor) else each for each in args]
    for each in bounds:
        if not isinstance(each, int):
            text = f"'{python_name(each)}' object cannot be interpreted as an integer"
            raise Raised("TypeError", text)
    return range(*bounds)


def _zip(machine: Machine, args: list[Any], named: dict[str, Any]) -> Iterator[Any]:
    several = [list(items_of(machine, each)) for each in args]
    return iter(list(zip(*several, strict=bool(named.get("strict", False)))))


def _enumerate(machine: Machine, args: list[Any], named: dict[str, Any]) -> Iterator[Any]:
    start = args[1] if len(args) > 1 else named.get("start", 0)
    return enumerate(items_of(machine, args[0]), start)


def _map(machine: Machine, args: list[Any], named: dict[str, Any]) -> Iterator[Any]:
    return (called(machine, args[0], [each], {}) for each in items_of(machine, args[1]))


def _filter(machine: Machine, args: list[Any], named: dict[str, Any]) -> Iterator[Any]:
    several = items_of(machine, args[1])
    return (each for each in several if called(machine, args[0], [each], {}))


def _listed(machine: Machine, args: list[Any], named: dict[str, Any]) -> list[Any]:
    found = list(items_of(machine, args[0])) if args else []
    machine.budget.items(len(found))
    return found


def _sum(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    total = args[1] if len(args) > 1 else named.get("start", 0)
    for each in items_of(machine, args[0]):
        total = binary(machine.budget, ast.Add, total, each)
    return total


def _extremum(kind: type) -> Any:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        values = list(items_of(machine, args[0])) if len(args) == 1 else args
        if not values:
            if "default" in named:
                return named["default"]
            raise Raised("ValueError", "the argument is an empty sequence")
        key = named.get("key")
        weighed = [each if key is None else called(machine, key, [each], {}) for each in values]
        best = 0
        for index, each in enumerate(weighed):
            if index and compare(machine.budget, kind, each, weighed[best]):
                best = index
        return values[best]

    return call


def _abs(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    if isinstance(args[0], Tensor):
        return args[0].abs()
    if not isinstance(args[0], bool | int | float):
        raise Raised("TypeError", f"bad operand type for abs(): '{python_name(args[0])}'")
    return abs(args[0])


def _number(kind: type) -> Any:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        value = args[0] if args else 0
        if isinstance(value, Tensor):
            value = plain_number(value)
        value = float(value) if isinstance(value, Array) else value
        if not isinstance(value, bool | int | float | str) or len(args) > 1:
            text = f"{kind.__name__}() argument must be a string or a real number, not "
            raise Raised("TypeError", f"{text}'{python_name(value)}'")
        base = named.get("base", 10) if kind is int and isinstance(value, str) else 10
        if base != 10:
            return int(str(value)[:400], base)
        return kind(value[:400] if isinstance(value, str) else value)

    return call


def _bool(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
    return bool(args[0]) if args else False


def _str(machine: Machine, args: list[Any], named: dict[str, Any]) -> str:
    return plain_text(machine.budget, args[0]) if args else ""


def _round(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    value, digits = [*args, None][:2]
    digits = named.get("ndigits", digits)
    if isinstance(value, Tensor):
        return value.round() if digits is None else (value * 10**digits).round() / 10**digits
    if not isinstance(value, bool | int | float) or abs(digits or 0) > 400:
        raise Raised("TypeError", f"type {python_name(value)} doesn't define __round__ method")
    return round(value, digits)


def _all(stops: bool) -> Any:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
        for each in items_of(machine, args[0]):
            if bool(each) is stops:
                return stops
        return not stops

    return call


def _isinstance(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
    kinds = args[1] if isinstance(args[1], tuple) else (args[1],)
    return any(_is(args[0], kind) for kind in kinds)


def _is(value: Any, kind: Any) -> bool:
    """Whether a value is of a class: of the snippet, of PyTorch, or of Python."""
    own = getattr(value, "kind", None)
    if isinstance(kind, UserClass):
        return isinstance(own, UserClass) and kind in own.chain()
    if not isinstance(kind, Kind):
        text = "isinstance() arg 2 must be a type, a tuple of types, or a union"
        raise Raised("TypeError", text)
    if isinstance(value, Layer) and kind.name != "object":
        return kind.name in ("torch.nn.Module", "" if own else f"torch.nn.{value.title}")
    return isinstance(value, kind.classes)


LAYER_KINDS = LAYERS | ACTIVATIONS


def _type(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    if len(args) != 1:
        raise refused("type() with three arguments", "Write a function.")
    value = args[0]
    if isinstance(value, Raised):
        return KINDS[value.type]
    if isinstance(value, Record) and getattr(value, "kind", None) is not None:
        return value.kind
    if isinstance(value, Layer) and value.title in LAYER_KINDS:
        return LAYER_KINDS[value.title]
    for kind in BUILTINS.values():
        if isinstance(kind, Kind) and type(value) in kind.classes:
            return kind
    names = {"Tensor": "torch.Tensor", "Parameter": "torch.nn.parameter.Parameter"}
    names |= {"Size": "torch.Size", "DType": "torch.dtype", "Device": "torch.device"}
    name = python_name(value)
    return Kind(names.get(name, name), None, (type(value),))


def _repr(machine: Machine, args: list[Any], named: dict[str, Any]) -> str:
    return represented(machine.budget, args[0])


def _format(machine: Machine, args: list[Any], named: dict[str, Any]) -> str:
    return formatted(machine.budget, args[0], args[1] if len(args) > 1 else "")


def _sorted(machine: Machine, args: list[Any], named: dict[str, Any]) -> list[Any]:
    return in_order(machine, list(items_of(machine, args[0])), named)


def _reversed(machine: Machine, args: list[Any], named: dict[str, Any]) -> Iterator[Any]:
    return iter(list(items_of(machine, args[0]))[::-1])


def _tuple(machine: Machine, args: list[Any], named: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(_listed(machine, args, named))


def _set(machine: Machine, args: list[Any], named: dict[str, Any]) -> set[Any]:
    return {same_key(each) for each in _listed(machine, args, named)}


def _dict(machine: Machine, args: list[Any], named: dict[str, Any]) -> dict[Any, Any]:
    pairs = args[0].items() if args and isinstance(args[0], dict) else _listed(machine, args, {})
    return {same_key(key): value for key, value in pairs} | named


def _next(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    if not isinstance(args[0], Iterator):
        raise Raised("TypeError", f"'{python_name(args[0])}' object is not an iterator")
    for each in args[0]:
        return each
    if len(args) > 1:
        return args[1]
    raise Raised("StopIteration", "")


def _pow(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    return binary(machine.budget, ast.Pow, *args)


def _id(machine: Machine, args: list[Any], named: dict[str, Any]) -> int:
    return id(args[0])


_FUNCTIONS = {
    "print": _print, "len": _len, "zip": _zip, "enumerate": _enumerate, "map": _map,
    "filter": _filter, "sum": _sum, "min": _extremum(ast.Lt), "max": _extremum(ast.Gt),
    "abs": _abs, "round": _round, "all": _all(False), "any": _all(True), "repr": _repr,
    "isinstance": _isinstance, "type": _type, "format": _format, "sorted": _sorted,
    "reversed": _reversed, "next": _next, "pow": _pow, "id": _id,
}  # fmt: skip
_CLASSES = {
    "int": (_number(int), int), "float": (_number(float), float), "bool": (_bool, bool),
    "str": (_str, str), "list": (_listed, list), "tuple": (_tuple, tuple), "dict": (_dict, dict),
    "set": (_set, set), "range": (_range, range),
}  # fmt: skip

BUILTINS: dict[str, Any] = {name: Native(name, call) for name, call in _FUNCTIONS.items()}
BUILTINS |= {name: Kind(name, call, (kind,)) for name, (call, kind) in _CLASSES.items()}
BUILTINS |= KINDS | CLASS_NAMES | {"__name__": "__main__"}
