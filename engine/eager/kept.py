"""What a record kept, taken out again: arrays or tensors, unless freed or modified meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.backend import Array
from engine.eager.messages import failure
from engine.eager.node import FREED, LEAF, Applied, Node, Output, Saved
from engine.eager.plan import KEPT_AS_INPUT
from engine.eager.tensor import Tensor

__all__ = ["arrays_of", "modified", "number_of", "tensor_of", "tensors_of"]

_KIND = {
    "float64": "DoubleTensor",
    "float32": "FloatTensor",
    "float16": "HalfTensor",
    "int64": "LongTensor",
    "int32": "IntTensor",
    "bool": "BoolTensor",
}


def modified(tensor: Tensor, maker: str, version: int, node: Node) -> RuntimeError:
    """Return the error of a kept tensor that was modified in place."""
    shape = "[" + ", ".join(map(str, tensor.shape)) + "]"
    kind = _KIND.get(str(tensor.dtype), str(tensor.dtype))
    origin = f", which is output 0 of {_stem(maker)}," if maker else ""
    found = tensor._version
    return failure(
        "version",
        node.name(),
        node,
        kind=kind,
        shape=shape,
        origin=origin,
        version=found,
        expected=version,
    )


def _stem(name: str) -> str:
    """The op's name without `Backward0`; a step that is no op's has its full name."""
    if not name[-1].isdigit():
        return f"torch::autograd::{name}"
    return name.rstrip("0123456789").removesuffix("Backward")


def tensor_of(kept: Any, node: Node) -> Tensor:
    """Return a kept input. Raises RuntimeError where it was freed or modified."""
    if kept is FREED:
        raise failure("freed", node.name(), node)
    tensor, expected = (kept.tensor, kept.version) if type(kept) is Saved else (kept, 0)
    counter = tensor._counter
    if counter is not None and counter.version != expected:
        maker = tensor._node.name() if tensor._node not in (None, LEAF) else ""
        raise modified(tensor, maker, expected, node)
    result: Tensor = tensor
    return result


def number_of(kept: Any, node: Node) -> float:
    """Return a kept number of the arithmetic fast path as a Python float."""
    return float(tensor_of(kept, node)._data)


def tensors_of(node: Applied) -> tuple[Sequence[Tensor | None], Tensor | None]:
    """Return the kept inputs (None where one was not kept) and the value of the op."""
    if node.kept is FREED or node.output is FREED:
        raise failure("freed", node.name(), node)
    count = len(node.inputs)
    inputs: Sequence[Tensor | None] = (None,) * count
    if node.kept is not None:
        inputs = [None if each is None else tensor_of(each, node) for each in node.kept]
    if node.output is not None and node.plan.op.name in KEPT_AS_INPUT:
        inputs = [_output_of(node)]
    return inputs, None if node.output is None else _output_of(node)


def _output_of(node: Applied) -> Tensor:
    output: Output = node.output
    tensor = Tensor(output.data, node)
    tensor._counter = output.counter
    if output.counter.version != output.version:
        raise modified(tensor, node.name(), output.version, node)
    return tensor


def arrays_of(node: Applied) -> tuple[Sequence[Array | None], Array | None]:
    """The same as arrays, in the precision they came in."""
    kept, output, plan = node.kept, node.output, node.plan
    if kept is FREED or output is FREED:
        raise failure("freed", node.name(), node)
    arrays: list[Array | None] = [None] * len(node.inputs)
    for slot, each in enumerate(kept or ()):
        if each is not None:
            arrays[slot] = tensor_of(each, node).array
    if output is not None:
        if output.counter.version != output.version:
            _output_of(node)
        value = np.asarray(output.data) if type(output.data) is float else output.data
        return [value] if plan.op.name in KEPT_AS_INPUT else arrays, value
    if plan.recomputes and all(each is not None for each in arrays):
        xp = plan.backend.xp
        return arrays, xp.asarray(plan.op.forward(xp, *arrays, **plan.attrs))
    return arrays, None
