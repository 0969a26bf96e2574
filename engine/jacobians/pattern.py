"""Where the non-zero entries of a Jacobian are, by labels, and how to multiply by them.

Labels name the axes of the output and of the input of an edge; a label on both sides is a Kronecker
delta. A pattern is known from shapes alone, so the way to multiply is worked out once for each.
Source: Laue, Mitterreiter, Giesen, "A Simple and Efficient Tensor Calculus" (AAAI 2020).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from typing import Any

from engine.backend import Array
from engine.einsum import Labels, arrange, arranger, plan
from engine.graph import Shape

__all__ = ["Multiply", "Pattern", "axis_labels", "multiplier"]

Multiply = Callable[[Any, Array, Array | None, Shape], Array]
"""(xp, stack of vectors, entries that vary, shape of the target) → stack of products."""

_STACK = -1
"""The label of the axis that counts the vectors of a stack."""


def axis_labels(shape: Shape, labels: Iterable[int]) -> Labels:
    """Keep the labels of the axes not of size 1: those carry nothing under row-major vec."""
    return tuple(label for size, label in zip(shape, labels, strict=True) if size != 1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Where the non-zero entries are, known from shapes alone.

    out, in_: labels of the axes (of size ≠ 1) of the output and the input. value: labels of the
    array that varies, or None when every non-zero entry is `scale`. sizes: size of each label.
    gate: whether an entry of exactly 0 lets nothing through, not even infinity; only where the
    labels of the value are all of the output's.
    """

    out: Labels
    in_: Labels
    value: Labels | None
    sizes: tuple[tuple[int, int], ...]
    scale: float = 1.0
    gate: bool = False
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Patterns are looked up far more often than made."""
        content = (self.out, self.in_, self.value, self.sizes, self.scale, self.gate)
        object.__setattr__(self, "_hash", hash(content))

    def __hash__(self) -> int:
        return self._hash

    @staticmethod
    def of(
        out: Labels,
        in_: Labels,
        value: Labels | None,
        sizes: Mapping[int, int],
        scale: float = 1.0,
        gate: bool = False,
    ) -> Pattern:
        """Number the labels by first appearance in (out, in_), so that equal structures compare
        equal."""
        kept = tuple(dict.fromkeys((*out, *in_)))
        number = {label: position for position, label in enumerate(kept)}
        return Pattern(
            tuple(number[label] for label in out),
            tuple(number[label] for label in in_),
            None if value is None else tuple(number[label] for label in value),
            tuple((number[label], sizes[label]) for label in kept),
            scale,
            gate and value is not None and set(value) <= set(out),
        )

    def size(self, labels: Iterable[int]) -> int:
        """Return how many entries an array with these labels has."""
        sizes = dict(self.sizes)
        return prod(sizes[label] for label in labels)

    @property
    def nonzero(self) -> int:
        """How many entries may differ from zero."""
        return self.size(set(self.out) | set(self.in_))

    @property
    def stored(self) -> int:
        """How many numbers describe the matrix."""
        return 1 if self.value is None else self.size(self.value)

    @property
    def structure(self) -> str:
        """The name of the structure."""
        out, in_ = set(self.out), set(self.in_)
        varies = set(self.value or ())
        shared = out & in_
        if out == in_:
            return self._square(varies)
        if not shared and (self.value is not None or (out and in_)):
            return "dense"
        if varies & shared and in_ - out:
            return "block_diagonal"
        if varies and not varies & shared:
            return "kronecker"
        if in_ < out:
            return "broadcast"
        return "sum" if out < in_ else "kronecker"

    def _square(self, varies: set[int]) -> str:
        if self.out != self.in_:
            return "permutation"
        if self.value is None:
            return "identity" if self.scale == 1 else "scaled_identity"
        return "diagonal" if varies or not self.out else "scaled_identity"


@lru_cache(maxsize=8192)
def multiplier(pattern: Pattern, back: bool) -> Multiply:
    """Return the product P·J (`back`) or J·t as a function of a stack of vectors."""
    source, target = (pattern.out, pattern.in_) if back else (pattern.in_, pattern.out)
    sizes, scale = dict(pattern.sizes), pattern.scale
    source_sizes = tuple(sizes[label] for label in source)
    target_sizes = tuple(sizes[label] for label in target)
    varies = pattern.value or ()
    reachable = tuple(label for label in target if label in source or label in varies)
    if pattern.value is None:
        multiply = _moved(source, reachable)
    else:
        multiply = plan((_STACK, *source), varies, (_STACK, *reachable))
    spread = arranger((_STACK, *reachable), (_STACK, *target))
    if pattern.gate:
        multiply = _gated(multiply, varies, pattern.out, back)

    def apply(xp: Any, stack: Array, value: Array | None, shape: Shape) -> Array:
        rows = stack.shape[0]
        if stack.shape[1:] != source_sizes:
            stack = stack.reshape(rows, *source_sizes)
        result = multiply(xp, stack, value)
        if scale != 1:
            result = result * scale
        if reachable != target:
            result = xp.broadcast_to(spread(result), (rows, *target_sizes))
        return result if result.shape[1:] == shape else result.reshape(rows, *shape)

    return apply


def _gated(
    multiply: Callable[[Any, Array, Any], Array], varies: Labels, out: Labels, back: bool
) -> Callable[[Any, Array, Any], Array]:
    """Let nothing through where the entry is 0: infinity is stopped before the product, or behind
    it. To look for it costs less than to choose."""

    def apply(xp: Any, stack: Array, value: Any) -> Array:
        result = multiply(xp, stack, value)
        if xp.isfinite(result.sum()):
            return result
        closed = arrange(value == 0, varies, out)[None]
        if back:
            return multiply(xp, xp.where(closed, 0.0, stack), value)
        return xp.where(closed, 0.0, result)

    return apply


def _moved(source: Labels, reachable: Labels) -> Callable[[Any, Array, Array | None], Array]:
    """Sum the axes that the target lacks, and bring the others into its order."""
    axes = tuple(axis + 1 for axis, label in enumerate(source) if label not in reachable)
    kept = tuple(label for label in source if label in reachable)
    if not axes and kept == reachable:
        return lambda xp, stack, value: stack

    def move(xp: Any, stack: Array, value: Array | None) -> Array:
        summed = stack.sum(axis=axes) if axes else stack
        return arrange(summed, (_STACK, *kept), (_STACK, *reachable))

    return move
