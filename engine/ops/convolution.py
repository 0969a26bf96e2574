"""Convolutions over one and two axes and their transposes, with PyTorch's names and arguments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial as bind
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.convolution_rules import (
    CONV,
    conv_jacobian,
    conv_vjp,
    up_jacobian,
    up_vjp,
    weight_jacobian,
    weight_vjp,
)
from engine.ops.kernels import batched, between, down, image, shapes_of, up
from engine.ops.registry import define
from engine.ops.sliding import Sliding

_TRANSPOSED = {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1}


def _conv_shape(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    slide = down(axes, shapes, attrs)
    slide.check_work(prod(shapes[0][:-axes]), slide.count)
    return image(shapes[0], shapes[1][0], slide.count)


def _up_shape(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    slide = up(axes, shapes, attrs)
    slide.check_work(prod(shapes[0][:-axes]), slide.size)
    return image(shapes[0], shapes[1][1] * slide.groups, slide.size)


def _weight_shape(axes: int, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    slide = between(axes, shapes, attrs)
    slide.check_work(prod(shapes[0][:-axes]), slide.count)
    return tuple(attrs["shape"])


def _biased(y: Array, bias: Array | None, x: Array, axes: int) -> Array:
    y = y if bias is None else y + bias.reshape((-1, *(1,) * axes))
    return y[0] if x.ndim == axes + 1 else y


def _conv(axes: int, xp: Any, x: Array, weight: Array, bias: Any = None, **attrs: Any) -> Array:
    slide = down(axes, shapes_of(x, weight), attrs)
    return _biased(slide.convolve(xp, batched(x, axes), weight), bias, x, axes)


def _conv_up(axes: int, xp: Any, x: Array, weight: Array, bias: Any = None, **attrs: Any) -> Array:
    slide = up(axes, shapes_of(x, weight), attrs)
    return _biased(slide.spread(xp, batched(x, axes), weight), bias, x, axes)


def _conv_weight(axes: int, xp: Any, x: Array, y: Array, **attrs: Any) -> Array:
    slide = between(axes, shapes_of(x, y), attrs)
    return slide.correlate(xp, batched(x, axes), batched(y, axes))


def _flops(axes: int, rule: Any, shapes: Sequence[Shape], attrs: Attributes) -> int:
    slide: Sliding = rule(axes, shapes, attrs)
    weights = tuple(attrs["shape"]) if "shape" in attrs else shapes[1]
    return 2 * prod(shapes[0][: -axes - 1]) * prod(weights) * prod(slide.count)


def _conv_tex(
    by_input: str, order: str, in_shape: Shape, out_shape: Shape, attrs: Attributes
) -> tuple[str, str, str]:
    """T_w is the Toeplitz matrix of the weight; im2col(x) has a row for each place."""
    rows = out_shape[0]
    block = r"I \otimes \operatorname{{im2col}}\left({x}\right)"
    block = rf"\left({block}\right) \, {order}" if order else block
    if rows > 1:
        block = block.replace("{x}", "{x}_{{n}}")
        block = rf"\left[{block}\right]_{{{{n = 1, \ldots, {rows}}}}}"
    ones = r"I \otimes \mathbf{{1}}"
    return by_input, block, (r"\mathbf{{1}} \otimes " if rows > 1 else "") + ones


_SHARED: dict[str, Any] = {"optional": 1, "operands": (3, 3, 1), "binding": 1}

for axes in (1, 2):
    stacked = "stack([a, b])" if axes == 1 else "unsqueeze(stack([a, b]), 0)"
    weight = (2, 2, 1) if axes == 1 else (2, 2, 1, 1)
    weights = stacked if axes == 1 else "unsqueeze(stack([a, b]), 1)"
    over = "one axis" if axes == 1 else "two axes"
    define(
        f"conv{axes}d",
        "x weight bias",
        forward=bind(_conv, axes),
        jacobian=bind(conv_jacobian, axes),
        vjps=bind(conv_vjp, axes),
        shape=bind(_conv_shape, axes),
        flops=bind(_flops, axes, down),
        attrs=CONV,
        example=f"conv{axes}d({stacked}, {stacked}, padding=1)",
        jacobian_tex=bind(_conv_tex, r"T_{{{weight}}}", ""),
        tex=lambda ranks, attrs: r"{x} \star {weight}" + " + {bias}" * (len(ranks) == 3),
        doc=f"Cross-correlation over {over}: x is (batch, channels, …), weight (out, in, …).",
        **_SHARED,
    )
    define(
        f"conv_transpose{axes}d",
        "x weight bias",
        forward=bind(_conv_up, axes),
        jacobian=bind(up_jacobian, axes),
        vjps=bind(up_vjp, axes),
        shape=bind(_up_shape, axes),
        flops=bind(_flops, axes, up),
        attrs=_TRANSPOSED,
        example=f"conv_transpose{axes}d({stacked}, {weights})",
        jacobian_tex=bind(_conv_tex, r"T_{{{weight}}}^T", "K"),
        tex=lambda ranks, attrs: r"{x} \star^T {weight}" + " + {bias}" * (len(ranks) == 3),
        doc=f"Transposed convolution over {over}: the derivative of `conv{axes}d` by its input.",
        **_SHARED,
    )
    define(
        f"conv{axes}d_weight",
        "x y",
        forward=bind(_conv_weight, axes),
        jacobian=bind(weight_jacobian, axes),
        vjps=bind(weight_vjp, axes),
        shape=bind(_weight_shape, axes),
        flops=bind(_flops, axes, between),
        attrs={"shape": ..., **CONV},
        example=f"conv{axes}d_weight({stacked}, {stacked}, {weight})",
        jacobian_tex=(r"T_{{{y}}}", r"T_{{{x}}}"),
        tex=r"\operatorname{{correlate}}\left({x},\, {y}\right)",
        doc=f"Correlation of x with y: what y sends back to the weight of `conv{axes}d`.",
    )
