"""`torch.optim`: SGD with momentum, Adam and AdamW, in PyTorch's order of operations."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from engine.autograd.call import called, items_of
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised, unknown
from engine.autograd.values import Kind, Native, Record, python_name
from engine.eager import Tensor
from engine.eager.modes import Mode
from engine.eager.tensor import counter_of

__all__ = ["OPTIMIZERS", "Optimizer"]

_SGD = {"lr": 1e-3, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False}
_ADAM = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}


class Optimizer(Record):
    """One optimizer: its weights, its options, and what it remembers of each weight."""

    def __init__(self, title: str, weights: list[Tensor], options: dict[str, Any]) -> None:
        self.title, self.weights, self.options = title, weights, options
        self.memory: dict[int, dict[str, Any]] = {}

    def step(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        """Take one step, after calling the closure where one is given."""
        value = None
        if args:
            with Mode(True):
                value = called(machine, args[0], [], {})
        with Mode(False):
            for weight in self.weights:
                if weight.grad is not None:
                    self._update(weight, self.memory.setdefault(id(weight), {}))
        return value

    def _update(self, weight: Tensor, memory: dict[str, Any]) -> None:
        grad = weight.grad
        assert grad is not None
        rule = _sgd if self.title == "SGD" else _adam
        entries = np.asarray(weight.array)
        found = rule(entries, np.asarray(grad.array), memory, self.options, self.title)
        if type(weight._data) is float:
            weight._data = float(found)
        else:
            weight._data[...] = found
        twice = self.title == "AdamW" and self.options["weight_decay"]
        counter_of(weight).version += 2 if twice else 1

    def zero_grad(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
        """Set every gradient to None, or write 0 over it."""
        to_none = named.get("set_to_none", args[0] if args else True)
        for weight in self.weights:
            if to_none:
                weight.grad = None
            elif weight.grad is not None:
                if weight.grad.grad_fn is not None:
                    weight.grad.detach_()
                weight.grad.zero_()

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        """Return a method, or the groups of weights."""
        methods = {"step": self.step, "zero_grad": self.zero_grad}
        if node.attr in methods:
            return Native(node.attr, methods[node.attr], "Optimizer")
        if node.attr == "param_groups":
            self.options["params"] = self.weights
            return [self.options]
        raise unknown(self.title, node.attr, [*methods, "param_groups"], node)


def _sgd(x: Any, g: Any, memory: dict[str, Any], options: dict[str, Any], title: str) -> Any:
    kind = x.dtype.type
    if options["weight_decay"]:
        g = g + kind(options["weight_decay"]) * x
    momentum = options["momentum"]
    if momentum:
        if "momentum" in memory:
            before = kind(momentum) * memory["momentum"]
            memory["momentum"] = before + kind(1 - options["dampening"]) * g
        else:
            memory["momentum"] = g.copy()
        g = g + kind(momentum) * memory["momentum"] if options["nesterov"] else memory["momentum"]
    return x - kind(options["lr"]) * g


def _adam(x: Any, g: Any, memory: dict[str, Any], options: dict[str, Any], title: str) -> Any:
    kind, (beta1, beta2) = x.dtype.type, options["betas"]
    rate, decay = options["lr"], options["weight_decay"]
    if decay and title == "AdamW":
        x = x * kind(1 - rate * decay)
    elif decay:
        g = g + kind(decay) * x
    count = memory["step"] = memory.get("step", 0) + 1
    mean = memory.get("mean", np.zeros_like(x))
    square = memory.get("square", np.zeros_like(x))
    memory["mean"] = mean = mean + (g - mean) * kind(1 - beta1)
    memory["square"] = square = square * kind(beta2) + kind(1 - beta2) * g * g
    root = np.sqrt(square) / kind((1 - beta2**count) ** 0.5) + kind(options["eps"])
    return x - kind(rate / (1 - beta1**count)) * (mean / root)


def _make(title: str, usual: dict[str, Any]) -> Kind:
    def make(machine: Machine, args: list[Any], named: dict[str, Any]) -> Optimizer:
        given = dict(zip(("params", *usual), args, strict=False)) | named
        weights = given.pop("params")
        if isinstance(weights, Tensor):
            kind = "torch.FloatTensor"
            text = (
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
            )
            raise Raised("TypeError", f"{text}but got {kind}")
        listed = list(items_of(machine, weights))
        if not listed:
            raise Raised("ValueError", "optimizer got an empty parameter list")
        for each in listed:
            if not isinstance(each, Tensor):
                text = "optimizer can only optimize Tensors, but one of the params is "
                raise Raised("TypeError", text + python_name(each))
            if not each.is_leaf:
                raise Raised("ValueError", "can't optimize a non-leaf Tensor")
        strange = sorted(set(given) - set(usual))
        if strange:
            text = f"{title}.__init__() got an unexpected keyword argument '{strange[0]}'"
            raise Raised("TypeError", text)
        return Optimizer(title, listed, usual | given)

    return Kind(f"torch.optim.{title}", make, (Optimizer,))


OPTIMIZERS = {
    "SGD": _make("SGD", _SGD),
    "Adam": _make("Adam", _ADAM),
    "AdamW": _make("AdamW", _ADAM | {"weight_decay": 1e-2}),
}
