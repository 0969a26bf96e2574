"""Layers of layers: `Sequential`, `ModuleList`, `ModuleDict`, `ParameterList`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.autograd.call import items_of
from engine.autograd.machine import Machine
from engine.autograd.made import Given
from engine.autograd.modules import Layer, is_parameter, parameter
from engine.autograd.refuse import Raised
from engine.autograd.text import represented
from engine.autograd.values import Ordered

__all__ = ["listed", "sequential"]


def sequential(machine: Machine, args: list[Any], named: Given) -> Layer:
    made = Layer("Sequential")
    inner = args[0] if len(args) == 1 and isinstance(args[0], Ordered) else None
    for name, each in inner.items() if inner else enumerate(args):
        _module(machine, each)
        made.parts[str(name)] = each
    return made


def _module(machine: Machine, each: Any) -> None:
    if not isinstance(each, Layer):
        text = f"{represented(machine.budget, each)} is not a Module subclass"
        raise Raised("TypeError", text)


def listed(title: str) -> Callable[..., Layer]:
    """ModuleList, ModuleDict and ParameterList."""

    def make(machine: Machine, args: list[Any], named: Given) -> Layer:
        made = Layer(title)
        several = args[0] if args else []
        pairs: Any = enumerate(items_of(machine, several))
        if title == "ModuleDict" and isinstance(several, dict):
            pairs = several.items()
        for name, each in pairs:
            if title == "ParameterList":
                made.weights[str(name)] = each if is_parameter(each) else parameter(each)
            else:
                _module(machine, each)
                made.parts[str(name)] = each
        return made

    return make
