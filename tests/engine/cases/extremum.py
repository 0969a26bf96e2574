"""Cases of engine.ops.extremum: entries far enough apart, so that no step changes their order."""

from math import prod

import numpy as np

from tests.engine.cases.reduction import FILLED, over_axes
from tests.engine.cases.shapes import Shapes, each


def apart(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    """Steps of a half in random order, no two of the same size whatever their sign."""
    return [rng.permutation(prod(shape)).reshape(shape) / 2 - 1.1 for shape in shapes]


PLACE = [
    *each(FILLED, {}, {"axis": None, "keepdims": True}),
    *each(FILLED[1:], {"axis": -1}, {"axis": 0, "keepdims": True}),
]
CASES = {
    **{name: over_axes() for name in ("max", "min", "amax", "amin")},
    **dict.fromkeys(("argmax", "argmin"), PLACE),
}
INPUTS = dict.fromkeys(CASES, apart)
