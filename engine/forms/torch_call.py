"""A node as it is written for PyTorch, and its index, as PyTorch knows no steps backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from engine.forms import written
from engine.graph import Shape

__all__ = ["AS_NUMBER", "Call", "Writer", "flipped", "index_text", "positions"]

Index = tuple[Any, ...]
AS_NUMBER = ".to(torch.get_default_dtype())"


@dataclass(frozen=True, slots=True)
class Call:
    """A node to write. args: its inputs, each a name or in parentheses; shapes: theirs; numbers:
    which of them are constants that are one number; out: its shape; attrs: all of them."""

    op: str
    args: Sequence[str]
    shapes: Sequence[Shape]
    numbers: Sequence[float | None]
    out: Shape
    attrs: Mapping[str, Any]

    @property
    def x(self) -> str:
        return self.args[0]

    @property
    def rank(self) -> int:
        return len(self.shapes[0])

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes that `axis` means."""
        axis = self.attrs.get("axis")
        chosen = range(self.rank) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        return tuple(each % max(self.rank, 1) for each in chosen)


Writer = Callable[[Call], str]
"""Call → expression."""


def flipped(index: Index, shape: Shape) -> tuple[tuple[int, ...], Index]:
    """Return the axes to reverse first, and the index into what is reversed."""
    used = sum(each is not None and each != "..." for each in index)
    axis, axes, told = 0, [], []
    for each in index:
        if each == "...":
            axis += len(shape) - used
        elif isinstance(each, tuple) and each[0] == "slice" and (each[3] or 1) < 0:
            size = shape[axis]
            start, stop, step = slice(*each[1:]).indices(size)
            axes.append(axis)
            told.append(("slice", size - 1 - start, size - 1 - stop, -step))
            axis += 1
            continue
        else:
            axis += each is not None
        told.append(each)
    return tuple(axes), tuple(told)


def index_text(index: Index) -> str:
    """Return what stands between square brackets."""
    listed = any(isinstance(each, tuple) and each[0] == "list" for each in index)
    told = (("list", each) if listed and type(each) is int else each for each in index)
    return written.index(tuple(told))


def positions(index: Index, shape: Shape) -> str:
    """Return the flat positions that an index chooses."""
    axes, told = flipped(index, shape)
    numbered = f"torch.arange({prod(shape)}).reshape({shape})"
    turned = f"{numbered}.flip({axes})" if axes else numbered
    return f"{turned}[{index_text(told)}]"
