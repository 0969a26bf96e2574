"""What is the same for every application of an op to these shapes and dtypes: its result's shape,
its vjps, and what they need kept. Made once, then looked up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from engine.backend import Array, Backend, backend
from engine.eager.messages import shape_error
from engine.formula import COTANGENT, OUT
from engine.graph import Attribute, Attributes, Shape
from engine.infer import op_shape
from engine.ops import OPS, Misfit, Op
from engine.sweeps.local import local_rule
from engine.sweeps.pull import Application, pull
from engine.sweeps.vjp import vjp_of

__all__ = ["KEPT_AS_INPUT", "Plan", "plan_of"]

Pull = Callable[[Array, Sequence[Array | None], Array | None], Array]

_RECOMPUTED = frozenset({"div"})
"""Ops whose rule names `out` for the reader's sake, while PyTorch keeps the inputs alone; so a
quotient may be modified in place."""


KEPT_AS_INPUT = frozenset({"relu"})
"""Ops that keep their value, which their rule takes in the place of the input."""


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
            used: set[str] = set()
            for slot, wanted in enumerate(needed):
                if wanted:
                    used |= self._names(slot)
            inputs = tuple(name in used for name in self._arguments)
            if self.recomputes and OUT in used:
                inputs, used = (True,) * len(inputs), used - {OUT}
            if self.op.name in KEPT_AS_INPUT:
                inputs, used = (False,) * len(inputs), {OUT}
            found = self._saves[needed] = inputs, OUT in used
        return found

    @property
    def _arguments(self) -> tuple[str, ...]:
        return tuple(self.op.argument(slot) for slot in range(len(self.shapes)))

    def _names(self, slot: int) -> set[str]:
        """What the rule of an argument reads: the rule applied to names instead of values."""
        reader = _Reader()
        given = (self.shapes, self.out_shape, self.attrs)
        result = pull(reader, Application(self.op, self._arguments, OUT, *given), slot, COTANGENT)
        return reader.read | ({result} if result else set())

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
            multiply = vjp_of(rule, self.backend, dtype)

            def stacked(g: Array, inputs: Sequence[Any], out: Any) -> Array:
                return multiply(g[None], inputs, out)[0].astype(dtype, copy=False)

            return stacked
        applier = _Applier(xp)
        known = (self.shapes, self.out_shape, self.attrs)

        def replayed(g: Array, inputs: Sequence[Any], out: Any) -> Array:
            pulled: Any = pull(applier, Application(self.op, inputs, out, *known), slot, g)
            if pulled is None:
                return xp.zeros(shape, dtype=dtype)
            return xp.asarray(pulled, dtype=dtype).reshape(shape)

        return replayed


class _Reader:
    """A recorder whose handles are names: it notes those that are read."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def op(self, op: Op, inputs: tuple[str, ...], attrs: Attributes) -> str:
        self.read.update(inputs)
        return ""

    def const(self, value: float) -> str:
        return ""


class _Applier:
    """A recorder whose handles are arrays, and numbers, which leave their precision alone."""

    def __init__(self, xp: Any) -> None:
        self._xp = xp

    def op(self, op: Op, inputs: tuple[Any, ...], attrs: Attributes) -> Any:
        return op.forward(self._xp, *inputs, **attrs)

    def const(self, value: float) -> Any:
        return value


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
