"""Kernels that slide over axes: the three products behind a convolution and its derivatives.

All three contract the same trilinear form, Σ y[n,o,p] · w[o,c,k] · x[n,c,s·p + d·k - l] (stride s,
dilation d, border l): `convolve` gives y, `spread` gives x, `correlate` gives w. Each is the
derivative of the others. Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep
learning" (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from engine.backend import Array
from engine.einsum import Labels, product
from engine.errors import LimitError
from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit

__all__ = ["BATCH", "GROUP", "IN", "OUT", "Sliding", "per_axis", "unfit", "windows"]

STACK, BATCH, GROUP, IN, OUT, _PLACE, _KERNEL = 30, 0, 1, 2, 3, 4, 10
_MOST_WINDOW_ENTRIES = 2**25
_AT_ONCE = 2**21
"""Entries of windows that are copied together: a product needs them in a row."""


def per_axis(value: Any, axes: int, least: int, misfit: Misfit) -> tuple[int, ...]:
    """Return a setting as one number an axis. Raises `misfit` for a wrong count or a small one."""
    each = (value,) * axes if isinstance(value, int) else tuple(value or ())
    if len(each) != axes or min(each) < least:
        raise misfit
    return each


def windows(
    xp: Any, x: Array, kernel: Shape, stride: Shape, dilation: Shape, count: Shape
) -> Array:
    """Return a view of x whose last axes are the places of a window, then the places within it."""
    axes = len(kernel)
    x = xp.ascontiguousarray(x)
    lead, steps = x.ndim - axes, x.strides
    moves = tuple(s * step for s, step in zip(stride, steps[lead:], strict=True))
    within = tuple(d * step for d, step in zip(dilation, steps[lead:], strict=True))
    shape = (*x.shape[:lead], *count, *kernel)
    return xp.lib.stride_tricks.as_strided(x, shape, (*steps[:lead], *moves, *within))


def _bordered(xp: Any, x: Array, low: Sequence[int], high: Sequence[int]) -> Array:
    """Put zeros around the last axes; cut off where a border is negative."""
    lead = x.ndim - len(low)
    borders = [(max(a, 0), max(b, 0)) for a, b in zip(low, high, strict=True)]
    if any(a or b for a, b in borders):
        x = xp.pad(x, [(0, 0)] * lead + borders)
    cuts = [
        slice(max(-a, 0), size - max(-b, 0) if b < 0 else None)
        for a, b, size in zip(low, high, x.shape[lead:], strict=True)
    ]
    return x[(slice(None),) * lead + tuple(cuts)]


@dataclass(frozen=True, slots=True)
class Sliding:
    """How a kernel slides: one number an axis. low, high: borders; count: places it stops at;
    size: of x.

    x: (batch, channels in, *size); y: (batch, channels out, *count); w: (channels out, channels in
    / groups, *kernel). Each may be a stack, with one axis in front.
    """

    kernel: Shape
    stride: Shape
    dilation: Shape
    low: Shape
    high: Shape
    groups: int
    size: Shape
    count: Shape

    @staticmethod
    def over(op: str, size: Shape, kernel: Shape, attrs: Attributes, groups: int = 1) -> Sliding:
        """Read the settings of a kernel over axes of a size. Raises Misfit."""
        axes, misfit = len(size), unfit(op, size, kernel, attrs)
        stride = per_axis(attrs.get("stride", 1), axes, 1, misfit)
        dilation = per_axis(attrs.get("dilation", 1), axes, 1, misfit)
        reach = tuple(d * (k - 1) for d, k in zip(dilation, kernel, strict=True))
        padding = attrs.get("padding", 0)
        if padding == "same" and any(s != 1 for s in stride):
            raise misfit
        if isinstance(padding, str):
            low = tuple(r // 2 if padding == "same" else 0 for r in reach)
            high = tuple(r - a if padding == "same" else 0 for r, a in zip(reach, low, strict=True))
        else:
            low = high = per_axis(padding, axes, 0, misfit)
        room = [n + a + b - r for n, a, b, r in zip(size, low, high, reach, strict=True)]
        if min(kernel) < 1 or min(room) < 1:
            raise misfit
        count = tuple((n - 1) // s + 1 for n, s in zip(room, stride, strict=True))
        return Sliding(kernel, stride, dilation, low, high, groups, size, count)

    @property
    def left_over(self) -> Shape:
        """What the steps leave over at the end of each axis: a transpose has to add it again."""
        ends = zip(self.size, self.low, self.high, self.reach, strict=True)
        steps = zip(self.count, self.stride, strict=True)
        room = (n + a + b - r - 1 for n, a, b, r in ends)
        return tuple(each - (p - 1) * s for each, (p, s) in zip(room, steps, strict=True))

    @property
    def reach(self) -> Shape:
        """How far the last entry of the kernel is from the first."""
        return tuple(d * (k - 1) for d, k in zip(self.dilation, self.kernel, strict=True))

    def check_work(self, channels: int, places: Shape) -> None:
        """Raise LimitError where the windows at so many places would take too much memory."""
        entries = channels * prod(places) * prod(self.kernel)
        if entries > _MOST_WINDOW_ENTRIES:
            raise LimitError(
                "limit.exceeded",
                asked=entries,
                unit="entries",
                limit="the windows of a convolution",
                allowed=_MOST_WINDOW_ENTRIES,
            )

    @property
    def places(self) -> Labels:
        """The labels of the axes of y."""
        return tuple(_PLACE + axis for axis in range(len(self.size)))

    @property
    def within(self) -> Labels:
        """The labels of the axes of the kernel."""
        return tuple(_KERNEL + axis for axis in range(len(self.size)))

    @property
    def nonzero(self) -> int:
        """How many pairs of a place and a place within the kernel lie inside the borders."""
        total = 1
        for n, k, s, d, a, p in zip(
            self.size, self.kernel, self.stride, self.dilation, self.low, self.count, strict=True
        ):
            position = s * np.arange(p)[:, None] + d * np.arange(k) - a
            total *= int(((position >= 0) & (position < n)).sum())
        return total

    def windows(self, xp: Any, x: Array) -> Array:
        """Return the windows of x: (…, group, channels in of a group, *count, *kernel)."""
        x = self._grouped(_bordered(xp, x, self.low, self.high))
        return windows(xp, x, self.kernel, self.stride, self.dilation, self.count)

    def far_windows(self, xp: Any, y: Array) -> Array:
        """Return what each entry of x meets of y: (…, group, channels out, *size, *kernel), from
        the last entry of the kernel to the first."""
        axes = len(self.size)
        lead = y.shape[: y.ndim - axes]
        wide = tuple(s * (p - 1) + 1 for s, p in zip(self.stride, self.count, strict=True))
        up = xp.zeros((*lead, *wide), dtype=y.dtype)
        up[(..., *(slice(None, None, s) for s in self.stride))] = y
        low = [r - a for r, a in zip(self.reach, self.low, strict=True)]
        sizes = zip(self.size, wide, self.reach, low, strict=True)
        high = [n + r - w - a for n, w, r, a in sizes]
        ones = (1,) * axes
        grouped = self._grouped(_bordered(xp, up, low, high))
        return windows(xp, grouped, self.kernel, ones, self.dilation, self.size)

    def turned(self, xp: Any, kernel: Array) -> Array:
        """Return a kernel, or windows, with the places within the kernel in reverse order."""
        return xp.flip(kernel, axis=tuple(range(kernel.ndim - len(self.size), kernel.ndim)))

    def convolve(self, xp: Any, x: Array, w: Array) -> Array:
        """Return y."""
        found, kernel = self.windows(xp, x), self._split(w)
        out = self._sum(xp, (found, (BATCH, GROUP, IN)), (kernel, (GROUP, OUT, IN)), OUT)
        return self._merged(out, self.count)

    def spread(self, xp: Any, y: Array, w: Array) -> Array:
        """Return x."""
        found, kernel = self.far_windows(xp, y), self._split(self.turned(xp, w))
        out = self._sum(xp, (found, (BATCH, GROUP, OUT)), (kernel, (GROUP, OUT, IN)), IN)
        return self._merged(out, self.size)

    def correlate(self, xp: Any, x: Array, y: Array) -> Array:
        """Return w."""
        found, grouped = self.windows(xp, x), self._grouped(y)
        first = self._labels(found, (BATCH, GROUP, IN, *self.places, *self.within))
        second = self._labels(grouped, (BATCH, GROUP, OUT, *self.places))
        stack = (STACK,) * (STACK in (*first, *second))
        target = (*stack, GROUP, OUT, IN, *self.within)
        along, beside = first.index(self.places[0]), second.index(self.places[0])
        out = sum(
            product(
                xp, _cut(found, along, part), first, _cut(grouped, beside, part), second, target
            )
            for part in _parts(found, along)
        )
        lead = out.shape[: len(stack)]
        return out.reshape((*lead, -1, *out.shape[len(stack) + 2 :]))

    def _sum(
        self, xp: Any, found: tuple[Array, Labels], kernel: tuple[Array, Labels], kept: int
    ) -> Array:
        first = self._labels(found[0], (*found[1], *self.places, *self.within))
        second = self._labels(kernel[0], (*kernel[1], *self.within))
        stack = (STACK,) * (STACK in (*first, *second))
        target = (*stack, BATCH, GROUP, kept, *self.places)
        own = [label for label in (STACK, self.places[0]) if label in first and label not in second]
        label = max(own, key=lambda each: found[0].shape[first.index(each)])
        along = first.index(label)
        out = [
            product(xp, _cut(found[0], along, part), first, kernel[0], second, target)
            for part in _parts(found[0], along)
        ]
        return out[0] if len(out) == 1 else xp.concatenate(out, axis=target.index(label))

    @staticmethod
    def _labels(array: Array, labels: Labels) -> Labels:
        return (STACK, *labels) if array.ndim > len(labels) else labels

    def _grouped(self, x: Array) -> Array:
        """Split the channels into groups."""
        axis = x.ndim - len(self.size) - 1
        split = (self.groups, x.shape[axis] // self.groups)
        return x.reshape((*x.shape[:axis], *split, *x.shape[axis + 1 :]))

    def _split(self, w: Array) -> Array:
        axis = w.ndim - len(self.size) - 2
        split = (self.groups, w.shape[axis] // self.groups)
        return w.reshape((*w.shape[:axis], *split, *w.shape[axis + 1 :]))

    def _merged(self, out: Array, size: Shape) -> Array:
        lead = out.shape[: out.ndim - len(size) - 2]
        channels = out.shape[len(lead)] * out.shape[len(lead) + 1]
        return out.reshape((*lead, channels, *size))


def _parts(found: Array, axis: int) -> list[slice]:
    """Return stretches of an axis of windows, so short that each may be copied."""
    step = max(1, _AT_ONCE * found.shape[axis] // max(found.size, 1))
    return [slice(start, start + step) for start in range(0, max(found.shape[axis], 1), step)]


def _cut(array: Array, axis: int, part: slice) -> Array:
    return array[(slice(None),) * axis + (part,)]


def unfit(op: str, size: Shape, kernel: Shape, attrs: Attributes) -> Misfit:
    """Return the error of a window that does not fit."""
    settings = ", ".join(f"{key}={value}" for key, value in attrs.items()) or "stride=1"
    return Misfit("shape.window", op=op, window=str(kernel), size=str(size), setting=settings[:120])
