"""The registry of ops, filled."""

from engine.ops import (
    activation,
    arithmetic,
    elementary,
    extremum,
    linear,
    logic,
    reduction,
    scan,
    shape,
    softmax,
    statistics,
)
from engine.ops.registry import ALIASES, ATOM, OPS, Misfit, Op, Point, define

__all__ = [
    "ALIASES",
    "ATOM",
    "OPS",
    "Misfit",
    "Op",
    "Point",
    "activation",
    "arithmetic",
    "define",
    "elementary",
    "extremum",
    "linear",
    "logic",
    "reduction",
    "scan",
    "shape",
    "softmax",
    "statistics",
]
