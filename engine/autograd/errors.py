"""Errors of the host that are the snippet's own, and the classes that it may name."""

from __future__ import annotations

import re

from engine.autograd.refuse import Raised, refused
from engine.autograd.values import Kind
from engine.eager.messages import MESSAGE, Refusal
from engine.errors import MESSAGES, DeviceError
from engine.ops import Misfit

__all__ = ["BASES", "HOST", "KINDS", "catches", "raised"]

HOST = (
    DeviceError,
    Misfit,
    RuntimeError,
    TypeError,
    ValueError,
    IndexError,
    KeyError,
    AttributeError,
    ZeroDivisionError,
    OverflowError,
    AssertionError,
)

BASES = {
    "Exception": "",
    "RuntimeError": "Exception",
    "NotImplementedError": "RuntimeError",
    "RecursionError": "RuntimeError",
    "GradcheckError": "RuntimeError",
    "TypeError": "Exception",
    "ValueError": "Exception",
    "LookupError": "Exception",
    "IndexError": "LookupError",
    "KeyError": "LookupError",
    "AttributeError": "Exception",
    "NameError": "Exception",
    "UnboundLocalError": "NameError",
    "ArithmeticError": "Exception",
    "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError",
    "AssertionError": "Exception",
    "StopIteration": "Exception",
}
"""By class, the class above it."""


def _kind(name: str) -> Kind:
    def make(machine: object, args: list[object], named: dict[str, object]) -> Raised:
        return Raised(name, str(args[0]) if args else "")

    return Kind(name, make, (Raised,))


KINDS = {name: _kind(name) for name in BASES}


def catches(kind: str, found: str) -> bool:
    """Whether `except kind` takes an error of the class `found`."""
    while found:
        if found == kind:
            return True
        found = BASES[found]
    return False


def _no_device(device: str) -> Raised:
    """PyTorch's own words for a device that is not there."""
    kind = device.partition(":")[0]
    if kind == "cuda":
        return Raised("AssertionError", "Torch not compiled with CUDA enabled")
    text = f"Expected one of {_DEVICES} device type at start of device string: {kind}"
    return Raised("RuntimeError", text)


_DEVICES = (
    "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, "
    "mps, meta, hpu, mtia, privateuseone"
)


def raised(error: Exception) -> Raised:
    """Return a host's error as the snippet's own: its class, PyTorch's sentence, the step."""
    if isinstance(error, DeviceError):
        return _no_device(str(error.params.get("device", "")))
    if isinstance(error, Misfit):
        known = {"statement": "the call", "op": "it"} | error.params
        return Raised("RuntimeError", MESSAGES[error.code]["detail"].format(**known))
    name = next(each.__name__ for each in type(error).__mro__ if each.__name__ in BASES)
    if isinstance(error, Refusal) and error.sentence == MESSAGE["view_graph"]:
        remedy = "Make the view outside no_grad, or clone() it first."
        raise refused("an in-place change of a view made in no_grad mode", remedy)
    if isinstance(error, Refusal):
        return Raised(name, error.sentence, error.record)
    return Raised(name, re.sub(r" \(node: \w*\)$", "", str(error)))
