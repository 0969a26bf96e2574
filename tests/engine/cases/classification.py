"""Cases of engine.ops.classification."""

import numpy as np

from tests.engine.cases.shapes import Shapes, each

NAMED: tuple[Shapes, ...] = (((4,), ()), ((2, 3), (2,)), ((2, 3, 2), (2, 2)), ((2, 1), (2,)))
LIKELY: tuple[Shapes, ...] = (((4,), (4,)), ((2, 3), (2, 3)), ((2, 3, 2), (2, 3, 2)))
WEIGHED: tuple[Shapes, ...] = (((4,), (), (4,)), ((2, 3), (2,), (3,)), ((2, 3, 2), (2, 2), (3,)))
SURE: tuple[Shapes, ...] = (((4,), (4,), (4,)), ((2, 3), (2, 3), (3,)))
REDUCTIONS = [{"reduction": how} for how in ("mean", "sum", "none")]


def scores(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    """Scores, a target that names classes or gives them probabilities, and a weight a class."""
    shape, target = shapes[:2]
    count = shape[0 if len(shape) == 1 else 1]
    given = rng.random(target) if shape == target else rng.integers(0, count, target)
    weights = [rng.uniform(0.5, 2.0, each) for each in shapes[2:]]
    return [rng.normal(size=shape), np.asarray(given, dtype=np.float64), *weights]


CASES = {
    "cross_entropy": [
        *each((*NAMED, *LIKELY), {}, *REDUCTIONS),
        *each((NAMED[1], LIKELY[1]), {"label_smoothing": 0.2, "reduction": "none"}),
        *each((*WEIGHED, *SURE), *REDUCTIONS),
        *each((WEIGHED[1], SURE[1]), {"label_smoothing": 0.2}),
        *each((NAMED[1], *WEIGHED[1:]), *({**how, "ignore_index": 1} for how in REDUCTIONS)),
    ],
    "nll_loss": [
        *each(NAMED, {}, *REDUCTIONS),
        *each(WEIGHED, *REDUCTIONS),
        *each((NAMED[1], *WEIGHED[1:]), *({**how, "ignore_index": 1} for how in REDUCTIONS)),
    ],
}
INPUTS = dict.fromkeys(CASES, scores)
