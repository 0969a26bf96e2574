"""What is the same for every application of an op to these shapes and dtypes: its result's shape,
its vjps, and what they need kept. Made once, then looked up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from engine.backend import Array, Backend, backend
from engine.eager.messages import shape_error
from engine.formula import COTANGENT, OUT, formula, partial
from engine.graph import Attribute, Shape
from engine.infer import op_shape
from engine.local import local_rule
from engine.ops import OPS, Misfit, Op
from engine.vjp import vjp_of

__all__ = ["Plan", "plan_of"]

Pull = Callable[[Array, Sequence[Array | None], Array | None], Array]

_RECOMPUTED = frozenset({"div"})
"""Ops whose rule names `out` for the reader's sake, while PyTorch keeps the inputs alone; so a
quotient may be modified in place."""


class Plan:
    """One op at given attributes, shapes and dtypes of its inputs, on one device."""

    __slots__ = ("_pulls", "_saves", "attrs", "backend", "dtypes", "op", "out_shape", "shapes")

    def __init__(
        self,
        op: Op,
        attrs: dict[str, Attribute],
        shapes: tuple[Shape, ...],
        dtypes: tuple[Any, ...],
        device: str,
    ) -> None:
        self.op, self.attrs, self.shapes, self.dtypes = op, attrs, shapes, dtypes
        self.backend: Backend = backend(device)
        try:
            self.out_shape = op_shape(op, shapes, attrs)
        except Misfit as misfit:
            raise shape_error(op, shapes, attrs, misfit) from None
        self._pulls: dict[int, Pull] = {}
        self._saves: dict[tuple[bool, ...], tuple[tuple[bool, ...], bool]] = {}

    @property
    def recomputes(self) -> bool:
        """Whether the backward step computes the op's value again instead of keeping it."""
        return self.op.name in _RECOMPUTED

    def saves(self, needed: tuple[bool, ...]) -> tuple[tuple[bool, ...], bool]:
        """Return which inputs, and whether the output, must be kept for the vjps into the slots
        that are needed: those whose names the rules use."""
        found = self._saves.get(needed)
        if found is None:
            names: set[str] = set()
            for slot, wanted in enumerate(needed):
                if wanted:
                    names |= self._names(slot)
            inputs = tuple(self.op.argument(slot) in names for slot in range(len(self.shapes)))
            if self.recomputes and OUT in names:
                inputs, names = (True,) * len(inputs), names - {OUT}
            found = self._saves[needed] = inputs, OUT in names
        return found

    def _names(self, slot: int) -> set[str]:
        op, count = self.op, len(self.shapes)
        if op.partials:
            return {name for _, name in partial(op, slot, self.attrs).used}
        if op.subscripts is not None:
            return {op.argument(other) for other in range(count) if other != slot}
        return {name for _, name in self._rule(slot).used}

    def _rule(self, slot: int) -> Any:
        names = tuple(self.op.argument(i) for i in range(len(self.shapes)))
        text = self.op.vjp(slot, self.shapes, self.out_shape, self.attrs)
        return formula(text, (*names, OUT, COTANGENT))

    def pull(self, slot: int) -> Pull:
        """Return (cotangent, inputs, out) → cotangent of the argument, in its shape and dtype."""
        found = self._pulls.get(slot)
        if found is None:
            found = self._pulls[slot] = self._make_pull(slot)
        return found

    def _make_pull(self, slot: int) -> Pull:
        xp, dtype, shape = self.backend.xp, self.dtypes[slot], self.shapes[slot]
        if self.op.partials or self.op.subscripts is not None:
            rule = local_rule(self.op, slot, self.shapes, self.out_shape, self.attrs)
            pull = vjp_of(rule, self.backend, dtype)

            def stacked(g: Array, inputs: Sequence[Any], out: Any) -> Array:
                return pull(g[None], inputs, out)[0].astype(dtype, copy=False)

            return stacked
        names = tuple(self.op.argument(i) for i in range(len(self.shapes)))
        run = self._rule(slot).function(xp, (*names, OUT, COTANGENT))

        def replayed(g: Array, inputs: Sequence[Any], out: Any) -> Array:
            return xp.asarray(run((*inputs, out, g)), dtype=dtype).reshape(shape)

        return replayed


@lru_cache(maxsize=4096)
def plan_of(
    name: str,
    attrs: tuple[tuple[str, Attribute], ...],
    shapes: tuple[Shape, ...],
    dtypes: tuple[np.dtype[Any], ...],
    device: str,
) -> Plan:
    """Return the plan of the op called `name`. Raises as PyTorch does where the shapes do not
    fit."""
    return Plan(OPS[name], dict(attrs), shapes, dtypes, device)
