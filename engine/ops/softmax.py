"""Softmax and its kin, and vectors of length one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial as bind
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.jacobians.structures import DiagonalLowRank
from engine.ops.notation import blocks, several
from engine.ops.reduction import Axis, merged_axes
from engine.ops.registry import Point, define
from engine.ops.statistics import SIGN, norm_of, norm_tex

_DIAGONAL, _OUTER = r"\operatorname{{diag}}\left({out}\right)", r"{out} \, {{{out}}}^T"

__all__ = ["log_softmax", "softmax"]


def _same_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    merged_axes(shapes[0], {"axis": -1, **attrs})
    return shapes[0]


def softmax(xp: Any, x: Array, axis: Axis = -1) -> Array:
    """Take the largest entry out, so that nothing overflows."""
    if not x.size:
        return x
    grown = x - x.max(axis=axis, keepdims=True)
    grown = xp.exp(grown, out=grown) if x.shape else xp.exp(grown)
    grown /= grown.sum(axis=axis, keepdims=True)
    return grown


def log_softmax(xp: Any, x: Array, axis: Axis = -1) -> Array:
    """The logarithm without forming what it is taken of, which may vanish."""
    if not x.size:
        return x
    shifted = x - xp.max(x, axis=axis, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))


def _blocks(
    point: Point, axes: set[int], diagonal: Array, pairs: Sequence[tuple[Array, Array]]
) -> Jacobian:
    """Blocks diag(d) - u vᵀ over `axes`, in the shape of the first argument."""
    shape, along = tuple(point.inputs[0].shape), tuple(sorted(axes))
    return DiagonalLowRank(point.xp, point.dtype, shape, shape, along, diagonal, pairs)


def _axes(point: Point) -> set[int]:
    return merged_axes(point.out.shape, {"axis": -1, **point.attrs})


def _log_softmax_jacobian(point: Point, slot: int) -> Jacobian:
    one = point.xp.ones((), dtype=point.dtype)
    return _blocks(point, _axes(point), one, [(one, point.xp.exp(point.out))])


def _normal_axes(shape: Shape, attrs: Attributes) -> set[int]:
    """PyTorch's default is axis 1; a vector has only one."""
    axis = attrs.get("axis", 1)
    return merged_axes(shape, {"axis": 0 if axis == 1 and len(shape) == 1 else axis})


def _normal_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    _normal_axes(shapes[0], attrs)
    return shapes[0]


def _length(xp: Any, x: Array, attrs: Attributes) -> Array:
    axes = tuple(sorted(_normal_axes(x.shape, attrs)))
    return norm_of(xp, x, attrs.get("p", 2), axes, True)


def _normalize(xp: Any, x: Array, **attrs: Any) -> Array:
    eps = xp.asarray(attrs.get("eps", 1e-12), dtype=x.dtype)
    return x / xp.maximum(_length(xp, x, attrs), eps)


def _normalize_jacobian(point: Point, slot: int) -> Jacobian:
    r"""(I - y wᵀ) / ‖x‖, with w the derivative of the norm; I / eps below eps."""
    xp, x, attrs = point.xp, point.inputs[0], point.attrs
    axes, eps = _normal_axes(x.shape, attrs), attrs.get("eps", 1e-12)
    length, p = _length(xp, x, attrs), attrs.get("p", 2)
    safe = xp.where(length > eps, length, xp.ones_like(length) * eps)
    size = xp.abs(x) / safe
    if p == "inf":
        equal = xp.abs(x) == length
        slope = equal / xp.sum(equal, axis=tuple(sorted(axes)), keepdims=True)
    else:
        slope = size ** ((2 if p == "fro" else p) - 1)
    slope = xp.where(length > eps, xp.sign(x) * slope, 0).astype(point.dtype)
    return _blocks(point, axes, 1 / safe, [(point.out / safe, slope)])


def _normalize_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    axes = tuple(sorted(_normal_axes(shapes[0], attrs)))
    p, eps = attrs.get("p", 2), attrs.get("eps", 1e-12)
    length = f"norm(x, {p!r}, {axes}, True)"
    safe = f"where({length} > {eps}, {length}, {eps})"
    if p in (2, "fro"):
        slope = "out"
    elif p == "inf":
        equal = f"((x == {length}) + (x == -{length}))"
        slope = f"{SIGN} * {equal} / sum({equal}, {axes}, True)"
    else:
        slope = SIGN if p == 1 else f"{SIGN} * (x * {SIGN} / {safe}) ** {p - 1}"
    inner = f"sum(g * out, {axes}, True)"
    return f"(g - ({length} > {eps}) * {slope} * {inner}) / {safe}"


def _block_tex(block: str, in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    many = several(out_shape, merged_axes(out_shape, {"axis": attrs["axis"]}))
    return (blocks(block, "out x", many),)


def _normalize_jacobian_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str]:
    p = attrs["p"]
    slope = {2: "{out}", "fro": "{out}", 1: r"\operatorname{{sign}}\left({x}\right)"}.get(
        p, rf"\left(\nabla {norm_tex(p)}\right)"
    )
    block = rf"\frac{{{{1}}}}{{{{{norm_tex(p)}}}}} \left(I - {{out}} \, {{{{{slope}}}}}^T\right)"
    return (blocks(block, "out x", several(in_shape, _normal_axes(in_shape, attrs))),)


def _normalize_kink(xp: Any, x: Array, **attrs: Any) -> Any:
    return (_length(xp, x, attrs) <= attrs.get("eps", 1e-12)).any()


define(
    "softmax",
    "x",
    forward=softmax,
    jacobian=lambda point, slot: _blocks(point, _axes(point), point.out, [(point.out, point.out)]),
    vjps=("out * (g - sum(g * out, {axis}, True))",),
    shape=_same_shape,
    attrs={"axis": -1},
    flops=15,
    jacobian_tex=bind(_block_tex, rf"{_DIAGONAL} - {_OUTER}"),
    tex=r"\operatorname{{softmax}}\left({x}\right)",
    doc="Exponentials divided by their sum along `axis`, the last by default, without overflow.",
)
define(
    "softmin",
    "x",
    forward=lambda xp, x, axis=-1: softmax(xp, -x, axis),
    jacobian=lambda point, slot: _blocks(
        point, _axes(point), -point.out, [(-point.out, point.out)]
    ),
    vjps=("-(out * (g - sum(g * out, {axis}, True)))",),
    shape=_same_shape,
    attrs={"axis": -1},
    flops=15,
    jacobian_tex=bind(_block_tex, rf"{_OUTER} - {_DIAGONAL}"),
    tex=r"\operatorname{{softmin}}\left({x}\right)",
    doc="Softmax of the opposite: the smallest entries weigh most.",
)
define(
    "log_softmax",
    "x",
    forward=log_softmax,
    jacobian=_log_softmax_jacobian,
    vjps=("g - exp(out) * sum(g, {axis}, True)",),
    shape=_same_shape,
    attrs={"axis": -1},
    flops=15,
    jacobian_tex=bind(
        _block_tex, r"I - \mathbf{{1}} \, {{\operatorname{{softmax}}\left({x}\right)}}^T"
    ),
    tex=r"\operatorname{{log\,softmax}}\left({x}\right)",
    doc="Logarithm of softmax along `axis`, the last by default, without overflow.",
)
define(
    "normalize",
    "x",
    forward=_normalize,
    jacobian=_normalize_jacobian,
    vjps=_normalize_vjp,
    shape=_normal_shape,
    attrs={"p": 2, "axis": 1, "eps": 1e-12},
    kink=_normalize_kink,
    flops=6,
    jacobian_tex=_normalize_jacobian_tex,
    tex=lambda ranks, attrs: rf"\frac{{{{{{x}}}}}}{{{{{norm_tex(attrs['p'])}}}}}",
    doc="x divided by its p-norm along `axis`, but at least by eps; PyTorch's default axis is 1.",
)
