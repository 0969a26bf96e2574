"""Stands for the many random numbers of a program until it is known to fit: to draw them takes
longer than all else that is done before the limits are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import prod

import numpy as np
import numpy.typing as npt

from engine.graph import Shape

__all__ = ["Sketch"]

Tensor = npt.NDArray[np.float64]

_STAND_IN = np.float64(0.618)
_SMALL, _MUCH = 2**12, 2**20
"""Entries of one tensor, and of all of them, that are soon drawn."""


@dataclass(slots=True)
class Sketch:
    """A reading of a program in which one number stands for each large random tensor. unsure: by
    their identity, the tensors whose numbers are others in the end; doubtful: whether the program
    is made by one of them, so that it may be another in the end."""

    unsure: dict[int, Tensor] = field(default_factory=dict)
    doubtful: bool = False
    drawn: int = 0

    def draw(self, shape: Shape, draw: Callable[[], Tensor]) -> Tensor:
        """Return random numbers, or what stands for them. Those behind a tensor that is not drawn
        are others in the end too."""
        self.drawn += prod(shape)
        many = prod(shape) > _SMALL and self.drawn > _MUCH
        value = np.broadcast_to(_STAND_IN, shape) if many else draw()
        if many or self.unsure:
            self.unsure[id(value)] = value
        return value

    def derive(self, value: Tensor, sources: Iterable[Tensor]) -> None:
        """Hear that a value was worked out from others."""
        if self.unsure and any(id(each) in self.unsure for each in sources):
            self.unsure[id(value)] = value

    def hear(self, value: Tensor | None) -> None:
        """Hear that the program is made by a value."""
        self.doubtful = self.doubtful or id(value) in self.unsure
