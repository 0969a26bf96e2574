"""PyTorch's sentences, with the node's name after them where there is one to tell."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from engine.errors import MESSAGES
from engine.graph import Attributes, Shape
from engine.ops import Misfit, Op

__all__ = ["MESSAGE", "Refusal", "failure", "shape_error"]

MESSAGE = {
    "scalar": "grad can be implicitly created only for scalar outputs",
    "mismatch": "Mismatch in shape: grad_output[{index}] has a shape of {given} and "
    "output[{index}] has a shape of {expected}.",
    "freed": "Trying to backward through the graph a second time (or directly access saved tensors "
    "after they have already been freed). Saved intermediate values of the graph are freed when "
    "you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling "
    "backward.",
    "seeds": "got {tensors} tensors and {seeds} gradients",
    "no_grad": "element {index} of tensors does not require grad and does not have a grad_fn",
    "floating": "Only Tensors of floating point and complex dtype can require gradients",
    "floating_": "only Tensors of floating point dtype can require gradients",
    "floating_set": "only Tensors of floating point and complex dtype can require gradients",
    "leaf_inplace": "a leaf Variable that requires grad is being used in an in-place operation.",
    "view_inplace": "a view of a leaf Variable that requires grad is being used in an in-place "
    "operation.",
    "view_piece": "Output {index} of {maker} is a view and is being modified inplace. This view is the "
    "output of a function that returns multiple views. Such functions do not allow the output views "
    "to be modified inplace. You should replace the inplace operation by an out-of-place one.",
    "view_graph": "a view that was made in no_grad mode cannot be modified in place where its base "
    "or what is written requires grad. Modify the base, or clone() the view first.",
    "version": "one of the variables needed for gradient computation has been modified by an "
    "inplace operation: [torch.{kind} {shape}]{origin} is at version {version}; expected version "
    "{expected} instead. Hint: enable anomaly detection to find the operation that failed to compute "
    "its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).",
    "numpy": "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() "
    "instead.",
    "flags": "you can only change requires_grad flags of leaf variables.",
    "flags_off": "you can only change requires_grad flags of leaf variables. If you want to use a "
    "computed variable in a subgraph that doesn't require differentiation use var_no_grad = "
    "var.detach().",
    "unused": "The differentiated Tensor at index {index} appears to not have been used in the "
    "graph. Set allow_unused=True if this is the desired behavior.",
    "not_required": "One of the differentiated Tensors does not require grad",
    "no_inputs": "`inputs` argument to `{function}()` cannot be empty.",
    "retain": "can't retain_grad on Tensor that has requires_grad=False",
    "hook": "cannot register a hook on a tensor that doesn't require gradient",
    "hook_leaf": "post accumulate grad hooks cannot be registered on non-leaf tensors",
    "hook_size": "hook '{name}' has changed the size of value",
    "hook_type": "expected Variable, but hook returned '{type}'",
    "written_shape": "output with shape {shape} doesn't match the broadcast shape {given}",
    "written_dtype": "result type {given} can't be cast to the desired output type {dtype}",
    "overlap": "unsupported operation: more than one element of the written-to tensor refers to a "
    "single memory location. Please clone() the tensor before performing the operation.",
    "inference_saved": "Inference tensors cannot be saved for backward. Please do not use Tensors "
    "created in inference mode in computation tracked by autograd. To work around this, you can "
    "make a clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead "
    "of `torch.inference_mode()`.",
    "inference_inplace": "Inplace update to inference tensor outside InferenceMode is not allowed."
    "You can make a clone to get a normal tensor before doing inplace update.See "
    "https://github.com/pytorch/rfcs/pull/17 for more details.",
    "inference_require": "Setting requires_grad=True on inference tensor outside InferenceMode is "
    "not allowed.",
    "item": "a Tensor with {count} elements cannot be converted to Scalar",
    "truth": "Boolean value of Tensor with more than one value is ambiguous",
    "truth_empty": "Boolean value of Tensor with no values is ambiguous",
    "length": "len() of a 0-d tensor",
    "iterate": "iteration over a 0-d tensor",
    "grad_size": "attempting to assign a gradient of size '{given}' to a tensor of size "
    "'{expected}'. Please ensure that the gradient and the tensor are the same size",
    "grad_type": "assigned grad expected to be a Tensor or None but got grad of type {type}",
    "nonleaf_grad": "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. "
    "Its .grad attribute won't be populated during autograd.backward(). If you indeed want the "
    ".grad field to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. "
    "If you access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead.",
    "cycle": "Using backward() with create_graph=True will create a reference cycle between the "
    "parameter and its gradient which can cause a memory leak. We recommend using autograd.grad "
    "when creating the graph to avoid this. If you have to use this function, make sure to reset "
    "the .grad fields of your parameters to None after use to break the cycle and avoid the leak.",
    "deepcopy": "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
    "protocol at the moment.",
    "devices": "Expected all tensors to be on the same device, but found at least two devices, "
    "{first} and {second}!",
}
"""By what went wrong. Captured from PyTorch 2.13.0 by running it (`scripts/record_torch.py`)."""


class Refusal(RuntimeError):
    """sentence: PyTorch's own words. node: the name of the step or tensor at fault, or "". record:
    that step on the tape, where it is known."""

    def __init__(self, sentence: str, node: str = "", record: object = None) -> None:
        super().__init__(sentence + (f" (node: {node})" if node else ""))
        self.sentence, self.node, self.record = sentence, node, record


def failure(key: str, node: str = "", record: object = None, **params: str | int) -> Refusal:
    """Return the error of this kind. node: the name to add."""
    return Refusal(MESSAGE[key].format(**params), node, record)


def shape_error(op: Op, shapes: Sequence[Shape], attrs: Attributes, misfit: Misfit) -> Exception:
    """Return PyTorch's complaint about shapes where it has one, else the engine's own."""
    where = f" (node: {op.name})"
    if misfit.code == "shape.axis":
        rank = len(shapes[0])
        low, high = (-rank, rank - 1) if rank else (-1, 0)
        return IndexError(
            f"Dimension out of range (expected to be in range of [{low}, {high}], but got "
            f"{misfit.params['axis']}){where}"
        )
    if misfit.code in _INDEX:
        return IndexError(_INDEX[misfit.code].format(rank=len(shapes[0]), **misfit.params) + where)
    if op.elementwise and len(shapes) == 2 and misfit.code == "shape.broadcast":
        return RuntimeError(_sizes(*shapes) + where)
    if op.name == "matmul" and len(shapes) == 2:
        return RuntimeError(_product(*shapes) + where)
    if op.name == "linear" and len(shapes[1]) == 2 and shapes[0]:
        return RuntimeError(_product(_rows(shapes[0]), shapes[1][::-1]) + where)
    if misfit.code == "shape.reshape":
        asked = attrs["shape"]
        wanted = [asked] if isinstance(asked, int) else list(asked)
        return RuntimeError(
            f"shape '{wanted}' is invalid for input of size {misfit.params['size']}{where}"
        )
    known = {"statement": op.name, "left_text": "the left operand", "right_text": "the right one"}
    return RuntimeError(MESSAGES[misfit.code]["detail"].format(**(known | misfit.params)))


_INDEX = {
    "shape.index": "index {index} is out of bounds for dimension {axis} with size {size}",
    "shape.indices": "too many indices for tensor of dimension {rank}",
}


def _rows(shape: Shape) -> Shape:
    """The matrix that a layer sees."""
    return (prod(shape[:-1]), shape[-1])


def _sizes(left: Shape, right: Shape) -> str:
    rank = max(len(left), len(right))
    a, b = ((1,) * (rank - len(shape)) + shape for shape in (left, right))
    axis = max(i for i in range(rank) if a[i] != b[i] and 1 not in (a[i], b[i]))
    return (
        f"The size of tensor a ({a[axis]}) must match the size of tensor b ({b[axis]}) at "
        f"non-singleton dimension {axis}"
    )


def _product(left: Shape, right: Shape) -> str:
    if not left or not right:
        return (
            "both arguments to matmul need to be at least 1D, but they are "
            f"{len(left)}D and {len(right)}D"
        )
    if (len(left), len(right)) == (1, 1):
        return (
            f"inconsistent tensor size, expected tensor [{left[0]}] and src [{right[0]}] to have "
            f"the same number of elements, but got {left[0]} and {right[0]} elements respectively"
        )
    if (len(left), len(right)) == (2, 1):
        return f"size mismatch, got input ({left[0]}), mat ({left[0]}x{left[1]}), vec ({right[0]})"
    if (len(left), len(right)) == (3, 3) and left[0] == right[0]:
        wanted, given = [left[0], left[2]], [right[0], right[1]]
        return (
            f"Expected size for first two dimensions of batch2 tensor to be: {wanted} but got: "
            f"{given}."
        )
    first = left if len(left) > 1 else (1, *left)
    return (
        f"mat1 and mat2 shapes cannot be multiplied ({first[-2]}x{first[-1]} and "
        f"{right[0]}x{right[-1]})"
    )
