"""What an optimizer makes of a weight and its gradient, in PyTorch's order of operations.

Every rule: (weight, gradient, what is remembered of this weight, options of its group) → weight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["RULES"]

Rule = Callable[[Any, Any, dict[str, Any], dict[str, Any]], Any]


def _fused(x: Any, factor: float, g: Any) -> Any:
    """x + factor g, rounded once, as PyTorch's `add_(g, alpha=factor)` does."""
    wide = np.asarray(x, np.float64) + float(x.dtype.type(factor)) * np.asarray(g, np.float64)
    return wide.astype(x.dtype)


def _sgd(x: Any, g: Any, memory: dict[str, Any], options: dict[str, Any]) -> Any:
    kind = x.dtype.type
    if options["weight_decay"]:
        g = _fused(g, options["weight_decay"], x)
    momentum = options["momentum"]
    if momentum:
        if "momentum" in memory:
            before = kind(momentum) * memory["momentum"]
            memory["momentum"] = _fused(before, 1 - options["dampening"], g)
        else:
            memory["momentum"] = g.copy()
        buffer = memory["momentum"]
        g = _fused(g, momentum, buffer) if options["nesterov"] else buffer
    return _fused(x, -options["lr"], g)


def _adam(x: Any, g: Any, memory: dict[str, Any], options: dict[str, Any]) -> Any:
    kind, (beta1, beta2) = x.dtype.type, options["betas"]
    rate, decay = options["lr"], options["weight_decay"]
    if decay and options["decoupled_weight_decay"]:
        x = x * kind(1 - rate * decay)
    elif decay:
        g = _fused(g, decay, x)
    count = memory["step"] = memory.get("step", 0) + 1
    mean = memory.get("mean", np.zeros_like(x))
    square = memory.get("square", np.zeros_like(x))
    memory["mean"] = mean = mean + (g - mean) * kind(1 - beta1)
    memory["square"] = square = square * kind(beta2) + kind(1 - beta2) * g * g
    if options["amsgrad"]:
        memory["most"] = square = np.maximum(memory.get("most", np.zeros_like(x)), square)
    root = np.sqrt(square) / kind((1 - beta2**count) ** 0.5) + kind(options["eps"])
    return x + kind(-rate / (1 - beta1**count)) * mean / root


def _rmsprop(x: Any, g: Any, memory: dict[str, Any], options: dict[str, Any]) -> Any:
    kind, alpha = x.dtype.type, options["alpha"]
    if options["weight_decay"]:
        g = _fused(g, options["weight_decay"], x)
    square = memory.get("square", np.zeros_like(x))
    memory["square"] = square = square * kind(alpha) + kind(1 - alpha) * g * g
    if options["centered"]:
        mean = memory.get("mean", np.zeros_like(x))
        memory["mean"] = mean = mean + (g - mean) * kind(1 - alpha)
        square = square - mean * mean
    root = np.sqrt(square) + kind(options["eps"])
    if not options["momentum"]:
        return x + kind(-options["lr"]) * g / root
    before = memory.get("momentum", np.zeros_like(x))
    memory["momentum"] = kind(options["momentum"]) * before + g / root
    return _fused(x, -options["lr"], memory["momentum"])


def _adagrad(x: Any, g: Any, memory: dict[str, Any], options: dict[str, Any]) -> Any:
    kind = x.dtype.type
    if options["weight_decay"]:
        g = _fused(g, options["weight_decay"], x)
    count = memory["step"] = memory.get("step", 0) + 1
    begin = np.full_like(x, options["initial_accumulator_value"])
    memory["sum"] = total = memory.get("sum", begin) + g * g
    rate = options["lr"] / (1 + (count - 1) * options["lr_decay"])
    return x + kind(-rate) * g / (np.sqrt(total) + kind(options["eps"]))


RULES: dict[str, Rule] = {"SGD": _sgd, "Adam": _adam, "AdamW": _adam, "RMSprop": _rmsprop}
RULES["Adagrad"] = _adagrad
"""By the optimizer's name."""
