"""Models of ONNX that use every operator we have words for; needs onnx.

`scripts/record_interop.py` keeps what they become in onnx.json.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

__all__ = ["MODELS", "OPERATORS", "model"]

DRAWN = np.random.default_rng(3)


def model(
    nodes: list[Any], inputs: dict[str, Any], weights: dict[str, Any], output: str = "y"
) -> bytes:
    """Return a file. inputs: shapes by name; weights: values by name."""
    known = [
        helper.make_tensor_value_info(name, TensorProto.DOUBLE, shape)
        for name, shape in inputs.items()
    ]
    kept = [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()]
    out = helper.make_tensor_value_info(output, TensorProto.DOUBLE, [])  # its rank is not read
    graph = helper.make_graph(nodes, "graph", known, [out], kept)
    opset = [helper.make_opsetid("", 20)]
    return bytes(helper.make_model(graph, opset_imports=opset, ir_version=9).SerializeToString())


def node(kind: str, *inputs: str, out: str = "y", **attrs: Any) -> Any:
    return helper.make_node(kind, list(inputs), [out], **attrs)


def one(kind: str, *shapes: Any, more: dict[str, Any] | None = None, **attrs: Any) -> bytes:
    """A model of one node over inputs of these shapes; more: constants behind them, in order."""
    names = [f"x{place}" for place in range(len(shapes))]
    constants = more or {}
    inputs = dict(zip(names, shapes, strict=True))
    return model([node(kind, *names, *constants, **attrs)], inputs, constants)


def whole(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


def _network() -> bytes:
    weights = {"fc1.weight": DRAWN.normal(size=(4, 3)), "fc1.bias": DRAWN.normal(size=4)}
    weights |= {"fc2.weight": DRAWN.normal(size=(4, 2)), "half": np.array(0.5)}
    nodes = [
        node("Gemm", "x", "fc1.weight", "fc1.bias", out="/fc1/out", transB=1),
        node("Identity", "/fc1/out", out="same"),
        node("Tanh", "same", out="h"),
        node("MatMul", "h", "fc2.weight", out="z"),
        node("Mul", "z", "half", out="s"),
        node("ReduceSum", "s", out="loss", keepdims=0),
    ]
    return model(nodes, {"x": ["batch", 3]}, weights, "loss")


def _shapes() -> bytes:
    """A reshape to a size that is computed from the shape of the input."""
    weights = {"zero": whole(0), "rest": whole(-1)}
    nodes = [
        node("Shape", "x", out="sizes"),
        node("Gather", "sizes", "zero", out="first"),
        node("Concat", "first", "rest", out="wanted", axis=0),
        node("Reshape", "x", "wanted", out="y"),
    ]
    return model(nodes, {"x": [2, 3, 2]}, weights)


def _split() -> bytes:
    split = helper.make_node("Split", ["x"], ["a", "b"], axis=1, num_outputs=2)
    return model([split, node("Mul", "a", "b")], {"x": [2, 4]}, {})


def _layers() -> dict[str, bytes]:
    image, kernel = (1, 2, 4, 4), DRAWN.normal(size=(3, 2, 3, 3))
    channels = [DRAWN.normal(size=2) for _ in range(3)]
    norm = {"scale": channels[0], "bias": channels[1], "mean": channels[2], "var": np.ones(2)}
    row = {"scale": DRAWN.normal(size=3), "bias": DRAWN.normal(size=3)}
    pool = {"kernel_shape": [2, 2], "strides": [2, 2]}
    return {
        "Conv": one("Conv", image, more={"w": kernel}, pads=[1, 1, 1, 1], strides=[2, 2]),
        "MaxPool": one("MaxPool", image, **pool),
        "AveragePool": one("AveragePool", image, **pool),
        "GlobalAveragePool": one("GlobalAveragePool", image),
        "GlobalMaxPool": one("GlobalMaxPool", image),
        "BatchNormalization": one("BatchNormalization", image, more=norm),
        "LayerNormalization": one("LayerNormalization", (2, 3), more=row),
        "Softmax": one("Softmax", (2, 3), axis=0),
        "LogSoftmax": one("LogSoftmax", (2, 3)),
    }


def _axes() -> dict[str, bytes]:
    pads, axes = whole(0, 1, 0, 2), whole(0)
    window = {"starts": whole(0, 1), "ends": whole(2, 99), "axes": whole(0, 1)}
    return {
        "Gemm": one("Gemm", (2, 3), (2, 4), (4,), transA=1, alpha=2.0, beta=0.5),
        "Flatten": one("Flatten", (2, 3, 2)),
        "Squeeze": one("Squeeze", (1, 3), more={"axes": axes}),
        "Unsqueeze": one("Unsqueeze", (3,), more={"axes": axes}),
        "Reshape": one("Reshape", (2, 3), more={"shape": whole(3, -1)}),
        "Transpose": one("Transpose", (2, 3, 4), perm=[2, 0, 1]),
        "Concat": one("Concat", (2, 3), (1, 3), axis=0),
        "Slice": one("Slice", (3, 4), more=window),
        "Gather": one("Gather", (3, 4), more={"index": whole(2, 0, 0)}, axis=1),
        "Clip": one("Clip", (2, 3), more={"low": np.array(-0.5), "high": np.array(0.5)}),
        "Expand": one("Expand", (1, 3), more={"shape": whole(2, 3)}),
        "Pad": one("Pad", (2, 3), more={"pads": pads, "value": np.array(1.5)}),
        "Trilu": one("Trilu", (3, 3), upper=0),
        "Einsum": one("Einsum", (2, 3), (3, 4), equation="ij,jk->ik"),
        "Where": _where(),
        "Split": _split(),
    }


def _where() -> bytes:
    nodes = [node("Greater", "a", "b", out="c"), node("Where", "c", "a", "b")]
    return model(nodes, {"a": [2, 3], "b": [2, 3]}, {})


def _numbers() -> dict[str, bytes]:
    anywhere = "Relu Sigmoid Tanh Exp Erf Abs Neg Sin Cos Tan Atan Sinh Cosh Floor Ceil Sign"
    anywhere += " Reciprocal Softplus Softsign Mish HardSwish Gelu LeakyRelu Elu HardSigmoid"
    found = {kind: one(kind, (2, 3)) for kind in anywhere.split()}
    for kind in ("Log", "Sqrt", "Asin", "Acos"):  # of what lies between 0 and 1
        nodes = [node("Sigmoid", "x", out="s"), node(kind, "s")]
        found[kind] = model(nodes, {"x": [2, 3]}, {})
    for kind in ("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum"):
        found[kind] = one(kind, (2, 3), (3,))
    found["Pow"] = one("Pow", (2, 3), more={"exponent": np.array(2.0)})
    found["MatMul"] = one("MatMul", (2, 3), (3, 4))
    found["Det"] = one("Det", (3, 3))
    for kind in ("GreaterOrEqual", "Less", "LessOrEqual", "Equal", "Greater"):
        nodes = [node(kind, "a", "b", out="c"), node("Where", "c", "a", "b")]
        found[kind] = model(nodes, {"a": [2, 3], "b": [2, 3]}, {})
    for kind in ["Sum", "Mean", "Prod", "Max", "Min", "L1", "L2", "SumSquare", "LogSumExp"]:
        found[f"Reduce{kind}"] = one(f"Reduce{kind}", (2, 3), more={"axes": whole(1)}, keepdims=0)
    return found


OPERATORS: dict[str, bytes] = {**_layers(), **_axes(), **_numbers()}
"""A model for each operator."""

MODELS: dict[str, bytes] = {"network": _network(), "computed shape": _shapes(), **OPERATORS}


def checked() -> None:
    """Raise where a model is none."""
    for content in MODELS.values():
        onnx.checker.check_model(onnx.load_model_from_string(content))
