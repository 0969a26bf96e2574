"""An operator of ONNX → the expression that says the same in our language."""

from __future__ import annotations

import numpy as np

from engine.interop.onnx_layers import LAYERS
from engine.interop.onnx_operator import Operator, Word
from engine.interop.phrases import Untold, operand, said

__all__ = ["WORDS"]


def _function(name: str, *told: str) -> Word:
    """A function of all inputs; `told` are attributes under their own names."""

    def write(node: Operator) -> str:
        given = [said(each) for each in node.args if each is not None]
        given += [f"{key}={said(node.attrs[key])}" for key in told if key in node.attrs]
        return f"{name}({', '.join(given)})"

    return write


def _infix(sign: str) -> Word:
    return lambda node: f"{operand(node.args[0])} {sign} {operand(node.args[1])}"


def _folded(name: str) -> Word:
    """An operator that takes any number of inputs, one after another."""

    def write(node: Operator) -> str:
        text = node.text()
        for place in range(1, len(node.args)):
            other = node.text(place)
            text = f"{text} + {other}" if name == "add" else f"{name}({text}, {other})"
        return text

    return write


def _reduced(name: str) -> Word:
    def write(node: Operator) -> str:
        axes = node.numbers(1, "axes") or None
        if axes is None and node.attrs.get("noop_with_empty_axes"):
            return f"{node.text()} + 0"
        keep = bool(node.attrs.get("keepdims", 1))
        axis = None if axes is None else axes[0] if len(axes) == 1 else tuple(axes)
        x = {"l1": f"abs({node.text()})", "square": f"square({node.text()})"}.get(name, node.text())
        word = {"l1": "sum", "square": "sum"}.get(name, name)
        return f"torch.{word}({x}, dim={axis}, keepdim={keep})"

    return write


def _gemm(node: Operator) -> str:
    a, b = node.text(0), node.text(1)
    a = f"{a}.T" if node.attrs.get("transA") else a
    b = f"{b}.T" if node.attrs.get("transB") else b
    alpha, beta = node.attrs.get("alpha", 1.0), node.attrs.get("beta", 1.0)
    product = f"{a} @ {b}" if alpha == 1 else f"{alpha!r} * ({a} @ {b})"
    if not node.has(2):
        return product
    return f"{product} + {'' if beta == 1 else f'{beta!r} * '}{node.text(2)}"


def _reshaped(node: Operator) -> str:
    return f"reshape({node.text()}, {tuple(node.out)})"


def _transposed(node: Operator) -> str:
    order = node.attrs.get("perm") or list(range(node.rank))[::-1]
    return f"permute({node.text()}, {tuple(order)})"


def _joined(node: Operator) -> str:
    inner = ", ".join(said(each) for each in node.args)
    return f"torch.cat([{inner}], dim={node.attrs['axis']})"


def _split(node: Operator) -> str:
    axis = node.attrs.get("axis", 0)
    first = node.args[0]
    size = first.shape[axis] if first is not None else 0
    sizes = node.numbers(1, "split") or [size // node.count] * node.count
    if sum(sizes) != size:
        raise Untold("split")
    return f"torch.split({node.text()}, {sizes}, dim={axis})"


def _sliced(node: Operator) -> str:
    starts, ends = node.numbers(1, "starts") or [], node.numbers(2, "ends") or []
    axes = node.numbers(3, "axes") or list(range(len(starts)))
    steps = node.numbers(4, "steps") or [1] * len(starts)
    parts = [":"] * node.rank
    first = node.args[0]
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        size = first.shape[axis] if first is not None else 0
        low, high, by = slice(start, end, step).indices(size)
        if by < 0:
            raise Untold("steps")
        parts[axis] = f"{low}:{high}" + (f":{by}" if by != 1 else "")
    return f"{node.text()}[{', '.join(parts)}]"


def _gathered(node: Operator) -> str:
    axis = node.attrs.get("axis", 0) % max(node.rank, 1)
    if 1 not in node.known:
        raise Untold("indices")
    index = np.asarray(node.known[1])
    if index.ndim == 0:
        return f"{node.text()}[{':, ' * axis}{int(index)}]"
    return f"take({node.text()}, {index.astype(int).tolist()}, {axis})"


def _clipped(node: Operator) -> str:
    told = []
    for place, name in ((1, "min"), (2, "max")):
        bound = node.known.get(place, node.attrs.get(name))
        if bound is not None and np.isfinite(float(bound)):
            told.append(f"{name}={float(bound)!r}")
    return f"torch.clamp({', '.join([node.text(), *told])})"


def _gelu(node: Operator) -> str:
    how = node.attrs.get("approximate", "none")
    return f"F.gelu({node.text()}, approximate={how!r})"


def _sloped(name: str, key: str, usual: float) -> Word:
    return lambda node: f"F.{name}({node.text()}, {key}={node.attrs.get('alpha', usual)!r})"


def _hard_sigmoid(node: Operator) -> str:
    alpha, beta = node.attrs.get("alpha", 0.2), node.attrs.get("beta", 0.5)
    return f"torch.clamp({alpha!r} * {node.text()} + {beta!r}, min=0, max=1)"


def _stretched(node: Operator) -> str:
    return f"broadcast_to({node.text()}, {tuple(node.out)})"


def _padded(node: Operator) -> str:
    pads = node.numbers(1, "pads") or []
    if node.has(3) or node.attrs.get("mode", "constant") != "constant":
        raise Untold("pads")
    pairs = [(pads[axis], pads[axis + node.rank]) for axis in reversed(range(node.rank))]
    value = float(np.ravel(node.known.get(2, 0.0))[0])
    return f"F.pad({node.text()}, {tuple(n for pair in pairs for n in pair)}, value={value!r})"


def _triangle(node: Operator) -> str:
    word = "triu" if node.attrs.get("upper", 1) else "tril"
    return f"torch.{word}({node.text()}, {int(np.ravel(node.known.get(1, 0))[0])})"


_SAME = {
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Exp": "exp",
    "Log": "log",
    "Sqrt": "sqrt",
    "Erf": "erf",
    "Abs": "abs",
    "Neg": "neg",
    "Sin": "sin",
    "Cos": "cos",
    "Tan": "tan",
    "Asin": "asin",
    "Acos": "acos",
    "Atan": "atan",
    "Sinh": "sinh",
    "Cosh": "cosh",
    "Floor": "floor",
    "Ceil": "ceil",
    "Sign": "sign",
    "Reciprocal": "reciprocal",
    "Softplus": "F.softplus",
    "Softsign": "F.softsign",
    "Mish": "F.mish",
    "HardSwish": "F.hardswish",
    "Where": "where",
    "Det": "det",
}

WORDS: dict[str, Word] = {
    **{kind: _function(name) for kind, name in _SAME.items()},
    **{
        kind: _infix(sign)
        for kind, sign in {
            "Add": "+",
            "Sub": "-",
            "Mul": "*",
            "Div": "/",
            "Pow": "**",
            "MatMul": "@",
            "Greater": ">",
            "GreaterOrEqual": ">=",
            "Less": "<",
            "LessOrEqual": "<=",
            "Equal": "==",
        }.items()
    },
    "Sum": _folded("add"),
    "Max": _folded("maximum"),
    "Min": _folded("minimum"),
    "ReduceSum": _reduced("sum"),
    "ReduceMean": _reduced("mean"),
    "ReduceProd": _reduced("prod"),
    "ReduceMax": _reduced("amax"),
    "ReduceMin": _reduced("amin"),
    "ReduceL1": _reduced("l1"),
    "ReduceL2": _reduced("norm"),
    "ReduceSumSquare": _reduced("square"),
    "ReduceLogSumExp": _reduced("logsumexp"),
    **LAYERS,
    "Gemm": _gemm,
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), _reshaped),
    "Transpose": _transposed,
    "Concat": _joined,
    "Split": _split,
    "Slice": _sliced,
    "Gather": _gathered,
    "Clip": _clipped,
    "Gelu": _gelu,
    "LeakyRelu": _sloped("leaky_relu", "negative_slope", 0.01),
    "Elu": _sloped("elu", "alpha", 1.0),
    "HardSigmoid": _hard_sigmoid,
    "Expand": _stretched,
    "Pad": _padded,
    "Trilu": _triangle,
    "Einsum": lambda node: (
        f"einsum({node.attrs['equation']!r}, {', '.join(said(each) for each in node.args)})"
    ),
}
"""By operator."""
