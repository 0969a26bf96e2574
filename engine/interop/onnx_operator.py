"""A node of ONNX, as the writers of expressions ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.graph import Shape
from engine.interop.phrases import Named, said

__all__ = ["Operator", "Word"]


@dataclass(frozen=True, slots=True)
class Operator:
    """A node of ONNX. args: its inputs, None for those left out; known: the values of those that
    are whole numbers or constants, by place; out: the shape of its first result; count: how many
    results it has."""

    kind: str
    args: Sequence[Named | None]
    known: Mapping[int, Any]
    attrs: Mapping[str, Any]
    out: Shape
    count: int = 1

    def text(self, place: int = 0) -> str:
        """An argument as it is written."""
        return said(self.args[place])

    def numbers(self, place: int, name: str = "") -> list[int] | None:
        """Whole numbers given as an input, or, in older files, as an attribute."""
        if place in self.known:
            return [int(each) for each in np.ravel(self.known[place])]
        told = self.attrs.get(name)
        return None if told is None else [int(each) for each in np.ravel(told)]

    def has(self, place: int) -> bool:
        """Whether an input is given."""
        return place < len(self.args) and self.args[place] is not None

    @property
    def rank(self) -> int:
        """The number of axes of the first input."""
        first = self.args[0]
        return len(first.shape) if first is not None else 0


Word = Callable[[Operator], str]
"""Node → expression."""
