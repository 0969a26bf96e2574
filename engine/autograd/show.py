"""A tensor as text, to the character as PyTorch prints it.

Entries share one width and one notation: whole numbers end in a point, others have four digits, and
where the largest is a thousand times the smallest, or they are very large or small, all are written
with a power of ten. Over a thousand entries, three from each end of an axis stand for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

import numpy as np

from engine.eager import Tensor
from engine.eager.modes import RECORDING

__all__ = ["PrintOptions", "tensor_text"]

Entries = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """precision: digits behind the point. threshold: entries up to which all are told. edgeitems:
    of each end beyond that. linewidth: letters. sci_mode: always, never, or None for as needed."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


def options() -> PrintOptions:
    """Return what `torch.set_printoptions` set in this run."""
    found: PrintOptions = RECORDING.printing or _USUALLY
    return found


_USUALLY = PrintOptions()


class _Notation:
    """How the entries of one tensor are written."""

    def __init__(self, entries: Entries) -> None:
        self.how = options()
        self.real = entries.dtype.kind == "f"
        self.power, self.whole, self.width = False, True, 1
        values = entries.ravel().tolist()
        if not self.real:
            self.width = max((len(str(value)) for value in values), default=1)
            return
        told = [value for value in values if isfinite(value) and value != 0]
        if told:
            self._choose(told)

    def _choose(self, told: Sequence[float]) -> None:
        sizes = [abs(value) for value in told]
        low, high = min(sizes), max(sizes)
        self.whole = all(value == ceil(value) for value in told)
        self.power = high / low > 1000 or high > 1e8 or (not self.whole and low < 1e-4)
        if self.how.sci_mode is not None:
            self.power = self.how.sci_mode
        self.width = max(1, *(len(self._plain(value)) for value in told))

    def _plain(self, value: Any) -> str:
        if not self.real:
            return str(value)
        if self.power:
            return f"{value:.{self.how.precision}e}"
        if self.whole:
            return f"{value:.0f}" + ("." if isfinite(value) else "")
        return f"{value:.{self.how.precision}f}"

    def text(self, value: Any) -> str:
        """Return an entry, as wide as all others."""
        return self._plain(value).rjust(self.width)


def _ends(entries: Entries) -> Entries:
    """The entries that are told of a large tensor."""
    edge = options().edgeitems
    for axis, size in enumerate(entries.shape):
        if size > 2 * edge:
            kept = [*range(edge), *range(size - edge, size)]
            entries = entries.take(kept, axis=axis)
    return entries


def _nested(entries: Entries, indent: int, short: bool, how: _Notation) -> str:
    if entries.ndim == 0:
        return how.text(entries.item())
    size, edge = entries.shape[0], how.how.edgeitems
    cut = short and size > 2 * edge
    kept = [*range(edge), *range(size - edge, size)] if cut else range(size)
    if entries.ndim == 1:
        told = [how.text(entries[i].item()) for i in kept]
        if cut:
            told.insert(edge, " ...")
        room = max(1, (how.how.linewidth - indent) // (how.width + 2))
        rows = [", ".join(told[at : at + room]) for at in range(0, len(told), room)]
        return "[" + (",\n" + " " * (indent + 1)).join(rows) + "]"
    parts = [_nested(entries[i], indent + 1, short, how) for i in kept]
    if cut:
        parts.insert(edge, "...")
    return "[" + ("," + "\n" * (entries.ndim - 1) + " " * (indent + 1)).join(parts) + "]"


def _remarks(tensor: Tensor) -> list[str]:
    """What is told behind the entries, where it is not the usual."""
    remarks = [] if tensor.device == "cpu" else [f"device='{tensor.device}'"]
    if tensor.numel() == 0 and tensor.ndim != 1:
        remarks.append(f"size={tensor.shape}")
    usual = tensor.dtype == RECORDING.real or (tensor.numel() and tensor.dtype.name in _USUAL)
    if not usual:
        remarks.append(f"dtype=torch.{tensor.dtype}")
    step = tensor.grad_fn
    if step is not None:
        remarks.append(f"grad_fn=<{step.name().removeprefix('torch::autograd::')}>")
    elif tensor.requires_grad:
        remarks.append("requires_grad=True")
    return remarks


_USUAL = {"int64", "bool"}


def tensor_text(tensor: Tensor) -> str:
    """Return what `print(tensor)` shows."""
    entries = np.asarray(tensor.backend.to_host(tensor.array))
    indent, short = len("tensor("), entries.size > options().threshold
    text = "[]"
    if entries.size:
        how = _Notation(_ends(entries) if short else entries)
        text = _nested(entries, indent, short, how)
    text = "tensor(" + text
    length = len(text) - text.rfind("\n") + 1
    for remark in _remarks(tensor):
        if length + len(remark) + 2 > options().linewidth:
            text += ",\n" + " " * indent + remark
            length = indent + len(remark)
        else:
            text += ", " + remark
            length += len(remark) + 2
    text += ")"
    parameter = (tensor._extra or {}).get("parameter")
    return f"Parameter containing:\n{text}" if parameter else text
