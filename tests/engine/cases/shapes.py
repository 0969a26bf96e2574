"""The usual shapes: 0-d, empty, of size 1, and every way of broadcasting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Shapes = tuple[tuple[int, ...], ...]
Attrs = dict[str, Any]
Pair = tuple[Shapes, Attrs]
Maker = Callable[[np.random.Generator, Shapes], list[np.ndarray]]

UNARY: tuple[Shapes, ...] = (((),), ((3,),), ((2, 3),), ((0,),), ((1, 3),))
BINARY: tuple[Shapes, ...] = (
    ((), ()),
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((2, 3), ()),
    ((), (3,)),
    ((2, 1), (1, 3)),
    ((2, 1, 3), (4, 1)),
    ((0,), ()),
    ((1,), (1,)),
)


def each(shapes: Sequence[Shapes], *attrs: Attrs) -> list[Pair]:
    """Return every combination of shapes and attributes."""
    return [(shape, chosen) for shape in shapes for chosen in attrs or ({},)]


def away_from(*kinks: float, low: float = -2.0, high: float = 2.0) -> Maker:
    """Return a maker of inputs between two numbers that keep off the kinks by 0.01."""

    def make(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
        made = [np.asarray(rng.uniform(low, high, shape)) for shape in shapes]
        for kink in kinks:
            made = [np.where(np.abs(x - kink) < 0.01, x + 0.05, x) for x in made]
        return made

    return make


def with_mask(slot: int) -> Maker:
    """Return a maker of inputs of which one is made of zeros and ones."""

    def make(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
        made = [np.asarray(rng.normal(size=shape)) for shape in shapes]
        made[slot] = np.asarray(rng.integers(0, 2, shapes[slot]), dtype=float)
        return made

    return make
