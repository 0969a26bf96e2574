"""Activation functions, elementwise."""

from typing import Any

from engine.backend import Array
from engine.ops.registry import define


def _sigmoid(xp: Any, x: Array) -> Array:
    """Where e^-x overflows to infinity its reciprocal is 0, which is right."""
    return 1 / (1 + xp.exp(-x))


define(
    "sigmoid",
    "x",
    forward=_sigmoid,
    partials=("out * (1 - out)",),
    tex=r"\sigma\left({x}\right)",
    aliases=("σ", "expit"),
    flops=12,
    doc="Logistic function 1 / (1 + e^-x), elementwise; exact for large |x|.",
)
define(
    "identity",
    "x",
    forward=lambda xp, x: x,
    partials=("1",),
    tex="{x}",
    operands=(0,),
    binding=0,
    flops=0,
    doc="The input itself, under another name.",
)
