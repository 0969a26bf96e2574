"""What the backward pass of an op is called when it is recorded itself (`create_graph`).

PyTorch has one step for what our rules make of several; the last of ours has its name. Where a
backward pass only chooses entries, nothing of it depends on the inputs any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.eager.node import Applied, Custom
from engine.eager.plan import Plan
from engine.eager.tensor import Tensor, shared

__all__ = ["independent", "named_twice", "power"]

_CHOOSING = frozenset({"max", "min", "amax", "amin", "maximum", "minimum", "median", "clip"})

_ALIKE = {
    "Div": "log sqrt atan log1p log2 log10 cumprod hypot logaddexp",
    "Mul": "std var norm logsumexp l1_loss",
    "TanhBackward": "tanh",
    "SigmoidBackward": "sigmoid",
    "ThresholdBackward": "relu",
    "LeakyReluBackward": "leaky_relu",
    "EluBackward": "elu selu celu",
    "GeluBackward": "gelu",
    "SoftplusBackward": "softplus",
    "LogSigmoidBackward": "logsigmoid",
    "HardtanhBackward": "hardtanh",
    "SoftmaxBackwardData": "softmax",
    "LogSoftmaxBackwardData": "log_softmax cross_entropy",
    "LinalgSolveEx": "det",
    "Where": "logit",
    "BinaryCrossEntropyBackward": "binary_cross_entropy",
    "MseLossBackward": "mse_loss",
    "SmoothL1LossBackward": "smooth_l1_loss",
    "HuberLossBackward": "huber_loss",
    "NllLossBackward": "nll_loss",
    "NativeLayerNormBackward": "layer_norm",
    "NativeBatchNormBackward": "batch_norm",
    "MaskedFill": "xlogy",
    "Squeeze": "unsqueeze",
}
_NAMES: dict[str, str] = {
    op: f"{title}Backward0" for title, ops in _ALIKE.items() for op in ops.split()
}
_NAMES |= {"binary_cross_entropy_with_logits": "DivBackward1", "unsqueeze": "SqueezeBackward1"}
_NAMES |= {"exp2": "MulBackward1"}


def _getitem(name: str, slot: int) -> str:
    known = {"Select": "SelectBackwardBackward0", "Slice": "SliceBackwardBackward0"}
    known |= {"Index": "IndexPutBackward0", "Unsqueeze": "SqueezeBackward1"}
    return known.get(name.removesuffix("Backward0"), "")


def _matmul(name: str, slot: int) -> str:
    known = {"DotBackward0": "MulBackward0", "MmBackward0": "MmBackward0"}
    known["MvBackward0"] = "MulBackward0" if slot == 0 else "MvBackward0"
    return known.get(name, "")


_BY_NAME: dict[str, Callable[[str, int], str]] = {
    "getitem": _getitem,
    "matmul": _matmul,
    "pow": lambda name, slot: "WhereBackward0" if name == "PowBackward1" else "",
    "div": lambda name, slot: "DivBackward0" if slot == 0 else "",
}


def independent(
    plan: Plan, inputs: Sequence[Tensor | None], out: Tensor | None
) -> tuple[Sequence[Tensor | None], Tensor | None]:
    """Return what was kept, off the tape where the rule only chooses entries by it."""
    if plan.op.name not in _CHOOSING:
        return inputs, out
    return [_off(each) for each in inputs], _off(out)


def power(plan: Plan, name: str, slot: int, inputs: Sequence[Any], g: Tensor) -> Tensor | None:
    """Return the cotangent of x in xⁿ, in PyTorch's steps; None for any other op."""
    if (
        plan.op.name != "pow"
        or name != "PowBackward0"
        or slot
        or any(each is None for each in inputs)
    ):
        return None
    exponent = inputs[1].item()
    return g * 0 if exponent == 0 else g * (inputs[0] ** (exponent - 1) * exponent)


def _off(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else shared(tensor)


def named_twice(part: Tensor, plan: Plan, name: str, slot: int, known: Sequence[Any]) -> None:
    """Give the step that made a part the name it has in PyTorch.

    name: of the step that is walked back. known: the steps that were there before.
    """
    step = part._node
    if not isinstance(step, Applied | Custom) or any(step is each for each in known):
        return
    by_name = _BY_NAME.get(plan.op.name)
    title = by_name(name, slot) if by_name else _NAMES.get(plan.op.name, "")
    if title:
        step.title = title
