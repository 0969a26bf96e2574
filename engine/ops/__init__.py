"""The registry of ops, filled."""

from engine.ops import activation, arithmetic, elementary, linear, logic, reduction, shape
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
    "linear",
    "logic",
    "reduction",
    "shape",
]
