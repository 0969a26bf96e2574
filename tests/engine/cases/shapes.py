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
