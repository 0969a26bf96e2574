"""Cases of engine.ops.linalg."""

from __future__ import annotations

import numpy as np

from tests.engine.cases.shapes import Shapes, each


def _regular(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    """Matrices with a determinant well above 0."""
    made = [rng.normal(size=shape) for shape in shapes]
    made[0] = np.abs(made[0]) + 3 * np.eye(shapes[0][-1])
    return made


MATRICES = (((3, 3),), ((1, 1),), ((2, 2, 2),))

CASES = {
    "solve": each(
        (
            ((3, 3), (3,)),
            ((3, 3), (3, 2)),
            ((1, 1), (1,)),
            ((2, 2, 2), (2, 2)),
            ((2, 2, 2), (2, 2, 1)),
        )
    ),
    **{name: each(MATRICES) for name in ("inv", "det", "logdet", "slogdet", "cholesky")},
}
INPUTS = dict.fromkeys(CASES, _regular)
