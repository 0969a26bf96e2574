"""`torch.optim`: groups of weights, their options, and what is remembered of each weight."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from engine.autograd.call import called, items_of
from engine.autograd.machine import Machine
from engine.autograd.module_state import forget
from engine.autograd.refuse import Raised, unknown
from engine.autograd.rules import RULES
from engine.autograd.values import Kind, Native, Record, python_name
from engine.eager import Tensor
from engine.eager.modes import Mode
from engine.eager.tensor import counter_of

__all__ = ["OPTIMIZERS", "Optimizer"]

Options = dict[str, Any]
_HOW: Options = {"maximize": False, "foreach": None, "differentiable": False, "fused": None}
_SGD: Options = {
    "lr": 1e-3,
    "momentum": 0,
    "dampening": 0,
    "weight_decay": 0,
    "nesterov": False,
} | _HOW
_ADAM: Options = {
    "lr": 1e-3,
    "betas": (0.9, 0.999),
    "eps": 1e-8,
    "weight_decay": 0,
    "amsgrad": False,
}
_ADAM |= {"maximize": False, "foreach": None, "capturable": False, "differentiable": False}
_ADAM |= {"fused": None, "decoupled_weight_decay": False}
_RMSPROP: Options = {
    "lr": 1e-2,
    "alpha": 0.99,
    "eps": 1e-8,
    "weight_decay": 0,
    "momentum": 0,
}
_RMSPROP |= {"centered": False, "capturable": False, "foreach": None, "maximize": False}
_RMSPROP |= {"differentiable": False}
_ADAGRAD: Options = {
    "lr": 1e-2,
    "lr_decay": 0,
    "weight_decay": 0,
    "initial_accumulator_value": 0,
}
_ADAGRAD |= {"eps": 1e-10, "foreach": None, "maximize": False, "differentiable": False}
_ADAGRAD |= {"fused": None}


class Optimizer(Record):
    """One optimizer. groups: what `param_groups` shows; steps: how often it stepped."""

    def __init__(self, title: str, usual: dict[str, Any]) -> None:
        self.title, self.usual = title, usual
        self.groups: list[dict[str, Any]] = []
        self.memory: dict[int, dict[str, Any]] = {}
        self.steps = 0

    @property
    def weights(self) -> list[Tensor]:
        """All weights, of every group."""
        return [weight for group in self.groups for weight in group["params"]]

    def add(self, machine: Machine, group: dict[str, Any]) -> None:
        """Add a group. Raises the snippet's error for what cannot be optimized."""
        given = group["params"]
        listed = [given] if isinstance(given, Tensor) else list(items_of(machine, given))
        if any(isinstance(each, tuple) for each in listed):
            listed = [each[1] for each in listed]
        for each in listed:
            if not isinstance(each, Tensor):
                text = "optimizer can only optimize Tensors, but one of the params is "
                raise Raised("TypeError", text + python_name(each))
            if not each.is_leaf:
                raise Raised("ValueError", "can't optimize a non-leaf Tensor")
        if {id(each) for each in listed} & {id(each) for each in self.weights}:
            text = "some parameters appear in more than one parameter group"
            raise Raised("ValueError", text)
        self.groups.append({"params": listed} | self.usual | group | {"params": listed})

    def step(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        """Take one step, after calling the closure where one is given."""
        value, closure = None, args[0] if args else named.get("closure")
        if closure is not None:
            with Mode(True):
                value = called(machine, closure, [], {})
        self.steps += 1
        with Mode(False):
            for group in self.groups:
                for weight in group["params"]:
                    if weight.grad is not None:
                        memory = self.memory.setdefault(id(weight), {})
                        self._update(machine, weight, memory, group)
        return value

    def _update(self, machine: Machine, weight: Tensor, memory: Any, group: Any) -> None:
        grad = weight.grad
        assert grad is not None
        machine.budget.spend(1 + weight.numel() // 256)
        slope = np.asarray(grad.array)
        slope = -slope if group["maximize"] else slope
        rule = RULES[self.title]
        found = rule(np.asarray(weight.array), slope, memory, group)
        if type(weight._data) is float:
            weight._data = float(found)
        else:
            weight._data[...] = found
        twice = group.get("decoupled_weight_decay") and group["weight_decay"]
        counter_of(weight).version += 2 if twice else 1

    def zero_grad(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
        """Set every gradient to None, or write 0 over it."""
        forget(self.weights, bool(named.get("set_to_none", args[0] if args else True)))

    def _add_group(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
        self.add(machine, args[0] if args else named["param_group"])

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        methods = {"step": self.step, "zero_grad": self.zero_grad}
        methods["add_param_group"] = self._add_group
        if node.attr in methods:
            return Native(node.attr, methods[node.attr], "Optimizer")
        if node.attr == "param_groups":
            return self.groups
        if node.attr == "defaults":
            return dict(self.usual)
        raise unknown(self.title, node.attr, [*methods, "param_groups"], node)

    def __repr__(self) -> str:
        text = f"{self.title} ("
        for at, group in enumerate(self.groups):
            rows = sorted(name for name in group if name != "params")
            text += f"\nParameter Group {at}\n"
            text += "".join(f"    {name}: {group[name]}\n" for name in rows)
        return f"{text})"


def _make(title: str, usual: dict[str, Any]) -> Kind:
    def make(machine: Machine, args: list[Any], named: dict[str, Any]) -> Optimizer:
        given = dict(zip(("params", *usual), args, strict=False)) | named
        if "params" not in given:
            text = f"{title}.__init__() missing 1 required positional argument: 'params'"
            raise Raised("TypeError", text)
        weights = given.pop("params")
        if isinstance(weights, Tensor):
            text = "params argument given to the optimizer should be an iterable of Tensors or "
            raise Raised("TypeError", f"{text}dicts, but got torch.FloatTensor")
        _known(title, usual, given)
        listed = list(items_of(machine, weights))
        if not listed:
            raise Raised("ValueError", "optimizer got an empty parameter list")
        made = Optimizer(title, usual | given)
        several = isinstance(listed[0], dict)
        for group in listed if several else [{"params": listed}]:
            made.add(machine, group)
        return made

    shown = f"torch.optim.{title.lower()}.{title}"
    return Kind(f"torch.optim.{title}", make, (Optimizer,), shown)


def _known(title: str, usual: dict[str, Any], given: dict[str, Any]) -> None:
    strange = sorted(set(given) - set(usual))
    if strange:
        text = f"{title}.__init__() got an unexpected keyword argument '{strange[0]}'"
        raise Raised("TypeError", text)
    for name, told in (("lr", "learning rate"), ("momentum", "momentum value"),
                       ("weight_decay", "weight_decay value")):  # fmt: skip
        if isinstance(given.get(name), int | float) and given[name] < 0:
            raise Raised("ValueError", f"Invalid {told}: {given[name]}")


OPTIMIZERS = {
    "SGD": _make("SGD", _SGD),
    "Adam": _make("Adam", _ADAM),
    "AdamW": _make("AdamW", _ADAM | {"weight_decay": 1e-2, "decoupled_weight_decay": True}),
    "RMSprop": _make("RMSprop", _RMSPROP),
    "Adagrad": _make("Adagrad", _ADAGRAD),
}
