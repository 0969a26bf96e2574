"""Cases of engine.ops.loss."""

import numpy as np

from tests.engine.cases.shapes import Pair, Shapes, each

PAIRS: tuple[Shapes, ...] = (((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)))


def reduced(**attrs: object) -> list[Pair]:
    """Every reduction, with other attributes as given."""
    return each(PAIRS, *({"reduction": how, **attrs} for how in ("mean", "sum", "none")))


def signs(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    """Scores away from the corner of a hinge, and targets 1 and -1."""
    scores, target = shapes
    return [
        rng.choice([-1.7, -0.6, 0.4, 1.6], scores) + rng.uniform(0, 0.1, scores),
        rng.choice([-1.0, 1.0], target),
    ]


CASES = {
    "mse_loss": [*each(PAIRS), *reduced(), *each((((0,), (0,)),), {"reduction": "sum"})],
    "l1_loss": reduced(),
    "huber_loss": [*reduced(), *reduced(delta=0.5)],
    "smooth_l1_loss": [*reduced(), *reduced(beta=0.4), *reduced(beta=0)],
    "binary_cross_entropy": reduced(),
    "binary_cross_entropy_with_logits": reduced(),
    "kl_div": [
        *reduced(),
        *reduced(log_target=True),
        *each((((2, 3), (2, 3)),), {"reduction": "batchmean"}),
    ],
    "hinge_loss": reduced(),
    "hinge_embedding_loss": [*reduced(), *reduced(margin=0.5)],
    "soft_margin_loss": reduced(),
    "half_squared_error": each((*PAIRS, ((0,), (0,)))),
}
DOMAIN = {"binary_cross_entropy": (0.1, 0.9), "binary_cross_entropy_with_logits": (-2.0, 2.0)}
INPUTS = dict.fromkeys(("hinge_loss", "hinge_embedding_loss", "soft_margin_loss"), signs)
