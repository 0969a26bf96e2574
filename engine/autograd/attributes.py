"""What stands behind a dot or in brackets: looked up in a list, never on Python's objects."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from engine.autograd.arrays import Array
from engine.autograd.containers import METHODS as CONTAINER_METHODS
from engine.autograd.indexing import assign_index, index_of
from engine.autograd.machine import Machine
from engine.autograd.operators import same_key
from engine.autograd.refuse import Raised, unknown
from engine.autograd.tensors import METHODS, PROPERTIES, set_property
from engine.autograd.values import (
    Closure,
    Device,
    DType,
    Kind,
    Named,
    Namespace,
    Native,
    Record,
    Size,
    python_name,
)
from engine.eager import Tensor
from engine.eager.hooks import RemovableHandle
from engine.eager.node import Accumulate, Node
from engine.eager.steps import Between

__all__ = ["attribute", "set_attribute", "set_subscript", "subscript"]


def attribute(machine: Machine, value: Any, node: ast.Attribute) -> Any:
    """Return value.name. Raises SourceError for a name that is not in the list."""
    name = node.attr
    if isinstance(value, Tensor):
        return _of_tensor(machine, value, node)
    if isinstance(value, Namespace):
        if name in value.names:
            return value.names[name]
        raise unknown(value.name, name, value.names, node)
    if isinstance(value, Named) and name in value.fields:
        return value[value.fields.index(name)]
    if isinstance(value, Record):
        return value.attribute(machine, node)
    if name.startswith("_") and name not in ("__name__", "__class__"):
        raise unknown(python_name(value), name, (), node)
    return _of_others(machine, value, node)


def _of_tensor(machine: Machine, value: Tensor, node: ast.Attribute) -> Any:
    name = node.attr
    if name in PROPERTIES:
        return PROPERTIES[name](value)
    if name in METHODS:
        method = METHODS[name]
        return Native(
            name, lambda machine, args, named: method(machine, value, args, named), "Tensor"
        )
    raise unknown("Tensor", name, [*PROPERTIES, *METHODS], node)


def _of_others(machine: Machine, value: Any, node: ast.Attribute) -> Any:
    name = node.attr
    known = _fields(value)
    if name in known:
        return known[name]
    for kind, methods in CONTAINER_METHODS.items():
        if isinstance(value, kind):
            if name not in methods:
                raise unknown(python_name(value), name, methods, node)
            return _bound(name, methods[name], value)
    if value is None:
        raise Raised("AttributeError", f"'NoneType' object has no attribute '{name}'")
    if not known:
        text = f"'{python_name(value)}' object has no attribute '{name}'"
        raise Raised("AttributeError", text)
    raise unknown(python_name(value), name, known, node)


def _bound(name: str, method: Any, value: Any) -> Native:
    return Native(name, lambda machine, args, named: method(machine, value, args, named), "x")


def _fields(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Node | Accumulate | Between):
        own = getattr(value, "context", None)
        step: dict[str, Any] = {"next_functions": value.next_functions}
        step["name"] = Native("name", lambda machine, args, named: _step_name(value), "Node")
        if own is not None:
            step |= own.names | ({} if own.freed else {"saved_tensors": own.taken()})
        if isinstance(value, Accumulate):
            step["variable"] = value.variable
        return step
    if isinstance(value, Device):
        return {"type": value.type, "index": value.index}
    if isinstance(value, DType):
        real = value.numpy.kind == "f"
        return {"is_floating_point": real, "itemsize": value.numpy.itemsize}
    if isinstance(value, Size):
        return {"numel": Native("numel", lambda machine, args, named: _product(value), "Size")}
    if isinstance(value, RemovableHandle):
        return {"remove": Native("remove", lambda machine, args, named: value.remove(), "handle")}
    if isinstance(value, Kind | Closure):
        return {"__name__": value.name.rpartition(".")[2]}
    if isinstance(value, Raised):
        return {"args": (value.message,)}
    return {}


def _step_name(step: Any) -> str:
    name = str(step.name())
    own = hasattr(step, "context")
    return name if own or name[-1].isdigit() else f"torch::autograd::{name}"


def _product(sizes: Size) -> int:
    product = 1
    for size in sizes:
        product *= size
    return product


def set_attribute(machine: Machine, value: Any, node: ast.Attribute, given: Any) -> None:
    """Set value.name, where that is foreseen."""
    if isinstance(value, Tensor):
        set_property(value, node, given)
    elif isinstance(value, Record):
        value.set_attribute(machine, node, given)
    else:
        raise unknown(python_name(value), node.attr, (), node)


def subscript(machine: Machine, value: Any, index: Any) -> Any:
    """Return value[index]."""
    if isinstance(value, Tensor):
        return value[index_of(index)]
    if isinstance(value, Array):
        return value.taken(index)
    value = getattr(value, "layers", value)
    if isinstance(value, dict):
        key = same_key(index)
        if key not in value:
            raise Raised("KeyError", repr(key))
        return value[key]
    if hasattr(value, "special"):
        return value.special("__getitem__", index)
    if isinstance(value, str | list | tuple | range):
        if isinstance(index, Tensor):
            index = index.item()
        if not isinstance(index, int | slice):
            kind = python_name(value)
            text = f"{kind} indices must be integers or slices, not {python_name(index)}"
            raise Raised("TypeError", text)
        found = machine.budget.sized(value[index])
        return Size(found) if isinstance(value, Size) and isinstance(index, slice) else found
    raise Raised("TypeError", f"'{python_name(value)}' object is not subscriptable")


def set_subscript(machine: Machine, value: Any, index: Any, given: Any) -> None:
    """Set value[index]."""
    if isinstance(value, Tensor):
        assign_index(value, index_of(index), given)
    elif isinstance(value, Array):
        value.put(index, given)
    elif isinstance(value, dict):
        value[same_key(index)] = given
        machine.budget.items(len(value))
    elif isinstance(value, list):
        if isinstance(index, slice):
            raise unknown("list", "assignment to a slice", ())
        value[index] = given
    else:
        name = python_name(value)
        raise Raised("TypeError", f"'{name}' object does not support item assignment")
