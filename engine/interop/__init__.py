"""Graphs from real PyTorch and from ONNX files, and pictures of graphs in notebooks.

Nothing here is imported before it is called: PyTorch, ONNX and anywidget are the user's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.interop.captured import Captured

__all__ = ["capture", "load_onnx", "recording"]


def capture(fn_or_loss: Any, *inputs: Any, gradient: Any = None, **named: Any) -> Captured:
    """Run a function or module of real PyTorch and return its graph, with values and gradients.

    fn_or_loss: called with `inputs` and `named`; or a tensor that was computed inside `recording`.
    What it returns first that requires grad is the output, weighted by `gradient`, of its shape. A
    call that our ops reproduce, in value and in gradient, becomes those ops; any other, such as a
    `torch.autograd.Function`, becomes an opaque node that knows its value and its local Jacobian
    at this point. Raises EngineError where that cannot be done, or where PyTorch is missing.
    """
    from engine.interop.torch_run import captured_loss, captured_run, is_tensor

    if is_tensor(fn_or_loss):
        return captured_loss(fn_or_loss, gradient)
    return captured_run(fn_or_loss, inputs, named, gradient)


def recording() -> AbstractContextManager[None]:
    """Return a block inside which PyTorch's calls are kept, for `capture(loss)` after it."""
    from engine.interop.torch_run import recorded

    return recorded()


def load_onnx(content: bytes, inputs: Mapping[str, Any] | None = None) -> Captured:
    """Return the graph of a model in an ONNX file, with the values that ONNX computes.

    content: the file. inputs: by name; one that is not given is drawn at random, always the same,
    with 1 for a size that is left open. Weights are differentiated. Raises EngineError for a file
    that cannot be read, for operators without words here, and where onnx is missing.
    """
    from engine.interop.onnx_run import captured_model

    return captured_model(content, inputs)
