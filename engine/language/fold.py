"""A statement over numbers alone gives a leaf, not a computation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import SourceError, Span
from engine.graph import CONST, Node, Shape
from engine.language.sketch import Sketch
from engine.ops import OPS, Misfit
from engine.shapes import flops_of, op_shape

__all__ = ["Allowance", "folded", "is_closed"]

Value = npt.NDArray[np.float64]

_FOLDED_ENTRIES, _FOLDED_FLOPS = 2**18, 2**24
"""Of one op that is done while the program is read; of all of them, four and two times this."""


@dataclass(slots=True)
class Allowance:
    """What may still be done while a program is read, before any limit is checked. sketch: of
    random numbers that are not drawn yet."""

    entries: int = 4 * _FOLDED_ENTRIES
    flops: int = 2 * _FOLDED_FLOPS
    sketch: Sketch | None = None

    def affords(self, node: Node, shapes: Sequence[Shape]) -> bool:
        """Whether an op may be done; takes it off what is left. Raises Misfit where it cannot."""
        op = OPS[node.op]
        shape = op_shape(op, shapes, node.attrs)
        entries, flops = prod(shape), flops_of(op, shapes, shape, node.attrs)
        if entries > min(_FOLDED_ENTRIES, self.entries) or flops > min(_FOLDED_FLOPS, self.flops):
            return False
        self.entries -= entries
        self.flops -= flops
        return True


def folded(
    made: Sequence[Node],
    last: int,
    given: Mapping[int, Any],
    allowance: Allowance,
    span: Span | None,
    text: str,
) -> Value | None:
    """Return the value of node `last`, one of the nodes `made` over literals alone; None where the
    ops do not fit or take long: such a statement stays, for `infer` to judge.

    Raises SourceError where it is not finite though all it is made of is.
    """
    values: dict[int, Value] = {}
    finite = True
    with np.errstate(all="ignore"):
        for node in made:
            if node.is_leaf:
                values[node.id] = given[node.id]
                finite = finite and bool(np.isfinite(given[node.id]).all())
                continue
            inputs = [values[i] for i in node.inputs]
            try:
                if not allowance.affords(node, [value.shape for value in inputs]):
                    return None
                values[node.id] = np.asarray(OPS[node.op].forward(np, *inputs, **node.attrs))
            except Misfit:
                return None
    value = values[last]
    if allowance.sketch is not None:
        allowance.sketch.derive(value, values.values())
    if finite and not np.isfinite(value).all():
        raise SourceError("literal.number", span, text=text)
    return value


def is_closed(made: Sequence[Node], first: int) -> bool:
    """Return whether nodes are made of literals and one another alone: the last is the likeliest
    not to be."""
    for node in reversed(made):
        if node.op != CONST and (not node.inputs or min(node.inputs) <= first):
            return False
    return True
