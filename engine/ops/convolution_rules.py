"""Derivatives of convolutions: structures, and formulas by the other two of the three products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from engine.backend import Array
from engine.einsum import Labels
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.jacobians.structures import Operator
from engine.ops.entries import labelled
from engine.ops.kernels import batched, between, down, shapes_of, up
from engine.ops.registry import Point
from engine.ops.sliding import BATCH, GROUP, IN, OUT, Sliding

CONV = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
"""The settings of a convolution and their defaults, in PyTorch's order."""


def _settings(attrs: Attributes) -> str:
    return ", ".join(f"{key}={attrs.get(key, default)!r}" for key, default in CONV.items())


Move = Callable[[Array], Array]


def _operator(point: Point, slide: Sliding, pull: Move, push: Move, weights: Shape) -> Jacobian:
    """By what is slid over: banded, the same weights in every row; only ever applied."""
    axes, xp = len(slide.size), point.xp
    source, target = tuple(point.inputs[0].shape), tuple(point.out.shape)

    def applied(move: Move, shape: Shape, result: Shape) -> Move:
        full = (1, *shape) if len(shape) == axes + 1 else shape
        return lambda stack: move(stack.reshape((len(stack), *full))).reshape((len(stack), *result))

    batch = source[0] if len(source) == axes + 2 else 1
    return Operator(
        xp,
        point.dtype,
        target,
        source,
        "toeplitz",
        pull=applied(pull, target, source),
        push=applied(push, source, target),
        stored_count=int(point.inputs[1].size),
        nonzero_count=batch * weights[0] * weights[1] * slide.nonzero,
    )


def _by_windows(point: Point, found: Array, count: int, *labels: Labels) -> Jacobian:
    """I ⊗ im2col: the windows are the entries. labels: of the result, of the argument and of the
    windows; count: how many channels these two have and the windows lack."""
    out, in_, value = labels
    sizes = {IN: count, OUT: count} | dict(zip(value, found.shape, strict=True))
    return labelled(point, 1, sizes, (out, in_, value), found)


def _by_bias(axes: int, point: Point) -> Jacobian:
    shape = tuple(point.out.shape)
    sizes = dict(enumerate((prod(shape[: -axes - 1]), *shape[-axes - 1 :])))
    return labelled(point, 2, sizes, (tuple(sizes), (1,), None), None)


def conv_jacobian(axes: int, point: Point, slot: int) -> Jacobian:
    if slot == 2:
        return _by_bias(axes, point)
    xp, (x, w) = point.xp, point.inputs[:2]
    slide = down(axes, shapes_of(x, w), point.attrs)
    if slot == 0:
        pull, push = (lambda g: slide.spread(xp, g, w)), (lambda t: slide.convolve(xp, t, w))
        return _operator(point, slide, pull, push, tuple(w.shape))
    found = slide.windows(xp, batched(x, axes))
    value = (BATCH, GROUP, IN, *slide.places, *slide.within)
    out, kernel = (BATCH, GROUP, OUT, *slide.places), (GROUP, OUT, IN, *slide.within)
    return _by_windows(point, found, w.shape[0] // slide.groups, out, kernel, value)


def up_jacobian(axes: int, point: Point, slot: int) -> Jacobian:
    if slot == 2:
        return _by_bias(axes, point)
    xp, (y, w) = point.xp, point.inputs[:2]
    slide = up(axes, shapes_of(y, w), point.attrs)
    if slot == 0:
        pull, push = (lambda g: slide.convolve(xp, g, w)), (lambda t: slide.spread(xp, t, w))
        return _operator(point, slide, pull, push, tuple(w.shape))
    found = slide.turned(xp, slide.far_windows(xp, batched(y, axes)))
    value = (BATCH, GROUP, OUT, *slide.places, *slide.within)
    out, kernel = (BATCH, GROUP, IN, *slide.places), (GROUP, OUT, IN, *slide.within)
    return _by_windows(point, found, w.shape[1], out, kernel, value)


def weight_jacobian(axes: int, point: Point, slot: int) -> Jacobian:
    xp, (x, y) = point.xp, point.inputs
    slide, shape = between(axes, shapes_of(x, y), point.attrs), tuple(point.out.shape)
    images = batched(y, axes)
    if slot == 0:
        return _weight_operator(point, slide, images)
    found = slide.windows(xp, batched(x, axes))
    value = (BATCH, GROUP, IN, *slide.places, *slide.within)
    kernel, in_ = (GROUP, OUT, IN, *slide.within), (BATCH, GROUP, OUT, *slide.places)
    return _by_windows(point, found, shape[0] // slide.groups, kernel, in_, value)


def _weight_operator(point: Point, slide: Sliding, y: Array) -> Jacobian:
    xp, axes, source = point.xp, len(slide.size), tuple(point.inputs[0].shape)
    full = (1, *source) if len(source) == axes + 1 else source
    return Operator(
        xp,
        point.dtype,
        tuple(point.out.shape),
        source,
        "toeplitz",
        pull=lambda g: slide.spread(xp, y, g).reshape((len(g), *source)),
        push=lambda t: slide.correlate(xp, t.reshape((len(t), *full)), y),
        stored_count=int(y.size),
        nonzero_count=full[0] * point.out.shape[0] * point.out.shape[1] * slide.nonzero,
    )


def _sum_over_images(axes: int, shape: Shape) -> str:
    kept = len(shape) - axes - 1
    return f"sum(g, axis={tuple(i for i in range(len(shape)) if i != kept)})"


def conv_vjp(axes: int, slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    extra, settings = down(axes, shapes, attrs).left_over, _settings(attrs)
    return (
        f"conv_transpose{axes}d(g, weight, output_padding={extra}, {settings})",
        f"conv{axes}d_weight(x, g, {shapes[1]}, {settings})",
        _sum_over_images(axes, shapes[0]),
    )[slot]


def up_vjp(axes: int, slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    settings = _settings(attrs)
    return (
        f"conv{axes}d(g, weight, {settings})",
        f"conv{axes}d_weight(g, x, {shapes[1]}, {settings})",
        _sum_over_images(axes, shapes[0]),
    )[slot]


def weight_vjp(axes: int, slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    extra, settings = between(axes, shapes, attrs).left_over, _settings(attrs)
    return (
        f"conv_transpose{axes}d(y, g, output_padding={extra}, {settings})",
        f"conv{axes}d(x, g, {settings})",
    )[slot]
