"""`torch.nn`: layers without weights, each a function of `torch.nn.functional` and its options."""

from __future__ import annotations

from typing import Any

from engine.autograd.functions import FUNCTIONAL
from engine.autograd.machine import Machine
from engine.autograd.made import given
from engine.autograd.modules import Layer
from engine.autograd.values import Kind

__all__ = ["ACTIVATIONS"]


def _applied(title: str, function: str, told: str = "", /, **usual: Any) -> Kind:
    def make(machine: Machine, args: list[Any], named: dict[str, Any]) -> Layer:
        options = given(title, usual, args, named)
        in_place = bool(options.pop("inplace", None))
        text = told.format(**options)
        if in_place:
            text = f"{text}, inplace=True" if text else "inplace=True"
        made = Layer(title, text)

        def run(machine: Machine, layer: Layer, *values: Any) -> Any:
            if in_place and function == "relu":
                return values[0].relu_()
            own = {name: each for name, each in layer.buffers.items() if each is not None}
            return FUNCTIONAL[function](machine, list(values), _plain(options) | own)

        for name in ("weight", "pos_weight"):
            found = options.pop(name, None)
            if found is not None:
                made.buffers[name] = found
        made.run = run
        return made

    part = "loss" if title.endswith("Loss") else "activation"
    return Kind(f"torch.nn.{title}", make, (Layer,), f"torch.nn.modules.{part}.{title}")


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _loss(title: str, function: str, **usual: Any) -> Kind:
    return _applied(title, function, "", **usual)


_WEIGHTED = {"weight": None, "size_average": None, "ignore_index": None}

ACTIVATIONS: dict[str, Any] = {
    "ReLU": _applied("ReLU", "relu", "", inplace=None),
    "ReLU6": _applied("ReLU6", "relu6"),
    "Tanh": _applied("Tanh", "tanh"),
    "Sigmoid": _applied("Sigmoid", "sigmoid"),
    "LogSigmoid": _applied("LogSigmoid", "logsigmoid"),
    "GELU": _applied("GELU", "gelu", "approximate='{approximate}'", approximate="none"),
    "SiLU": _applied("SiLU", "silu"),
    "Mish": _applied("Mish", "mish"),
    "SELU": _applied("SELU", "selu"),
    "ELU": _applied("ELU", "elu", "alpha={alpha}", alpha=1.0),
    "LeakyReLU": _applied(
        "LeakyReLU", "leaky_relu", "negative_slope={negative_slope}", negative_slope=0.01
    ),
    "Hardtanh": _applied(
        "Hardtanh", "hardtanh", "min_val={min_val}, max_val={max_val}", min_val=-1.0, max_val=1.0
    ),
    "Softplus": _applied("Softplus", "softplus", "beta=1.0, threshold=20.0"),
    "Softsign": _applied("Softsign", "softsign"),
    "Softmax": _applied("Softmax", "softmax", "dim={dim}", dim=None),
    "LogSoftmax": _applied("LogSoftmax", "log_softmax", "dim={dim}", dim=None),
    "MSELoss": _loss("MSELoss", "mse_loss", reduction="mean"),
    "L1Loss": _loss("L1Loss", "l1_loss", reduction="mean"),
    "BCELoss": _loss(
        "BCELoss", "binary_cross_entropy", weight=None, size_average=None, reduction="mean"
    ),
    "BCEWithLogitsLoss": _loss(
        "BCEWithLogitsLoss",
        "binary_cross_entropy_with_logits",
        weight=None,
        size_average=None,
        reduction="mean",
        pos_weight=None,
    ),
    "CrossEntropyLoss": _loss(
        "CrossEntropyLoss", "cross_entropy", **_WEIGHTED, reduction="mean", label_smoothing=0.0
    ),
    "NLLLoss": _loss("NLLLoss", "nll_loss", **_WEIGHTED, reduction="mean"),
    "KLDivLoss": _loss("KLDivLoss", "kl_div", reduction="mean"),
    "SmoothL1Loss": _loss("SmoothL1Loss", "smooth_l1_loss", reduction="mean"),
    "HuberLoss": _loss("HuberLoss", "huber_loss", reduction="mean", delta=1.0),
}
