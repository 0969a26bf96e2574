"""Convolutions, poolings and normalizations of ONNX → the same in our language."""

from __future__ import annotations

from typing import Any

from engine.interop.onnx_operator import Operator, Word
from engine.interop.phrases import Untold, said

__all__ = ["LAYERS"]


def _sides(node: Operator, count: int) -> int | tuple[int, ...]:
    """The padding, where it is the same before and after."""
    if node.attrs.get("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        raise Untold("auto_pad")
    pads = list(node.attrs.get("pads", [0] * 2 * count))
    if pads[:count] != pads[count:] or node.attrs.get("ceil_mode"):
        raise Untold("pads")
    return pads[0] if len(set(pads)) == 1 else tuple(pads[:count])


def _one(values: Any) -> Any:
    numbers = [int(each) for each in values]
    return numbers[0] if len(set(numbers)) == 1 else tuple(numbers)


def _window(node: Operator, count: int) -> list[str]:
    told = [f"stride={_one(node.attrs.get('strides', [1] * count))}"]
    return [*told, f"padding={_sides(node, count)}"]


def _conv(node: Operator) -> str:
    count = node.rank - 2
    if count not in (1, 2):
        raise Untold("kernel_shape")
    given = [said(each) for each in node.args if each is not None]
    told = [*_window(node, count), f"dilation={_one(node.attrs.get('dilations', [1] * count))}"]
    told.append(f"groups={node.attrs.get('group', 1)}")
    usual = ("stride=1", "padding=0", "dilation=1", "groups=1")
    return f"F.conv{count}d({', '.join([*given, *(each for each in told if each not in usual)])})"


def _pool(name: str) -> Word:
    def write(node: Operator) -> str:
        count = node.rank - 2
        told = [f"kernel_size={_one(node.attrs['kernel_shape'])}", *_window(node, count)]
        if name == "avg" and _sides(node, count) and not node.attrs.get("count_include_pad"):
            raise Untold("count_include_pad")
        if set(node.attrs.get("dilations", [1])) != {1} or count not in (1, 2):
            raise Untold("dilations")
        return f"F.{name}_pool{count}d({node.text()}, {', '.join(told)})"

    return write


def _global(word: str) -> Word:
    def write(node: Operator) -> str:
        return f"torch.{word}({node.text()}, dim={tuple(range(2, node.rank))}, keepdim=True)"

    return write


def _batch_norm(node: Operator) -> str:
    x, weight, bias, mean, var = (node.text(place) for place in range(5))
    eps = node.attrs.get("epsilon", 1e-5)
    if node.attrs.get("training_mode"):
        raise Untold("training_mode")
    return f"F.batch_norm({x}, {mean}, {var}, {weight}, {bias}, training=False, eps={eps!r})"


def _layer_norm(node: Operator) -> str:
    first = node.args[0]
    axis = node.attrs.get("axis", -1) % node.rank
    shape = first.shape[axis:] if first is not None else ()
    weights = [f"weight={node.text(1)}"] + ([f"bias={node.text(2)}"] if node.has(2) else [])
    eps = node.attrs.get("epsilon", 1e-5)
    return f"F.layer_norm({node.text()}, {tuple(shape)}, {', '.join(weights)}, eps={eps!r})"


def _softmax(name: str) -> Word:
    return lambda node: f"{name}({node.text()}, dim={node.attrs.get('axis', -1)})"


LAYERS: dict[str, Word] = {
    "Conv": _conv,
    "MaxPool": _pool("max"),
    "AveragePool": _pool("avg"),
    "GlobalAveragePool": _global("mean"),
    "GlobalMaxPool": _global("amax"),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "Softmax": _softmax("softmax"),
    "LogSoftmax": _softmax("log_softmax"),
}
"""By operator."""
