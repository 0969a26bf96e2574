"""The settings of convolutions, read and checked: how the kernel slides in each of them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit
from engine.ops.sliding import Sliding, per_axis, unfit

__all__ = ["batched", "between", "down", "image", "shapes_of", "up"]


def image(like: Shape, channels: int, size: Shape) -> Shape:
    """A shape with these channels and this size, with a batch where `like` has one."""
    return (*like[: len(like) - len(size) - 1], channels, *size)


def batched(array: Array, axes: int) -> Array:
    return array.reshape((1, *array.shape)) if array.ndim == axes + 1 else array


def _check(axes: int, op: str, shapes: Sequence[Shape], groups: int, channels: int) -> None:
    """Raise Misfit unless x has a channel for each entry of w's first or second axis."""
    x, w = shapes[:2]
    fits = len(x) in (axes + 1, axes + 2) and len(w) == axes + 2 and groups >= 1
    first = fits and w[0] % groups == 0 and min(w) >= 1
    if not first or x[-axes - 1] != (w[0] if channels == 0 else w[1] * groups):
        raise Misfit("shape.channels", op=op, left=str(x), right=str(w))
    out = w[0] if channels else w[1] * groups
    if len(shapes) > 2 and shapes[2] != (out,):
        raise Misfit("shape.channels", op=op, left=str(shapes[2]), right=str(w))


def down(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> Sliding:
    """How the kernel of a convolution slides. Raises Misfit where it cannot."""
    op, groups = f"conv{axes}d", attrs.get("groups", 1)
    _check(axes, op, shapes, groups, 1)
    x, w = shapes[:2]
    return Sliding.over(op, x[-axes:], w[2:], attrs, groups)


def up(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> Sliding:
    """The convolution whose transpose this is. Raises Misfit where there is none."""
    op, groups = f"conv_transpose{axes}d", attrs.get("groups", 1)
    _check(axes, op, shapes, groups, 0)
    count, kernel = shapes[0][-axes:], shapes[1][2:]
    misfit = unfit(op, count, kernel, attrs)
    extra = per_axis(attrs.get("output_padding", 0), axes, 0, misfit)
    stride = per_axis(attrs.get("stride", 1), axes, 1, misfit)
    dilation = per_axis(attrs.get("dilation", 1), axes, 1, misfit)
    reach = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
    padding = attrs.get("padding", 0)
    borders = reach if padding == "same" else [0] * axes
    if not isinstance(padding, str):
        borders = [2 * each for each in per_axis(padding, axes, 0, misfit)]
    parts = zip(count, stride, reach, borders, extra, strict=True)
    size = tuple((p - 1) * s + r + 1 - b + e for p, s, r, b, e in parts)
    found = Sliding.over(op, size, kernel, attrs, groups) if min(size) > 0 else None
    if found is None or found.count != count:
        raise misfit
    return found


def between(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> Sliding:
    """How the kernel slides whose gradient is asked for. shapes: of x and of y."""
    x, y = shapes
    asked = attrs["shape"]
    w = (asked,) if isinstance(asked, int) else tuple(asked)
    slide = down(axes, [x, w], attrs)
    if y != image(x, w[0], slide.count):
        raise Misfit("shape.channels", op=f"conv{axes}d_weight", left=str(x), right=str(y))
    return slide


def shapes_of(*arrays: Array) -> list[Shape]:
    return [tuple(each.shape) for each in arrays]
