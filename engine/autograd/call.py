"""Calling what a snippet may call, and going through what it may go through."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from engine.autograd.arrays import Array
from engine.autograd.keywords import answered
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised
from engine.autograd.values import Closure, Kind, Native, Record, python_name
from engine.eager import Tensor

__all__ = ["called", "items_of", "python_function"]


def called(machine: Machine, function: Any, args: list[Any], named: dict[str, Any]) -> Any:
    """Return function(*args, **named). Raises TypeError of the snippet for what is no function."""
    machine.budget.spend()
    if isinstance(function, Native | Kind) and function.call is not None:
        return answered(function, partial(function.call, machine), args, named)
    if isinstance(function, Closure):
        return _entered(machine, function, args, named)
    if isinstance(function, Record):
        machine.budget.enter()
        try:
            return function.call(machine, args, named)
        finally:
            machine.budget.leave()
    raise Raised("TypeError", f"'{python_name(function)}' object is not callable")


def _entered(machine: Machine, function: Closure, args: list[Any], named: dict[str, Any]) -> Any:
    names = _arguments(machine, function, args, dict(named))
    machine.budget.enter()
    for mode in function.wrap:
        mode.__enter__()
    try:
        return machine.enter(function, names)
    finally:
        for mode in reversed(function.wrap):
            mode.__exit__(None, None, None)
        machine.budget.leave()


def _arguments(
    machine: Machine, function: Closure, args: list[Any], named: dict[str, Any]
) -> dict[str, Any]:
    """Names and values inside the function."""
    spec = function.args
    places = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    found = dict(zip(places, args, strict=False))
    if spec.vararg is not None:
        found[spec.vararg.arg] = tuple(args[len(places) :])
    elif len(args) > len(places):
        raise Raised("TypeError", _too_many(function, len(places), len(args)))
    usual = dict(
        zip(places[len(places) - len(function.defaults) :], function.defaults, strict=True)
    )
    usual |= function.keyword_defaults
    for name in [*places, *(each.arg for each in spec.kwonlyargs)]:
        if name in named:
            if name in found:
                text = f"{function.name}() got multiple values for argument '{name}'"
                raise Raised("TypeError", text)
            found[name] = named.pop(name)
        elif name not in found and name in usual:
            found[name] = usual[name]
    if spec.kwarg is not None:
        found[spec.kwarg.arg] = named
    elif named:
        text = f"{function.name}() got an unexpected keyword argument '{next(iter(named))}'"
        raise Raised("TypeError", text)
    _complete(function, places, found)
    return found


def _complete(function: Closure, places: list[str], found: dict[str, Any]) -> None:
    missing = [name for name in places if name not in found]
    if missing:
        told = ", ".join(f"'{name}'" for name in missing)
        if len(missing) > 1:
            told = " and ".join(f"'{name}'" for name in missing)
        text = f"{function.name}() missing {len(missing)} required positional argument"
        raise Raised("TypeError", f"{text}{'s' if len(missing) > 1 else ''}: {told}")


def _too_many(function: Closure, taken: int, given: int) -> str:
    least = taken - len(function.defaults)
    told = f"{taken}" if least == taken else f"from {least} to {taken}"
    s = "" if taken == 1 else "s"
    verb = "was" if given == 1 else "were"
    return f"{function.name}() takes {told} positional argument{s} but {given} {verb} given"


def python_function(machine: Machine, function: Any) -> Any:
    """Return a function of the snippet as one that tensors may call: a hook."""

    def call(*args: Any) -> Any:
        return called(machine, function, list(args), {})

    call.__name__ = getattr(function, "name", "hook")
    return call


def items_of(machine: Machine, value: Any) -> Iterator[Any]:
    """Yield what a `for` loop goes through, counting."""
    if isinstance(value, Tensor):
        if not value.ndim:
            raise Raised("TypeError", "iteration over a 0-d tensor")
        machine.budget.items(value.shape[0])
        yield from value.unbind()
        return
    if isinstance(value, Array):
        yield from value.items(machine)
        return
    value = getattr(value, "layers", value)
    if not isinstance(value, _LOOPED):
        raise Raised("TypeError", f"'{python_name(value)}' object is not iterable")
    several: Any = value
    for each in several:
        machine.budget.spend()
        yield each


_LOOPED: tuple[type, ...] = (str, list, tuple, dict, set, range, type({}.keys()), type({}.values()))
_LOOPED += (type({}.items()), Iterator)
