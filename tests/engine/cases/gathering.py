"""Cases of engine.ops.gathering."""

from __future__ import annotations

import numpy as np

from tests.engine.cases.shapes import Shapes, each


def _after(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    """Values, then indices into axes of at least two entries, negative ones among them."""
    return [rng.normal(size=shapes[0]), rng.integers(-2, 2, shapes[1]).astype(float)]


def _before(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    return [rng.integers(-2, 2, shapes[0]).astype(float), rng.normal(size=shapes[1])]


TAKEN = each((((2, 3), (4,)), ((3, 2), (2, 2)), ((2, 2, 2), ())), {}, {"axis": 0}, {"axis": -1})
GATHERED = each((((2, 3), (2, 2)), ((3, 2), (1, 2)), ((2, 2, 2), (2, 1, 1))), {"axis": 0}) + each(
    (((2, 3), (2, 4)), ((2, 2), (2, 0))), {"axis": -1}
)

CASES = {
    "take": TAKEN,
    "index_select": TAKEN,
    "add_at": each((((4, 3), (4,)),), {"shape": (2, 3), "axis": 0})
    + each((((2, 4), (4,)), ((2, 1), (1,))), {"shape": (2, 3), "axis": 1})
    + each((((2, 2), (2, 2)),), {"shape": (3, 1)}),
    "embedding": each((((4,), (3, 2)), ((2, 2), (2, 3)), ((), (2, 1)), ((0,), (2, 2)))),
    "gather": GATHERED,
    "take_along_axis": GATHERED,
    "scatter_add": each((((2, 4), (2, 4)),), {"shape": (2, 3), "axis": 1})
    + each((((1, 2), (1, 2)),), {"shape": (3, 2), "axis": 0}),
}
INPUTS = dict.fromkeys(CASES, _after) | {"embedding": _before}
