"""The English of errors around PyTorch, ONNX and notebooks."""

from __future__ import annotations

__all__ = ["INTEROP_MESSAGES"]

INTEROP_MESSAGES: dict[str, dict[str, str]] = {
    "interop.missing": {
        "detail": "This needs {package}, which is not installed here.",
        "hint": "Install it: `pip install {install}`.",
    },
    "interop.loss": {
        "detail": "How this tensor was computed was not watched.",
        "hint": "Give a function, `capture(fn, *inputs)`, or compute it inside `with recording():`.",
    },
    "interop.output": {
        "detail": "`{name}` returns no tensor that requires grad.",
        "hint": "Return a tensor that depends on a parameter, or on an input with `requires_grad=True`.",
    },
    "interop.dtype": {
        "detail": "A tensor is of type {dtype}, and only real numbers can be shown.",
        "hint": "Use float32 or float64.",
    },
    "interop.callable": {
        "detail": "`capture` takes a function, a module or a tensor; this is of type `{kind}`.",
        "hint": "Give what computes the output and its inputs: `capture(model, x)`.",
    },
    "interop.entries": {
        "detail": "The entries of a tensor cannot be read: {reason}.",
        "hint": "Use dense tensors in memory: `x.to_dense()` of a sparse one; leave out `vmap` and the device meta.",
    },
    "interop.freed": {
        "detail": "PyTorch's graph is gone: `backward()` was called before it could be read.",
        "hint": "Leave `backward()` out of what is captured, or call it with `retain_graph=True`.",
    },
    "interop.size": {
        "detail": "The local Jacobian of {op} has {asked} entries; at most {allowed} are recorded.",
        "hint": "Use smaller tensors: a smaller batch, fewer channels, a shorter sequence.",
    },
    "interop.twice": {
        "detail": "{op} gives something else each time it is run.",
        "hint": "Draw the random numbers outside, and give them as an input.",
    },
    "interop.onnx": {
        "detail": "This is no ONNX model that can be run: {reason}.",
        "hint": "Export it anew, for example by `torch.onnx.export(model, inputs, path)`.",
    },
    "interop.operator": {
        "detail": "ONNX's `{op}` has no words here, as it is used in this model.",
        "hint": "Capture the model in PyTorch instead, by `engine.interop.capture`.",
    },
    "interop.input": {
        "detail": "The model has no input called `{name}`.",
        "hint": "Its inputs are: {choices}.",
    },
    "interop.export": {
        "detail": "PyTorch has no call for `{op}`.",
        "hint": "Write it in other ops.",
    },
    "interop.differs": {
        "detail": "`{name}` differs from PyTorch's by {difference}.",
        "hint": "Leave out what changes tensors behind PyTorch's back, such as `x.data`.",
    },
}
