"""Cases of engine.ops.classification."""

import numpy as np

from tests.engine.cases.shapes import Shapes, each

NAMED: tuple[Shapes, ...] = (((4,), ()), ((2, 3), (2,)), ((2, 3, 2), (2, 2)), ((2, 1), (2,)))
LIKELY: tuple[Shapes, ...] = (((4,), (4,)), ((2, 3), (2, 3)), ((2, 3, 2), (2, 3, 2)))
REDUCTIONS = [{"reduction": how} for how in ("mean", "sum", "none")]


def scores(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    """Scores, and a target that names classes or gives them probabilities."""
    shape, target = shapes
    count = shape[0 if len(shape) == 1 else 1]
    given = rng.random(target) if shape == target else rng.integers(0, count, target)
    return [rng.normal(size=shape), np.asarray(given, dtype=np.float64)]


CASES = {
    "cross_entropy": [
        *each((*NAMED, *LIKELY), {}, *REDUCTIONS),
        *each((NAMED[1], LIKELY[1]), {"label_smoothing": 0.2, "reduction": "none"}),
    ],
    "nll_loss": each(NAMED, {}, *REDUCTIONS),
}
INPUTS = dict.fromkeys(CASES, scores)
