"""`LayerNorm`, `GroupNorm`, and `BatchNorm`, whose running statistics are buffers."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from engine import eager
from engine.autograd.functions import FUNCTIONAL
from engine.autograd.machine import Machine
from engine.autograd.made import Given, given, pair, precision, weight
from engine.autograd.modules import Layer
from engine.autograd.refuse import Raised
from engine.autograd.values import Size
from engine.eager import Tensor

__all__ = ["batch_norm", "group_norm", "layer_norm"]


def _full(machine: Machine, sizes: tuple[int, ...], value: float, options: Given) -> Tensor:
    machine.budget.tensor(prod(sizes))
    return weight(np.full(sizes, value, dtype=precision(options)))


def layer_norm(machine: Machine, args: list[Any], named: Given) -> Layer:
    usual = {"normalized_shape": ..., "eps": 1e-5, "elementwise_affine": True, "bias": True}
    rows = given("LayerNorm", usual, args, named)
    shape, eps, affine = pair(rows["normalized_shape"], 1), rows["eps"], rows["elementwise_affine"]
    told = f"{shape}, eps={eps}, elementwise_affine={affine}, bias={rows['bias']}"
    made = Layer("LayerNorm", told)
    made.weights["weight"] = _full(machine, shape, 1, rows) if affine else None
    made.weights["bias"] = _full(machine, shape, 0, rows) if affine and rows["bias"] else None

    def run(machine: Machine, layer: Layer, x: Any) -> Any:
        several = [each for each in layer.weights.values() if each is not None]
        return FUNCTIONAL["layer_norm"](machine, [x, shape, *several], {"eps": eps})

    made.run = run
    return made


def batch_norm(rank: int) -> Callable[..., Layer]:
    title = f"BatchNorm{rank}d"

    def make(machine: Machine, args: list[Any], named: Given) -> Layer:
        usual = {"num_features": ..., "eps": 1e-5, "momentum": 0.1, "affine": True}
        usual |= {"track_running_stats": True}
        rows = given(title, usual, args, named)
        count, tracked, affine = rows["num_features"], rows["track_running_stats"], rows["affine"]
        told = f"{count}, eps={rows['eps']}, momentum={rows['momentum']}, affine={affine}, "
        made = Layer(title, f"{told}bias={affine}, track_running_stats={tracked}")
        made.weights["weight"] = _full(machine, (count,), 1, rows) if affine else None
        made.weights["bias"] = _full(machine, (count,), 0, rows) if affine else None
        mean, var = (_full(machine, (count,), value, rows).detach() for value in (0, 1))
        seen = weight(np.zeros(())).detach().to(np.dtype(np.int64))
        if tracked:
            made.buffers |= {"running_mean": mean, "running_var": var, "num_batches_tracked": seen}
        made.names |= {"eps": rows["eps"], "momentum": rows["momentum"], "num_features": count}
        made.run = _normalized
        return made

    return make


def _normalized(machine: Machine, layer: Layer, x: Any) -> Any:
    """Statistics of the batch while training, and the running ones follow; else the running."""
    mean, var = layer.buffers.get("running_mean"), layer.buffers.get("running_var")
    training, eps, momentum = layer.training, layer.names["eps"], layer.names["momentum"]
    axes = (0, *range(2, x.ndim))
    entries = np.asarray(x.array)
    if training and prod(x.shape) // max(x.shape[1], 1) <= 1:
        text = "Expected more than 1 value per channel when training, got input size "
        raise Raised("ValueError", f"{text}{Size(x.shape)}")
    if training and mean is not None and var is not None:
        batch = entries.mean(axis=axes), entries.var(axis=axes, ddof=1)
        for running, now in zip((mean, var), batch, strict=True):
            kind = running.dtype.type
            running._data[...] = kind(1 - momentum) * running._data + kind(momentum) * now
        layer.buffers["num_batches_tracked"].add_(1)  # type: ignore[union-attr]
    if mean is None or var is None:
        mean, var, training = eager.zeros(x.shape[1]), eager.ones(x.shape[1]), True
    several = [x, mean, var, *(each for each in layer.weights.values() if each is not None)]
    return FUNCTIONAL["batch_norm"](machine, several, {"training": training, "eps": eps})


def group_norm(machine: Machine, args: list[Any], named: Given) -> Layer:
    """`nn.GroupNorm`."""
    usual = {"num_groups": ..., "num_channels": ..., "eps": 1e-5, "affine": True}
    rows = given("GroupNorm", usual, args, named)
    groups, channels, eps, affine = (rows[name] for name in usual)
    if channels % groups:
        text = f"num_channels ({channels}) must be divisible by num_groups ({groups})"
        raise Raised("ValueError", text)
    made = Layer("GroupNorm", f"{groups}, {channels}, eps={eps}, affine={affine}, bias={affine}")
    made.weights["weight"] = _full(machine, (channels,), 1, rows) if affine else None
    made.weights["bias"] = _full(machine, (channels,), 0, rows) if affine else None

    def run(machine: Machine, layer: Layer, x: Any) -> Any:
        several = [each for each in layer.weights.values() if each is not None]
        return FUNCTIONAL["group_norm"](machine, [x, groups, *several], {"eps": eps})

    made.run = run
    return made
