"""The registry of ops, filled."""

from engine.ops import activation, arithmetic, elementary, linear, reduction
from engine.ops.registry import ALIASES, ATOM, OPS, Op, define

__all__ = [
    "ALIASES",
    "ATOM",
    "OPS",
    "Op",
    "activation",
    "arithmetic",
    "define",
    "elementary",
    "linear",
    "reduction",
]
