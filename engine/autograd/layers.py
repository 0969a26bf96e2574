"""`torch.nn`: parameters, a few layers, activations and losses, as small objects of our own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from engine.autograd.functions import FUNCTIONAL
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised, unknown
from engine.autograd.text import represented
from engine.autograd.values import Kind, Native, python_name
from engine.eager import Tensor
from engine.eager.modes import RECORDING, Mode
from engine.eager.tensor import counter_of, settle

__all__ = ["LAYERS", "Layer", "parameter"]


def parameter(value: Tensor, requires_grad: bool = True) -> Tensor:
    """Return a leaf over the same memory that belongs to a layer."""
    made = value.detach()
    made._extra = {"parameter": True}
    return made.requires_grad_(requires_grad)


class Layer:
    """A layer: its name, weights, and what it computes. parts: layers within it."""

    title = ""

    def __init__(self, title: str, told: str = "") -> None:
        self.title, self.told = title, told
        self.weights: dict[str, Tensor | None] = {}
        self.parts: dict[str, Layer] = {}
        self.training = True
        self.run: Callable[..., Any] | None = None

    def forward(self, machine: Machine, *args: Any, **named: Any) -> Any:
        """Return the layer's value."""
        if self.run is not None:
            return self.run(machine, *args, **named)
        (value,) = args
        for part in self.parts.values():
            value = part.forward(machine, value)
        return value

    @property
    def layers(self) -> list[Layer]:
        """The layers within, in order."""
        return list(self.parts.values())

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
        """Yield the weights with their names, those of the parts with a point between."""
        for name, weight in self.weights.items():
            if weight is not None:
                yield prefix + name, weight
        for name, part in self.parts.items():
            yield from part.named_parameters(f"{prefix}{name}.")

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        """Return what stands behind the dot."""
        name = node.attr
        if name in self.weights:
            return self.weights[name]
        if name in self.parts:
            return self.parts[name]
        methods = self._methods()
        if name in methods:
            call = methods[name]
            return Native(name, lambda machine, args, named: call(*args), "Module")
        if name == "training":
            return self.training
        raise unknown(self.title, name, [*self.weights, *methods], node)

    def _methods(self) -> dict[str, Callable[..., Any]]:
        return {
            "parameters": lambda: iter([weight for _, weight in self.named_parameters()]),
            "named_parameters": lambda: iter(list(self.named_parameters())),
            "zero_grad": self.zero_grad,
            "requires_grad_": self.require,
            "train": lambda mode=True: self._mode(mode),
            "eval": lambda: self._mode(False),
            "state_dict": lambda: dict(self.named_parameters()),
        }

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all weights, or write 0 over them."""
        forget(weight for _, weight in self.named_parameters())

    def require(self, wanted: bool = True) -> Layer:
        """Set whether the weights require grad."""
        for _, weight in self.named_parameters():
            weight.requires_grad_(wanted)
        return self

    def _mode(self, training: bool) -> Layer:
        self.training = training
        for part in self.layers:
            part._mode(training)
        return self

    def set_attribute(self, machine: Machine, node: ast.Attribute, given: Any) -> None:
        """Set a weight."""
        if node.attr not in self.weights:
            raise unknown(self.title, node.attr, self.weights, node)
        if given is not None and not (isinstance(given, Tensor) and is_parameter(given)):
            kind = f"torch.{'FloatTensor' if isinstance(given, Tensor) else python_name(given)}"
            text = f"cannot assign '{kind}' as parameter '{node.attr}'"
            raise Raised("TypeError", f"{text} (torch.nn.Parameter or None expected)")
        self.weights[node.attr] = given

    def __repr__(self) -> str:
        if not self.parts:
            return f"{self.title}({self.told})"
        inner = [
            f"({name}): " + repr(part).replace("\n", "\n  ") for name, part in self.parts.items()
        ]
        return f"{self.title}(\n  " + "\n  ".join(inner) + "\n)"


def is_parameter(tensor: Tensor) -> bool:
    """Whether a tensor was made by `nn.Parameter`."""
    return bool((tensor._extra or {}).get("parameter"))


def forget(weights: Any) -> None:
    """Set `.grad` of each to None."""
    for weight in weights:
        weight.grad = None


def _linear(machine: Machine, args: list[Any], named: dict[str, Any]) -> Layer:
    rows = dict(zip(("in_features", "out_features", "bias"), args, strict=False)) | named
    inputs, outputs, bias = rows["in_features"], rows["out_features"], rows.get("bias", True)
    made = Layer("Linear", f"in_features={inputs}, out_features={outputs}, bias={bool(bias)}")
    machine.budget.tensor(inputs * outputs)
    dtype = rows["dtype"].numpy if rows.get("dtype") else RECORDING.real
    bound = 1 / np.sqrt(inputs) if inputs else 0.0
    made.weights["weight"] = _drawn(machine, (outputs, inputs), float(bound), dtype)
    made.weights["bias"] = _drawn(machine, (outputs,), float(bound), dtype) if bias else None

    def run(machine: Machine, x: Any) -> Any:
        given = [
            each for each in (x, made.weights["weight"], made.weights["bias"]) if each is not None
        ]
        return FUNCTIONAL["linear"](machine, given, {})

    made.run = run
    return made


def _drawn(machine: Machine, sizes: tuple[int, ...], bound: float, dtype: Any) -> Tensor:
    count = int(np.prod(sizes))
    drawn = machine.generator.uniform(count, dtype, -bound, bound).astype(dtype)
    made = Tensor(settle(drawn.reshape(sizes), Tensor(0.0).backend))
    counter_of(made).version = 1
    with Mode(True):
        return parameter(made)


def _sequential(machine: Machine, args: list[Any], named: dict[str, Any]) -> Layer:
    made = Layer("Sequential")
    for index, each in enumerate(args):
        if not isinstance(each, Layer):
            text = f"{represented(machine.budget, each)} is not a Module subclass"
            raise Raised("TypeError", text)
        made.parts[str(index)] = each
    return made


def _parameter(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    data = args[0] if args else named["data"]
    wanted = args[1] if len(args) > 1 else named.get("requires_grad", True)
    if not isinstance(data, Tensor):
        raise Raised("TypeError", f"'{python_name(data)}' object is not a Tensor")
    return parameter(data, bool(wanted))


def _applied(title: str, function: str, told: str = "", **usual: Any) -> Kind:
    """A layer without weights: a function of `torch.nn.functional` and its keywords."""

    def make(machine: Machine, args: list[Any], named: dict[str, Any]) -> Layer:
        given = usual | dict(zip(usual, args, strict=False)) | named
        given.pop("inplace", None)
        made = Layer(title, told.format(**given))

        def run(machine: Machine, *values: Any) -> Any:
            return FUNCTIONAL[function](machine, list(values), dict(given))

        made.run = run
        return made

    return Kind(f"torch.nn.{title}", make, (Layer,))


def _kind(title: str, make: Any) -> Kind:
    return Kind(f"torch.nn.{title}", make, (Layer,))


LAYERS: dict[str, Any] = {
    "Linear": _kind("Linear", _linear),
    "Sequential": _kind("Sequential", _sequential),
    "Parameter": Kind("torch.nn.Parameter", _parameter, (Tensor,)),
    "Module": _kind("Module", None),
    "ReLU": _applied("ReLU", "relu"),
    "Tanh": _applied("Tanh", "tanh"),
    "Sigmoid": _applied("Sigmoid", "sigmoid"),
    "GELU": _applied("GELU", "gelu", "approximate='none'"),
    "SiLU": _applied("SiLU", "silu"),
    "ELU": _applied("ELU", "elu", "alpha={alpha}", alpha=1.0),
    "LeakyReLU": _applied(
        "LeakyReLU", "leaky_relu", "negative_slope={negative_slope}", negative_slope=0.01
    ),
    "Softplus": _applied("Softplus", "softplus", "beta=1.0, threshold=20.0"),
    "Softmax": _applied("Softmax", "softmax", "dim={dim}", dim=-1),
    "MSELoss": _applied("MSELoss", "mse_loss"),
    "L1Loss": _applied("L1Loss", "l1_loss"),
    "BCELoss": _applied("BCELoss", "binary_cross_entropy"),
    "BCEWithLogitsLoss": _applied("BCEWithLogitsLoss", "binary_cross_entropy_with_logits"),
    "CrossEntropyLoss": _applied("CrossEntropyLoss", "cross_entropy"),
    "NLLLoss": _applied("NLLLoss", "nll_loss"),
    "SmoothL1Loss": _applied("SmoothL1Loss", "smooth_l1_loss"),
    "HuberLoss": _applied("HuberLoss", "huber_loss"),
}
