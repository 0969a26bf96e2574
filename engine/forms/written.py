"""Numbers, tensors, indices and attributes as source text."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.forms.values import Value

__all__ = ["argument", "index", "plain", "tensor"]


def number(value: float) -> str:
    """Return a number, shortest exact; a whole one without `.0`; also `inf` and `nan`."""
    text = repr(float(value))
    return "-0.0" if text == "-0.0" else text.removesuffix(".0")


def tensor(value: Value) -> str:
    """Return a tensor as it is written out; what lists cannot say as the call that makes it."""
    if value.shape == () and np.isfinite(value):
        return number(float(value))
    if value.shape == ():
        return f"full((), {number(float(value))})"
    if not value.size:
        return f"zeros({', '.join(map(str, value.shape))})"
    return _nested(value.tolist())


def argument(value: float) -> str:
    """Return a number as `float` takes it."""
    return number(value) if np.isfinite(value) else f'"{value}"'


def _nested(entries: Any) -> str:
    """Axes are bounded, so this may recurse."""
    if isinstance(entries, list):
        return f"[{', '.join(map(_nested, entries))}]"
    return number(entries)


def plain(value: Any) -> str:
    """Return the value of a keyword."""
    return repr(value)


def index(entries: Any) -> str:
    """Return what stands between square brackets."""
    return ", ".join(map(_entry, entries)) or "()"


def _entry(entry: Any) -> str:
    if entry == "...":
        return "..."
    if isinstance(entry, tuple) and entry[0] == "slice":
        start, stop, step = ("" if bound is None else str(bound) for bound in entry[1:])
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    return repr(list(entry[1:])) if isinstance(entry, tuple) else repr(entry)
