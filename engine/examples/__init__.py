"""Named programs with leaf values, in the order in which they are best read."""

from __future__ import annotations

from engine.examples.basics import BASICS
from engine.examples.calculus import CALCULUS
from engine.examples.example import Example
from engine.examples.layers import LAYERS
from engine.examples.networks import NETWORKS
from engine.examples.probability import PROBABILITY
from engine.examples.regression import REGRESSION
from engine.examples.sequences import SEQUENCES

__all__ = ["EXAMPLES", "Example"]

EXAMPLES: tuple[Example, ...] = (
    *BASICS,
    *CALCULUS,
    *REGRESSION,
    *NETWORKS,
    *LAYERS,
    *SEQUENCES,
    *PROBABILITY,
)
