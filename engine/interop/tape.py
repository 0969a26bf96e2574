"""What was recorded of a run of PyTorch: leaves, and steps as lines of our language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["Leaf", "Opaque", "Step", "Tape", "Value"]

Value = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A tensor that is given. differentiated: whether it requires grad; kept: whether it is shown
    as an input rather than as a constant."""

    token: str
    differentiated: bool


@dataclass(frozen=True, slots=True)
class Opaque:
    """A step our ops have no words for: its value at `points`, and there its local Jacobians.

    name: of the function. inputs: tokens. jacobians: for each input (d_out, d_in) over row-major
    vec, or, of a step that works entry by entry, its diagonal in the shape of the value.
    """

    name: str
    inputs: tuple[str, ...]
    points: tuple[Value, ...]
    value: Value
    jacobians: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One call: the tokens it computes, those it uses, and what it is in our language: lines, or
    an opaque step. note: the module it was called in."""

    outs: tuple[str, ...]
    inputs: tuple[str, ...]
    lines: tuple[str, ...] = ()
    opaque: Opaque | None = None
    note: str = ""


@dataclass(slots=True)
class Tape:
    """Leaves and steps in the order in which they were met. value_of, hint_of: by token: PyTorch's
    value, and what the tensor is called in the user's code."""

    leaves: list[Leaf] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    value_of: dict[str, Value] = field(default_factory=dict)
    hint_of: dict[str, str] = field(default_factory=dict)
    word_of: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def token(self, value: Value, word: str) -> str:
        """Return a new token. word: what the tensor is called where the user has no name for it."""
        self.count += 1
        made = f"t{self.count}_"
        self.value_of[made], self.word_of[made] = value, word
        return made

    def needed(self, wanted: Sequence[str]) -> tuple[list[Leaf], list[Step]]:
        """Return the leaves and steps that these tokens depend on."""
        needed, steps = set(wanted), []
        for step in reversed(self.steps):
            if needed & set(step.outs):
                steps.append(step)
                needed |= set(step.inputs)
        return [leaf for leaf in self.leaves if leaf.token in needed], steps[::-1]
