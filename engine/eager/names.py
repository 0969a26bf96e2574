"""PyTorch's names of backward steps: the op's own in most cases, a table where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.graph import Attributes, Shape
from engine.ops import Op

__all__ = ["OF_A_NUMBER", "WITH_NUMBER", "arithmetic_name", "grad_fn_name"]

Namer = Callable[[Attributes, Sequence[Shape]], str]


def _reduction(stem: str) -> Namer:
    """Over everything, or over some axes."""
    return lambda attrs, shapes: f"{stem}Backward{0 if attrs.get('axis') is None else 1}"


def _matmul(attrs: Attributes, shapes: Sequence[Shape]) -> str:
    ranks = (len(shapes[0]), len(shapes[1]))
    known = {(1, 1): "DotBackward0", (2, 1): "MvBackward0", (2, 2): "MmBackward0"}
    return known.get(ranks, "SqueezeBackward4" if ranks == (1, 2) else "UnsafeViewBackward0")


def _extremum(stem: str) -> Namer:
    return lambda attrs, shapes: f"{stem}Backward{1 if attrs.get('axis') is None else 0}"


def _getitem(attrs: Attributes, shapes: Sequence[Shape]) -> str:
    """The last step of several, as PyTorch chains one a subscript."""
    parts = attrs.get("index", ())
    if any(isinstance(part, tuple) and part[0] == "list" for part in parts):
        return "IndexBackward0"
    last = parts[-1] if parts else None
    if last is None:
        return "UnsqueezeBackward0" if parts else "AliasBackward0"
    return "SelectBackward0" if isinstance(last, int) else "SliceBackward0"


def _linear(attrs: Attributes, shapes: Sequence[Shape]) -> str:
    """With a bias, one step for matrices; without one, a product."""
    rank, biased = len(shapes[0]), len(shapes) > 2
    if rank == 2:
        return "AddmmBackward0" if biased else "MmBackward0"
    if biased:
        return "ViewBackward0"
    return "SqueezeBackward4" if rank == 1 else "UnsafeViewBackward0"


def _distance(attrs: Attributes, shapes: Sequence[Shape]) -> str:
    steps = {"none": "Abs", "sum": "Sum"}
    return f"{steps.get(str(attrs.get('reduction', 'mean')), 'Mean')}Backward0"


_DIAGONALS = {1: "DiagEmbedBackward0", 2: "DiagonalBackward0_copy"}
_DISTANCES = {"mean": "MeanBackward0", "sum": "SumBackward0", "batchmean": "DivBackward0"}
_DISTANCES["none"] = "SubBackward0"
WITH_NUMBER = {
    ("sub", True): "RsubBackward1",
    ("pow", False): "PowBackward0",
    ("pow", True): "PowBackward2",
    ("remainder", False): "RemainderBackward0",
    ("fmod", False): "FmodBackward0",
    ("lerp", False): "LerpBackward0",
}
"""PyTorch's names where the last operand is a number written out, or the first one."""

OF_A_NUMBER = frozenset({*WITH_NUMBER.values(), "MaskedFillBackward0"})
"""Steps of which PyTorch does not list the number at all."""


def _einsum(attrs: Attributes, shapes: Sequence[Shape]) -> str:
    """A product summed up is a matrix product, seen in another shape."""
    given, _, kept = str(attrs.get("subscripts", "")).replace(" ", "").partition("->")
    letters = set(given) - {","}
    if not kept and "->" not in str(attrs.get("subscripts", "")):
        kept = "".join(letter for letter in letters if given.count(letter) == 1)
    if not letters - set(kept):
        return "MulBackward0" if len(shapes) > 1 else "PermuteBackward0"
    return "ViewBackward0" if len(shapes) > 1 else "SumBackward1"


_NAMES: dict[str, str | Namer] = {
    "einsum": _einsum,
    "sum": _reduction("Sum"),
    "mean": _reduction("Mean"),
    "prod": _reduction("Prod"),
    "max": _extremum("Max"),
    "min": _extremum("Min"),
    "var": lambda attrs, shapes: "VarBackward0",
    "std": lambda attrs, shapes: "StdBackward0",
    "matmul": _matmul,
    "linear": _linear,
    "l1_loss": _distance,
    "cross_entropy": "NllLossBackward0",
    "layer_norm": "NativeLayerNormBackward0",
    "group_norm": "NativeGroupNormBackward0",
    "batch_norm": "NativeBatchNormBackward0",
    "conv1d": "SqueezeBackward1",
    "conv2d": "ConvolutionBackward0",
    "conv_transpose2d": "ConvolutionBackward0",
    "flatten": "ViewBackward0",
    "transpose": "PermuteBackward0",
    "moveaxis": "PermuteBackward0",
    "matrix_transpose": "TransposeBackward0",
    "swapaxes": "TransposeBackward0",
    "squeeze": lambda attrs, shapes: f"SqueezeBackward{0 if attrs.get('axis') is None else 1}",
    "outer": "MulBackward0",
    "kron": "UnsafeViewBackward0",
    "inner": "ViewBackward0",
    "tensordot": "ViewBackward0",
    "det": "LinalgDetBackward0",
    "inv": "LinalgInvExBackward0",
    "diag": lambda attrs, shapes: _DIAGONALS[len(shapes[0])],
    "pad": "ConstantPadNdBackward0",
    "kl_div": lambda attrs, shapes: _DISTANCES.get(str(attrs.get("reduction")), "MulBackward0"),
    "normalize": "DivBackward0",
    "tile": "RepeatBackward0",
    "median": lambda attrs, shapes: f"MedianBackward{0 if attrs.get('axis') is None else 1}",
    "max_pool1d": "SqueezeBackward1",
    "max_pool2d": "MaxPool2DWithIndicesBackward0",
    "avg_pool2d": "AvgPool2DBackward0",
    "avg_pool1d": "SqueezeBackward1",
    "softmin": "SoftmaxBackward0",
    "floor_divide": "NotImplemented",
    "getitem": _getitem,
    "pow": "PowBackward1",
    "reshape": "ViewBackward0",
    "broadcast_to": "ExpandBackward0",
    "identity": "AliasBackward0",
    "concat": "CatBackward0",
    "concatenate": "CatBackward0",
}


def grad_fn_name(op: Op, attrs: Attributes, shapes: Sequence[Shape]) -> str:
    """Return PyTorch's name of the backward step of an op."""
    if op.grad_fn:
        return op.grad_fn if op.grad_fn[-1].isdigit() else f"{op.grad_fn}0"
    known = _NAMES.get(op.name)
    if known is not None:
        return known if isinstance(known, str) else known(attrs, shapes)
    stem = "".join(part[:1].upper() + part[1:] for part in op.name.split("_"))
    return f"{stem}Backward0"


def arithmetic_name(op: str, number_first: bool) -> str:
    """Return the name for + - * / of numbers; `1 - x` is called differently from `x - 1`."""
    return "RsubBackward1" if op == "sub" and number_first else f"{op.capitalize()}Backward0"
