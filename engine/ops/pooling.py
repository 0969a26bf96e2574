"""Pooling: the largest entry, or the mean, of each window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial as bind
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian, Zero
from engine.jacobians.structures import Selection
from engine.ops.entries import labelled
from engine.ops.registry import Misfit, Point, define
from engine.ops.sliding import Sliding, per_axis, unfit, windows

_MAX = {"kernel_size": ..., "stride": None, "padding": 0, "dilation": 1}
_AVERAGE = {"kernel_size": ..., "stride": None, "padding": 0}


def _slide(axes: int, shape: Shape, attrs: Attributes) -> Sliding:
    """How the window slides. Raises Misfit; the padding may be half a window at most."""
    if len(shape) not in (axes + 1, axes + 2):
        raise Misfit("shape.channels", op=f"pool{axes}d", left=str(shape), right="()")
    size = shape[-axes:]
    misfit = unfit("pooling", size, (), attrs)
    kernel = per_axis(attrs["kernel_size"], axes, 1, misfit)
    steps = attrs.get("stride")
    stride = kernel if steps is None or steps == () else per_axis(steps, axes, 1, misfit)
    padding = per_axis(attrs.get("padding", 0), axes, 0, misfit)
    if any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
        raise misfit
    settings = {"stride": stride, "padding": padding, "dilation": attrs.get("dilation", 1)}
    return Sliding.over("pooling", size, kernel, settings)


def _pooled(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    slide = _slide(axes, shapes[0], attrs)
    slide.check_work(prod(shapes[0][:-axes]), slide.count)
    return (*shapes[0][:-axes], *slide.count)


def _flops(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> int:
    slide = _slide(axes, shapes[0], attrs)
    return prod(shapes[0][:-axes]) * prod(slide.count) * prod(slide.kernel)


def _views(xp: Any, slide: Sliding, x: Array, border: float) -> Array:
    """Return the windows of x, each flattened on the last axis; `border` stands around x."""
    axes = len(slide.size)
    lead = x.ndim - axes
    around = [(0, 0)] * lead + list(zip(slide.low, slide.high, strict=True))
    if any(slide.low):
        x = xp.pad(x, around, constant_values=border)
    found = windows(xp, x, slide.kernel, slide.stride, slide.dilation, slide.count)
    return found.reshape((*found.shape[:-axes], prod(slide.kernel)))


def _positions(xp: Any, slide: Sliding, shape: Shape) -> Array:
    """Return the flat position of each entry of each window; -1 on the border."""
    return _views(xp, slide, xp.arange(prod(shape)).reshape(shape), -1)


def _places(axes: int, xp: Any, x: Array, **attrs: Any) -> Array:
    """Return the flat position of the first largest entry of each window. NaN is the largest."""
    slide = _slide(axes, tuple(x.shape), attrs)
    found = _views(xp, slide, x, -xp.inf)
    best = xp.argmax(found, axis=-1)[..., None]
    positions = _positions(xp, slide, tuple(x.shape))
    place = xp.take_along_axis(positions, best, axis=-1)[..., 0]
    # Where all of a window is -inf, the border may win: then the first entry inside is meant.
    inside = xp.argmax(positions >= 0, axis=-1)[..., None]
    return xp.where(place < 0, xp.take_along_axis(positions, inside, axis=-1)[..., 0], place)


def _max(axes: int, xp: Any, x: Array, **attrs: Any) -> Array:
    return x.reshape(-1)[_places(axes, xp, x, **attrs)]


def _max_jacobian(axes: int, point: Point, slot: int) -> Jacobian:
    x = point.inputs[0]
    index = _places(axes, point.xp, x, **point.attrs).reshape(-1, 1)
    slide = _slide(axes, tuple(x.shape), point.attrs)
    apart = all(
        s > d * (k - 1) for s, d, k in zip(slide.stride, slide.dilation, slide.kernel, strict=True)
    )
    shapes = tuple(point.out.shape), tuple(x.shape)
    return Selection(point.xp, point.dtype, *shapes, index, unique=apart)


def _has_ties(axes: int, xp: Any, x: Array, **attrs: Any) -> bool:
    found = _views(xp, _slide(axes, tuple(x.shape), attrs), x, -xp.inf)
    return bool(((found == found.max(axis=-1, keepdims=True)).sum(axis=-1) > 1).any())


def _settings(attrs: Attributes, defaults: Attributes) -> str:
    known = {**defaults, **attrs}
    return ", ".join(f"{key}={known[key]!r}" for key in defaults)


def _max_vjp(axes: int, slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    return f"add_at(g, max_pool{axes}d_places(x, {_settings(attrs, _MAX)}), {shapes[0]})"


def _no_jacobian(point: Point, slot: int) -> Jacobian:
    return Zero(point.xp, point.dtype, tuple(point.out.shape), tuple(point.inputs[0].shape))


def _average(axes: int, xp: Any, x: Array, **attrs: Any) -> Array:
    return _views(xp, _slide(axes, tuple(x.shape), attrs), x, 0).mean(axis=-1)


def _average_jacobian(axes: int, point: Point, slot: int) -> Jacobian:
    """I ⊗ 1ᵀ / k where windows lie side by side; else a few entries of equal weight a row."""
    xp, shape = point.xp, tuple(point.inputs[0].shape)
    slide = _slide(axes, shape, point.attrs)
    share = 1 / prod(slide.kernel)
    tiles = tuple(p * k for p, k in zip(slide.count, slide.kernel, strict=True))
    if slide.stride == slide.kernel and tiles == slide.size and not any(slide.low):
        pairs = [n for pair in zip(slide.count, slide.kernel, strict=True) for n in pair]
        sizes = dict(enumerate([prod(shape[:-axes]), *pairs]))
        labels = (0, *range(1, 2 * axes, 2)), tuple(sizes), None
        return labelled(point, 0, sizes, labels, None, share)
    index = _positions(xp, slide, shape).reshape(-1, prod(slide.kernel))
    weight = xp.full(index.shape, share, dtype=point.dtype)
    return Selection(xp, point.dtype, tuple(point.out.shape), shape, index, weight)


def _average_tex(axes: int, in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    """S chooses the entries of each window."""
    count = prod(_slide(axes, in_shape, attrs).kernel)
    return (rf"\frac{{{{1}}}}{{{{{count}}}}} \, S",)


def _average_vjp(axes: int, slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """The transpose is a transposed convolution of each channel with equal weights."""
    shape = shapes[0]
    slide = _slide(axes, shape, attrs)
    channels = shape[-axes - 1]
    weight = f"broadcast_to({1 / prod(slide.kernel)!r}, {(channels, 1, *slide.kernel)})"
    extra = slide.left_over
    return (
        f"conv_transpose{axes}d(g, {weight}, stride={slide.stride}, padding={slide.low}, "
        f"output_padding={extra}, groups={channels})"
    )


for axes in (1, 2):
    over = "one axis" if axes == 1 else "two axes"
    usage = "x" if axes == 1 else "unsqueeze(x, 0)"
    define(
        f"max_pool{axes}d",
        "x",
        forward=bind(_max, axes),
        jacobian=bind(_max_jacobian, axes),
        vjps=bind(_max_vjp, axes),
        shape=bind(_pooled, axes),
        flops=bind(_flops, axes),
        attrs=_MAX,
        kink=bind(_has_ties, axes),
        example=f"max_pool{axes}d({usage}, 2)",
        jacobian_tex=("S",),
        tex=r"\operatorname{{maxpool}}\left({x}\right)",
        doc=f"The largest entry of each window over {over}; of equal ones the first.",
    )
    define(
        f"max_pool{axes}d_places",
        "x",
        forward=lambda xp, x, axes=axes, **attrs: _places(axes, xp, x, **attrs).astype(x.dtype),
        jacobian=_no_jacobian,
        vjps=("0",),
        shape=bind(_pooled, axes),
        flops=bind(_flops, axes),
        attrs=_MAX,
        inert=("x",),
        example=f"max_pool{axes}d_places({usage}, 2)",
        jacobian_tex=("0",),
        tex=r"\operatorname{{argmaxpool}}\left({x}\right)",
        doc="Where the largest entry of each window is, as a flat position; no derivative.",
    )
    define(
        f"avg_pool{axes}d",
        "x",
        forward=bind(_average, axes),
        jacobian=bind(_average_jacobian, axes),
        vjps=bind(_average_vjp, axes),
        shape=bind(_pooled, axes),
        flops=bind(_flops, axes),
        attrs=_AVERAGE,
        example=f"avg_pool{axes}d({usage}, 2)",
        jacobian_tex=bind(_average_tex, axes),
        tex=r"\operatorname{{avgpool}}\left({x}\right)",
        doc=f"The mean of each window over {over}; entries of the padding count as zeros.",
    )
