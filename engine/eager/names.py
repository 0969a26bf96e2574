"""PyTorch's names of backward steps: the op's own in most cases, a table where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.graph import Attributes, Shape
from engine.ops import Op

__all__ = ["arithmetic_name", "grad_fn_name"]

Namer = Callable[[Attributes, Sequence[Shape]], str]


def _reduction(stem: str) -> Namer:
    """Over everything, or over some axes."""
    return lambda attrs, shapes: f"{stem}Backward{0 if attrs.get('axis') is None else 1}"


def _matmul(attrs: Attributes, shapes: Sequence[Shape]) -> str:
    ranks = (len(shapes[0]), len(shapes[1]))
    known = {(1, 1): "DotBackward0", (2, 1): "MvBackward0", (2, 2): "MmBackward0"}
    if ranks == (3, 3):
        return "BmmBackward0"
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


_NAMES: dict[str, str | Namer] = {
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
