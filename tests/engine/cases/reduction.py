"""Cases of engine.ops.reduction."""

import numpy as np

from tests.engine.cases.shapes import UNARY, Pair, Shapes, each

FILLED: tuple[Shapes, ...] = (((),), ((3,),), ((2, 3),), ((1, 3),), ((2, 1, 3),))
"""Shapes with entries, for ops that need one."""


def over_axes(shapes: tuple[Shapes, ...] = FILLED) -> list[Pair]:
    """Every way to give axes: none, one, several, with and without keeping them."""
    return [
        *each(shapes, {}, {"axis": None, "keepdims": True}),
        *each(shapes[1:], {"axis": -1}, {"axis": 0, "keepdims": True}),
        *each((((2, 3, 2),),), {"axis": (0, 2)}, {"axis": (-1, 1), "keepdims": True}),
        *each((((2, 0, 3),),), {"axis": 0}, {"axis": 2}),
    ]


def with_zeros(rng: np.random.Generator, shapes: Shapes) -> list[np.ndarray]:
    """Some entries exactly zero, where a division would fail."""
    return [rng.uniform(0.5, 2.0, shape) * (rng.random(shape) > 0.4) for shape in shapes]


CASES = {
    "sum": [
        *each(UNARY, {}, {"axis": None, "keepdims": True}),
        *each(UNARY[1:], {"axis": -1}, {"axis": 0, "keepdims": True}),
    ],
    "mean": over_axes(),
    "prod": [*over_axes(), *each((((0,),), ((2, 0),)), {"axis": -1})],
    "logsumexp": over_axes(),
}
DOMAIN = {"mean": (-2.0, 2.0), "logsumexp": (-2.0, 2.0)}
INPUTS = {"prod": with_zeros}
