"""`torch.nn.init`: numbers written over a tensor, off the record, as PyTorch draws them."""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt
from typing import Any

import numpy as np

from engine.autograd.machine import Machine
from engine.autograd.pieces import first
from engine.autograd.refuse import Raised
from engine.eager import Tensor
from engine.eager.modes import Mode
from engine.eager.tensor import settle

__all__ = ["INITIAL"]

Call = Callable[[Machine, list[Any], dict[str, Any]], Any]


def _fans(x: Tensor) -> tuple[int, int]:
    if x.ndim < 2:
        text = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        raise Raised("ValueError", text)
    field = prod(x.shape[2:])
    return x.shape[1] * field, x.shape[0] * field


def _gain(name: str, slope: Any = None) -> float:
    known = {"tanh": 5.0 / 3, "relu": sqrt(2.0), "selu": 3.0 / 4}
    if name == "leaky_relu":
        return sqrt(2.0 / (1 + (0.01 if slope is None else slope) ** 2))
    if name in known:
        return known[name]
    if name in ("linear", "conv1d", "conv2d", "sigmoid"):
        return 1.0
    raise Raised("ValueError", f"Unsupported nonlinearity {name}")


def _written(x: Tensor, entries: Any) -> Tensor:
    with Mode(False):
        made: Tensor = x.copy_(Tensor(settle(entries.reshape(x.shape).astype(x.dtype), x.backend)))
    return made


def _uniform(machine: Machine, x: Tensor, low: float, high: float) -> Tensor:
    machine.budget.tensor(x.numel())
    return _written(x, machine.generator.uniform(x.numel(), x.dtype, low, high))


def _normal(machine: Machine, x: Tensor, mean: float, std: float) -> Tensor:
    machine.budget.tensor(x.numel())
    kind = x.dtype.type
    drawn = machine.generator.normal(x.numel(), x.dtype)
    return _written(x, drawn * kind(std) + kind(mean))


def _plain(name: str, usual: dict[str, Any], write: Any) -> Call:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        x = first([*args, *([named["tensor"]] if "tensor" in named else [])], name)
        rest = dict(zip(usual, args[1:], strict=False)) | named
        return write(machine, x, **(usual | {k: v for k, v in rest.items() if k in usual}))

    return call


def _full(value: float) -> Call:
    return lambda machine, args, named: _written(args[0], np.full(args[0].shape, value))


def _constant(machine: Machine, x: Tensor, val: float) -> Tensor:
    return _written(x, np.full(x.shape, val))


def _xavier_uniform(machine: Machine, x: Tensor, gain: float) -> Tensor:
    bound = sqrt(3.0) * (gain * sqrt(2.0 / float(sum(_fans(x)))))
    return _uniform(machine, x, -bound, bound)


def _xavier_normal(machine: Machine, x: Tensor, gain: float) -> Tensor:
    return _normal(machine, x, 0.0, gain * sqrt(2.0 / float(sum(_fans(x)))))


def _spread(x: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fan = _fans(x)[mode == "fan_out"]
    return _gain(nonlinearity, a) / sqrt(fan)


def _kaiming_uniform(machine: Machine, x: Tensor, a: float, mode: str, nonlinearity: str) -> Any:
    bound = sqrt(3.0) * _spread(x, a, mode, nonlinearity)
    return _uniform(machine, x, -bound, bound)


def _kaiming_normal(machine: Machine, x: Tensor, a: float, mode: str, nonlinearity: str) -> Any:
    return _normal(machine, x, 0.0, _spread(x, a, mode, nonlinearity))


def _eye(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    return _written(args[0], np.eye(*args[0].shape))


def _calculate(machine: Machine, args: list[Any], named: dict[str, Any]) -> float:
    given = dict(zip(("nonlinearity", "param"), args, strict=False)) | named
    return _gain(given["nonlinearity"], given.get("param"))


_GAIN: dict[str, Any] = {"gain": 1.0}
_KAIMING = {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"}
INITIAL: dict[str, Call] = {
    "uniform_": _plain(
        "uniform_", {"a": 0.0, "b": 1.0}, lambda machine, x, a, b: _uniform(machine, x, a, b)
    ),
    "normal_": _plain("normal_", {"mean": 0.0, "std": 1.0}, _normal),
    "constant_": _plain("constant_", {"val": 0.0}, _constant),
    "zeros_": _full(0.0),
    "ones_": _full(1.0),
    "eye_": _eye,
    "xavier_uniform_": _plain("xavier_uniform_", _GAIN, _xavier_uniform),
    "xavier_normal_": _plain("xavier_normal_", _GAIN, _xavier_normal),
    "kaiming_uniform_": _plain("kaiming_uniform_", _KAIMING, _kaiming_uniform),
    "kaiming_normal_": _plain("kaiming_normal_", _KAIMING, _kaiming_normal),
    "calculate_gain": _calculate,
}
