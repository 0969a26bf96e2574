"""`torch.nn`: what makes a layer. Initial weights are the numbers that PyTorch draws."""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt
from typing import Any

from engine.autograd.functions import BOTH, FUNCTIONAL
from engine.autograd.layer_lists import listed, sequential
from engine.autograd.machine import Machine
from engine.autograd.made import Given, given, pair, precision, weight
from engine.autograd.modules import Layer, parameter
from engine.autograd.norms import batch_norm, group_norm, layer_norm
from engine.autograd.refuse import Raised, refused
from engine.autograd.values import Kind, python_name
from engine.eager import Tensor

__all__ = ["LAYERS"]


def _drawn(machine: Machine, sizes: tuple[int, ...], bound: float, dtype: Any) -> Tensor:
    machine.budget.tensor(prod(sizes))
    drawn = machine.generator.uniform(prod(sizes), dtype, -bound, bound).astype(dtype)
    return weight(drawn.reshape(sizes))


def _linear(machine: Machine, args: list[Any], named: Given) -> Layer:
    rows = given("Linear", {"in_features": ..., "out_features": ..., "bias": True}, args, named)
    inputs, outputs = rows["in_features"], rows["out_features"]
    told = f"in_features={inputs}, out_features={outputs}, bias={bool(rows['bias'])}"
    made = Layer("Linear", told)
    made.names |= {"in_features": inputs, "out_features": outputs}
    bound = 1 / sqrt(inputs) if inputs else 0.0
    dtype = precision(rows)
    made.weights["weight"] = _drawn(machine, (outputs, inputs), bound, dtype)
    made.weights["bias"] = _drawn(machine, (outputs,), bound, dtype) if rows["bias"] else None
    made.run = _with_weights("linear")
    return made


def _with_weights(function: str, **options: Any) -> Callable[..., Any]:
    def run(machine: Machine, layer: Layer, x: Any) -> Any:
        several = [x, *(each for each in layer.weights.values() if each is not None)]
        return FUNCTIONAL[function](machine, several, dict(options))

    return run


def _convolution(rank: int) -> Callable[..., Layer]:
    title = f"Conv{rank}d"

    def make(machine: Machine, args: list[Any], named: Given) -> Layer:
        usual = {"in_channels": ..., "out_channels": ..., "kernel_size": ..., "stride": 1}
        usual |= {"padding": 0, "dilation": 1, "groups": 1, "bias": True, "padding_mode": "zeros"}
        rows = given(title, usual, args, named)
        if rows["padding_mode"] != "zeros":
            raise refused(
                f"padding_mode={rows['padding_mode']!r}", "Write `F.pad(x, (1, 1, 1, 1))`."
            )
        kernel, groups = pair(rows["kernel_size"], rank), rows["groups"]
        stride, padding, dilation = (pair(rows[k], rank) for k in ("stride", "padding", "dilation"))
        inputs, outputs = rows["in_channels"], rows["out_channels"]
        told = f"{inputs}, {outputs}, kernel_size={kernel}, stride={stride}"
        told += f", padding={padding}" if padding != (0,) * rank else ""
        told += f", dilation={dilation}" if dilation != (1,) * rank else ""
        told += f", groups={groups}" if groups != 1 else ""
        made = Layer(title, told + ("" if rows["bias"] else ", bias=False"))
        made.names |= {"in_channels": inputs, "out_channels": outputs, "kernel_size": kernel}
        bound, dtype = 1 / sqrt(inputs // groups * prod(kernel)), precision(rows)
        sizes = (outputs, inputs // groups, *kernel)
        made.weights["weight"] = _drawn(machine, sizes, bound, dtype)
        made.weights["bias"] = _drawn(machine, (outputs,), bound, dtype) if rows["bias"] else None
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        made.run = _with_weights(title.lower(), groups=groups, **options)
        return made

    return make


def _embedding(machine: Machine, args: list[Any], named: Given) -> Layer:
    usual = {"num_embeddings": ..., "embedding_dim": ..., "padding_idx": None}
    rows = given("Embedding", usual, args, named)
    count, size, padding = (rows[name] for name in usual)
    told = f"{count}, {size}" + ("" if padding is None else f", padding_idx={padding}")
    made = Layer("Embedding", told)
    made.names |= {"num_embeddings": count, "embedding_dim": size}
    machine.budget.tensor(count * size)
    drawn = machine.generator.normal(count * size, precision(rows)).reshape(count, size)
    if padding is not None:
        raise Raised("NotImplementedError", "padding_idx of Embedding is not supported here")
    made.weights["weight"] = weight(drawn)

    def run(machine: Machine, layer: Layer, index: Any) -> Any:
        return FUNCTIONAL["embedding"](machine, [index, layer.weights["weight"]], {})

    made.run = run
    return made


def _dropout(title: str, rank: int) -> Callable[..., Layer]:
    def make(machine: Machine, args: list[Any], named: Given) -> Layer:
        rows = given(title, {"p": 0.5, "inplace": False}, args, named)
        p = rows["p"]
        if p < 0 or p > 1:
            text = f"dropout probability has to be between 0 and 1, but got {p}"
            raise Raised("ValueError", text)
        made = Layer(title, f"p={p}, inplace={rows['inplace']}")
        made.names["p"] = p

        def run(machine: Machine, layer: Layer, x: Any) -> Any:
            options = {"p": layer.names["p"], "training": layer.training}
            return FUNCTIONAL[f"dropout{rank}d" if rank else "dropout"](machine, [x], options)

        made.run = run
        return made

    return make


def _flatten(machine: Machine, args: list[Any], named: Given) -> Layer:
    rows = given("Flatten", {"start_dim": 1, "end_dim": -1}, args, named)
    start, end = rows["start_dim"], rows["end_dim"]
    made = Layer("Flatten", f"start_dim={start}, end_dim={end}")
    made.run = lambda machine, layer, x: BOTH["flatten"](machine, [x, start, end], {})
    return made


def _identity(machine: Machine, args: list[Any], named: Given) -> Layer:
    made = Layer("Identity")
    made.run = lambda machine, layer, x: x
    return made


def _pool(title: str, function: str, extra: str) -> Callable[..., Layer]:
    def make(machine: Machine, args: list[Any], named: Given) -> Layer:
        usual = {"kernel_size": ..., "stride": None, "padding": 0}
        rows = given(title, usual, args, named)
        kernel, padding = rows["kernel_size"], rows["padding"]
        stride = kernel if rows["stride"] is None else rows["stride"]
        made = Layer(title, f"kernel_size={kernel}, stride={stride}, padding={padding}{extra}")
        options = {"kernel_size": kernel, "stride": stride, "padding": padding}
        made.run = lambda machine, layer, x: FUNCTIONAL[function](machine, [x], dict(options))
        return made

    return make


def _parameter(machine: Machine, args: list[Any], named: Given) -> Tensor:
    data = args[0] if args else named["data"]
    wanted = args[1] if len(args) > 1 else named.get("requires_grad", True)
    if not isinstance(data, Tensor):
        raise Raised("TypeError", f"'{python_name(data)}' object is not a Tensor")
    return parameter(data, bool(wanted))


def _kind(title: str, make: Any) -> Kind:
    return Kind(f"torch.nn.{title}", make, (Layer,), f"torch.nn.modules.{_file(title)}.{title}")


def _file(title: str) -> str:
    """The part of PyTorch that has the layer."""
    known = {"Linear": "linear", "Identity": "linear", "Embedding": "sparse", "Flatten": "flatten"}
    known |= {"LayerNorm": "normalization", "GroupNorm": "normalization"}
    known |= {"Module": "module"}
    parts = {"Conv": "conv", "BatchNorm": "batchnorm", "Dropout": "dropout"}
    parts |= {"MaxPool": "pooling", "AvgPool": "pooling"}
    found = [part for name, part in parts.items() if title.startswith(name)]
    return known.get(title) or (found[0] if found else "container")


_MADE: dict[str, Any] = {
    "Linear": _linear, "Conv1d": _convolution(1), "Conv2d": _convolution(2),
    "Embedding": _embedding, "GroupNorm": group_norm, "LayerNorm": layer_norm,
    "BatchNorm1d": batch_norm(1), "BatchNorm2d": batch_norm(2), "Dropout": _dropout("Dropout", 0),
    "Dropout2d": _dropout("Dropout2d", 2), "Flatten": _flatten, "Identity": _identity,
    "MaxPool1d": _pool("MaxPool1d", "max_pool1d", ", dilation=1, ceil_mode=False"),
    "MaxPool2d": _pool("MaxPool2d", "max_pool2d", ", dilation=1, ceil_mode=False"),
    "AvgPool2d": _pool("AvgPool2d", "avg_pool2d", ""), "Sequential": sequential,
    "ModuleList": listed("ModuleList"), "ModuleDict": listed("ModuleDict"),
    "ParameterList": listed("ParameterList"),
    "Module": lambda machine, args, named: Layer("Module"),
}  # fmt: skip

LAYERS: dict[str, Any] = {title: _kind(title, make) for title, make in _MADE.items()}
LAYERS["Parameter"] = Kind("torch.nn.Parameter", _parameter, (Tensor,))
