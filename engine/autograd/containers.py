"""Methods of Python's own texts, lists and dicts, each with the size of its result known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.autograd.call import called, items_of
from engine.autograd.machine import Machine
from engine.autograd.operators import equal, same_key
from engine.autograd.refuse import Raised, refused
from engine.autograd.text import substituted

__all__ = ["METHODS", "in_order"]

Method = Callable[[Machine, Any, list[Any], dict[str, Any]], Any]


def _append(machine: Machine, value: list[Any], args: list[Any], named: dict[str, Any]) -> None:
    value.append(*args)
    machine.budget.items(1)


def _extend(machine: Machine, value: list[Any], args: list[Any], named: dict[str, Any]) -> None:
    value.extend(list(items_of(machine, args[0])))
    machine.budget.items(len(value))


def _index(machine: Machine, value: list[Any], args: list[Any], named: dict[str, Any]) -> int:
    for index, each in enumerate(value):
        if bool(equal(machine.budget, each, args[0])):
            return index
    raise Raised("ValueError", "the value is not in list")


def in_order(machine: Machine, values: list[Any], named: dict[str, Any]) -> list[Any]:
    """Return numbers or texts in order, by `key` and `reverse`."""
    key = named.get("key")
    keys = [each if key is None else called(machine, key, [each], {}) for each in values]
    keys = [each.item() if hasattr(each, "item") else each for each in keys]
    numbers = all(isinstance(each, bool | int | float) for each in keys)
    if not numbers and not all(isinstance(each, str) for each in keys):
        raise refused("an order of other things than numbers or texts", "Give a `key`.")
    machine.budget.items(len(values))
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=bool(named.get("reverse")))
    return [values[index] for index in order]


def _sort(machine: Machine, value: list[Any], args: list[Any], named: dict[str, Any]) -> None:
    value[:] = in_order(machine, list(value), named)


def _plain(name: str) -> Method:
    """A method that makes nothing larger than what it is given."""

    def method(machine: Machine, value: Any, args: list[Any], named: dict[str, Any]) -> Any:
        machine.budget.items(len(value))
        return machine.budget.sized(getattr(value, name)(*args, **named))

    return method


def _join(machine: Machine, value: str, args: list[Any], named: dict[str, Any]) -> str:
    parts = list(items_of(machine, args[0]))
    if not all(isinstance(each, str) for each in parts):
        raise Raised("TypeError", "sequence item 0: expected str instance")
    machine.budget.items(sum(len(each) + len(value) for each in parts))
    return value.join(parts)


def _replace(machine: Machine, value: str, args: list[Any], named: dict[str, Any]) -> str:
    old, new = args[:2]
    machine.budget.items(len(value) + (value.count(old) * len(new)))
    return value.replace(old, new)


def _just(name: str) -> Method:
    def method(machine: Machine, value: str, args: list[Any], named: dict[str, Any]) -> str:
        machine.budget.items(max(len(value), int(args[0])))
        return str(getattr(value, name)(*args))

    return method


def _format(machine: Machine, value: str, args: list[Any], named: dict[str, Any]) -> str:
    return substituted(machine.budget, value, args, named)


def _get(machine: Machine, value: dict[Any, Any], args: list[Any], named: dict[str, Any]) -> Any:
    key, *usual = args
    return value.get(same_key(key), *usual)


def _update(
    machine: Machine, value: dict[Any, Any], args: list[Any], named: dict[str, Any]
) -> None:
    value.update(*args, **named)
    machine.budget.items(len(value))


_TEXT: dict[str, Method] = {"join": _join, "replace": _replace, "format": _format}
_TEXT |= {name: _just(name) for name in ("ljust", "rjust", "center", "zfill")}
_TEXT |= {name: _plain(name) for name in ("upper", "lower", "strip", "title", "split", "count")}
_TEXT |= {name: _plain(name) for name in ("startswith", "endswith", "find", "lstrip", "rstrip")}
_LIST: dict[str, Method] = {"append": _append, "extend": _extend, "index": _index, "sort": _sort}
_LIST |= {name: _plain(name) for name in ("pop", "insert", "reverse", "clear", "copy")}
_DICT: dict[str, Method] = {"get": _get, "update": _update, "setdefault": _plain("setdefault")}
_DICT |= {name: _plain(name) for name in ("keys", "values", "items", "pop", "clear", "copy")}
_SET: dict[str, Method] = {name: _plain(name) for name in ("add", "discard", "union")}

METHODS: Mapping[Any, Mapping[str, Method]] = {
    str: _TEXT,
    list: _LIST,
    dict: _DICT,
    set: _SET,
    tuple: {"index": _index},
}
"""By class, its methods by name."""
