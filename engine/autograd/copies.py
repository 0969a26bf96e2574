"""`copy.copy` and `copy.deepcopy`, of what a snippet can hold."""

from __future__ import annotations

from typing import Any

from engine.autograd.classes import Instance
from engine.autograd.machine import Machine
from engine.autograd.modules import Layer
from engine.autograd.refuse import Raised, refused
from engine.autograd.values import Ordered
from engine.eager import Tensor
from engine.eager.messages import MESSAGE
from engine.eager.node import LEAF

__all__ = ["COPIES"]


def _deep(machine: Machine, value: Any, seen: dict[int, Any]) -> Any:
    machine.budget.spend()
    if id(value) in seen:
        return seen[id(value)][1]
    made: Any = value
    if isinstance(value, Tensor):
        made = _tensor(machine, value)
    elif isinstance(value, Layer | Instance):
        return _record(machine, value, seen)
    elif isinstance(value, dict):
        made = seen[id(value)] = (value, Ordered() if isinstance(value, Ordered) else {})
        made[1].update({key: _deep(machine, each, seen) for key, each in value.items()})
        return made[1]
    elif isinstance(value, list):
        several: list[Any] = []
        seen[id(value)] = (value, several)
        several.extend(_deep(machine, each, seen) for each in value)
        return several
    elif type(value) is tuple:
        made = tuple(_deep(machine, each, seen) for each in value)
    seen[id(value)] = (value, made)
    return made


def _tensor(machine: Machine, value: Tensor) -> Tensor:
    if not value.is_leaf:
        raise Raised("RuntimeError", MESSAGE["deepcopy"] + _WEIGHTS)
    machine.budget.tensor(value.numel())
    made = Tensor(value._data if type(value._data) is float else value._data.copy())
    if value.requires_grad:
        made._node = LEAF
    if value._grad is not None:
        made._grad = _tensor(machine, value._grad)
    if (value._extra or {}).get("parameter"):
        made._extra = {"parameter": True}
    return made


def _record(machine: Machine, value: Any, seen: dict[int, Any]) -> Any:
    if isinstance(value, Layer):
        made: Any = Layer(value.title, value.told, value.kind)
        made.machine = value.machine
    else:
        made = Instance(value.kind, machine)
    seen[id(value)] = (value, made)
    for name in ("names", "weights", "buffers", "parts", "hooks", "before"):
        if hasattr(value, name):
            setattr(made, name, _deep(machine, getattr(value, name), seen))
    for name in ("run", "training", "ready", "unsaved"):
        if hasattr(value, name):
            setattr(made, name, getattr(value, name))
    return made


def _deepcopy(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    return _deep(machine, args[0], {})


def _copy(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    value = args[0]
    if isinstance(value, list | dict | set):
        machine.budget.items(len(value))
        return value.copy() if not isinstance(value, Ordered) else Ordered(value)
    if isinstance(value, Tensor | Layer | Instance):
        raise refused("copy.copy of this", "Use `copy.deepcopy`.")
    return value


_WEIGHTS = (
    "  If you were attempting to deepcopy a module, this may be because of a "
    "torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001"
)
COPIES = {"deepcopy": _deepcopy, "copy": _copy}
