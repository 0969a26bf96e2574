"""Variance, standard deviation and norms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.reduction import Axis, along, count, merged_axes
from engine.ops.registry import define

__all__ = ["SIGN", "norm_of"]

SIGN = "((x > 0) - (x < 0))"
"""The sign of x, 0 at 0, which nothing flows through."""


def _axes(xp: Any, x: Array, axis: Axis) -> tuple[int, ...]:
    return tuple(sorted(merged_axes(x.shape, {"axis": axis})))


def _freedom(shape: Shape, attrs: Attributes) -> int:
    """Return the number of entries less `correction`, at least 0."""
    size = count(shape, merged_axes(shape, attrs))
    return max(size - int(attrs.get("correction", 1)), 0)


def _var(
    xp: Any, x: Array, axis: Axis = None, correction: int = 1, keepdims: bool = False
) -> Array:
    """Two passes: the squares are of deviations, so that a large mean costs no digits."""
    axes = _axes(xp, x, axis)
    size = xp.asarray(count(x.shape, set(axes)), dtype=x.dtype)
    deviation = x - xp.sum(x, axis=axes, keepdims=True) / size
    free = _freedom(x.shape, {"axis": axis, "correction": correction})
    squares = xp.sum(deviation * deviation, axis=axes, keepdims=keepdims)
    return squares / xp.asarray(free, dtype=x.dtype)


def _std(xp: Any, x: Array, **attrs: Any) -> Array:
    return xp.sqrt(_var(xp, x, **attrs))


def _deviation(shape: Shape, attrs: Attributes) -> str:
    return f"(x - mean(x, {tuple(sorted(merged_axes(shape, attrs)))}, True))"


def _var_weight(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    return f"2 * {_deviation(shapes[0], attrs)} / {_freedom(shapes[0], attrs)}"


def _std_weight(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """0 where all entries are equal, as PyTorch has it."""
    scale = f"({_freedom(shapes[0], attrs)} * where(out == 0, 1, out))"
    return f"(out != 0) * {_deviation(shapes[0], attrs)} / {scale}"


def _no_spread(xp: Any, x: Array, **attrs: Any) -> Any:
    return (_var(xp, x, **attrs) == 0).any()


def norm_of(
    xp: Any, x: Array, p: float | str = 2, axis: Axis = None, keepdims: bool = False
) -> Array:
    """Return the p-norm of the entries. Entries are divided by the largest before they are raised
    to a power, so that nothing overflows or vanishes."""
    size, axes = xp.abs(x), _axes(xp, x, axis)
    if p == 1 or not size.size:
        return xp.sum(size, axis=axes, keepdims=keepdims)
    largest = xp.max(size, axis=axes, keepdims=True)
    if p == "inf":
        return xp.max(size, axis=axes, keepdims=keepdims)
    scale = xp.where((largest > 0) & xp.isfinite(largest), largest, xp.ones_like(largest))
    scaled, power = size / scale, 2.0 if isinstance(p, str) else float(p)
    if power == 2:
        whole = xp.sqrt(xp.sum(scaled * scaled, axis=axes, keepdims=True)) * scale
    else:
        total = xp.sum(scaled**power, axis=axes, keepdims=True)
        whole = total ** (1 / power) * scale
    return whole if keepdims else whole.reshape(xp.sum(x, axis=axes).shape)


def _norm_weight(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    """PyTorch's conventions: 0 at the zero vector, and ties of the largest share evenly."""
    axes, p = tuple(sorted(merged_axes(shapes[0], attrs))), attrs.get("p", 2)
    safe = "where(out == 0, 1, out)"
    if p in (2, "fro"):
        return f"x / {safe}"
    if p == 1:
        return SIGN
    if p == "inf":
        equal = "((x == out) + (x == -out))"
        return f"{SIGN} * {equal} / sum({equal}, {axes}, True)"
    return f"{SIGN} * (x * {SIGN} / {safe}) ** {p - 1}"


def _norm_kink(
    xp: Any, x: Array, p: float | str = 2, axis: Axis = None, keepdims: bool = False
) -> Any:
    """|x| has none at 0; a p-norm has none where all entries are 0; the largest has none at
    ties."""
    size, axes = xp.abs(x), _axes(xp, x, axis)
    if not size.size:
        return False
    if p == 1:
        return (size == 0).any()
    largest = xp.max(size, axis=axes, keepdims=True)
    ties = (xp.sum(size == largest, axis=axes) > 1).any() if p == "inf" else False
    return ties | (largest == 0).any()


def norm_tex(p: Any, below: str = "") -> str:
    """Return the template of a norm. below: what else stands in the index."""
    usual = p in (2, "fro")
    name = {"inf": r"\infty"}.get(p, "" if usual else str(p))
    index = r",\, ".join(each for each in (name, below) if each)
    bars = r"\left\lVert {x} \right\rVert"
    return f"{bars}_{{{{{index}}}}}" if index else bars


def _norm_tex(ranks: Sequence[int], attrs: Attributes) -> str:
    axis = attrs["axis"]
    whole = "F" if ranks[0] > 1 and attrs["p"] in (2, "fro") else ""
    return norm_tex(attrs["p"], whole if axis is None else r"\text{{axis}}={axis}")


def _spread_tex(ranks: Sequence[int], attrs: Attributes) -> str:
    """The mean square of what is left of the entries beside their mean; n: how many they are."""
    below = "" if attrs["axis"] is None else r"_{{\text{{axis}}={axis}}}"
    less = int(attrs["correction"])
    count = f"n - {less}" if less else "n"
    mean = rf"\operatorname{{{{mean}}}}{below}\left({{x}}\right)"
    return rf"\frac{{{{1}}}}{{{{{count}}}}} \sum{below} \left({{x}} - {mean}\right)^2"


define(
    "var",
    "x",
    forward=_var,
    weights=_var_weight,
    reduces=along,
    attrs={"axis": None, "correction": 1, "keepdims": False},
    numpy_attrs={"correction": 0},
    flops=4,
    operands=(1,),
    binding=1,
    tex=_spread_tex,
    doc="Variance over all axes or `axis`: squares over n - correction, 1 as in PyTorch; `np.var` "
    "takes 0.",
)
define(
    "std",
    "x",
    forward=_std,
    weights=_std_weight,
    reduces=along,
    attrs={"axis": None, "correction": 1, "keepdims": False},
    numpy_attrs={"correction": 0},
    kink=_no_spread,
    guarded=True,
    flops=4,
    operands=(1,),
    tex=lambda ranks, attrs: rf"\sqrt{{{{{_spread_tex(ranks, attrs)}}}}}",
    doc="Standard deviation over all axes or `axis`; its derivative is 0 where entries are equal.",
)
define(
    "norm",
    "x",
    forward=norm_of,
    weights=_norm_weight,
    reduces=along,
    attrs={"p": 2, "axis": None, "keepdims": False},
    kink=_norm_kink,
    guarded=True,
    aliases=("vector_norm",),
    flops=4,
    tex=_norm_tex,
    doc="p-norm of the entries, over all axes or `axis`; p is 1, 2, inf or any number from 1 on.",
)
