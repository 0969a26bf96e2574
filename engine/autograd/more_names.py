"""Modules below `torch.nn`, `torch.optim` and beside `torch`: names, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.autograd.anomaly import ANOMALY
from engine.autograd.call import items_of
from engine.autograd.copies import COPIES
from engine.autograd.derivatives import CHECKS, FUNC, PRODUCTS_OF
from engine.autograd.initial import INITIAL
from engine.autograd.machine import Machine
from engine.autograd.operators import same_key
from engine.autograd.schedulers import SCHEDULERS
from engine.autograd.values import Kind, Namespace, Native, Ordered

__all__ = ["FUNCTION", "MORE", "OF_AUTOGRAD", "OF_FUNCTIONAL", "autograd_function"]


def _natives(calls: Mapping[str, Any]) -> dict[str, Any]:
    return {name: Native(name, call) for name, call in calls.items()}


def _ordered(machine: Machine, args: list[Any], named: dict[str, Any]) -> Ordered:
    given = args[0] if args else []
    pairs = given.items() if isinstance(given, dict) else items_of(machine, given)
    made = Ordered({same_key(key): value for key, value in pairs} | named)
    machine.budget.items(len(made))
    return made


FUNCTION = Kind("torch.autograd.Function", None, ())
_ONCE = Native("once_differentiable", lambda machine, args, named: args[0])
autograd_function = Namespace(
    "torch.autograd.function", {"Function": FUNCTION, "once_differentiable": _ONCE}
)
OF_AUTOGRAD: dict[str, Any] = _natives(CHECKS) | ANOMALY | {"Function": FUNCTION}
OF_AUTOGRAD["function"] = autograd_function
"""Of `torch.autograd`, beside `grad` and `backward`."""

OF_FUNCTIONAL: dict[str, Any] = _natives(PRODUCTS_OF)
"""Of `torch.autograd.functional`, beside `jacobian` and `hessian`."""

MORE: dict[str, Namespace] = {
    "init": Namespace("torch.nn.init", _natives(INITIAL)),
    "lr_scheduler": Namespace("torch.optim.lr_scheduler", SCHEDULERS),
    "func": Namespace("torch.func", _natives(FUNC)),
    "copy": Namespace("copy", _natives(COPIES)),
    "collections": Namespace(
        "collections", {"OrderedDict": Kind("OrderedDict", _ordered, (Ordered,))}
    ),
    "function": autograd_function,
}
"""By the last part of the name."""
