"""Entries put around a tensor: a number, or its own entries, by PyTorch's modes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.ops.entries import placed, selected
from engine.ops.registry import Misfit, Point, define

_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""Of those that copy entries: NumPy's names."""


def _borders(shape: Shape, attrs: Attributes) -> list[tuple[int, int]]:
    """Return what is added before and after each axis. PyTorch's `pad` starts at the last axis."""
    pad = attrs["pad"]
    flat = (pad,) * (2 * len(shape)) if isinstance(pad, int) else tuple(pad)
    if len(flat) % 2 or len(flat) > 2 * len(shape) or any(each < 0 for each in flat):
        raise Misfit("shape.pad", pad=str(pad), shape=str(shape))
    pairs = list(zip(flat[::2], flat[1::2], strict=True))[::-1]
    return [(0, 0)] * (len(shape) - len(pairs)) + pairs


def _shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """Raises Misfit for an unknown mode, or a border that has fewer entries to copy."""
    mode = attrs.get("mode", "constant")
    if mode != "constant" and mode not in _MODES:
        raise Misfit("shape.mode", op="pad", mode=mode, allowed=", ".join(["constant", *_MODES]))
    borders = _borders(shapes[0], attrs)
    spare = {"reflect": 1, "circular": 0}.get(mode)
    for size, border in zip(shapes[0], borders, strict=True):
        short = spare is not None and max(border) > max(size - spare, 0)
        if short or (mode in _MODES and not size and any(border)):
            raise Misfit("shape.pad", pad=str(attrs["pad"]), shape=str(shapes[0]))
    return tuple(n + a + b for n, (a, b) in zip(shapes[0], borders, strict=True))


def _inner(shape: Shape, attrs: Attributes) -> tuple[tuple[int, int], ...]:
    """Where the entries themselves are: first and last + 1 along each axis."""
    pairs = zip(shape, _borders(shape, attrs), strict=True)
    return tuple((before, before + size) for size, (before, _) in pairs)


def _pad(xp: Any, x: Array, pad: Any, mode: str = "constant", value: float = 0.0) -> Array:
    borders = _borders(tuple(x.shape), {"pad": pad}) or 0
    if mode == "constant":
        return xp.pad(x, borders, constant_values=value)
    return xp.pad(x, borders, mode=_MODES[mode])


def _jacobian(point: Point, slot: int) -> Jacobian:
    mode = point.attrs.get("mode", "constant")
    if mode == "constant":
        inner = _inner(tuple(point.inputs[0].shape), point.attrs)
        return placed(point, slot, lambda marked: marked[tuple(slice(*each) for each in inner)])
    pad = point.attrs["pad"]
    return selected(point, slot, lambda places: _pad(point.xp, places, pad, mode), unique=False)


def _vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    shape, mode = shapes[0], attrs.get("mode", "constant")
    if mode == "constant":
        index = tuple(("slice", *each, None) for each in _inner(shape, attrs))
        return f"getitem(g, {index})"
    places = f"reshape(cumsum((x == x) + (x != x)) - 1, {shape})"
    return f"add_at(g, pad({places}, {attrs['pad']}, {mode!r}), {shape})"


def _tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    """S chooses the entry that each place copies."""
    if attrs["mode"] in _MODES:
        return ("S",)
    return (r"\left[\begin{{smallmatrix}} 0 \\ I \\ 0 \end{{smallmatrix}}\right]",)


define(
    "pad",
    "x",
    forward=_pad,
    jacobian=_jacobian,
    vjps=_vjp,
    shape=_shape,
    attrs={"pad": ..., "mode": "constant", "value": 0.0},
    order=("x", "pad", "mode", "value"),
    example="pad(x, (1, 1))",
    jacobian_tex=_tex,
    tex=r"\operatorname{{pad}}\left({x}\right)",
    doc="`value` around the entries: before and after the last axis, then the one before it. "
    "Or, by `mode`, the entries themselves: `reflect`, `replicate` or `circular`.",
)
