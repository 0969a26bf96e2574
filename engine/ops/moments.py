r"""What normalisations share: entries less their mean over their spread, and the derivatives.

The local Jacobian by x is a diagonal less two rank-one blocks, (I - 1 1ᵀ/n - h hᵀ/n) / s with h
the normalised entries and s their spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from engine.backend import Array
from engine.graph import Shape
from engine.jacobians.jacobian import Jacobian, Labelled
from engine.jacobians.pattern import Pattern, axis_labels
from engine.jacobians.structures import DiagonalLowRank
from engine.ops.notation import blocks, several, spread
from engine.ops.registry import Misfit, Point

__all__ = [
    "Plan",
    "by_input",
    "by_parameter",
    "checked",
    "input_vjp",
    "meet",
    "normal",
    "parameter",
    "standard",
    "standard_tex",
    "sum_vjp",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """Over what a normalisation runs.

    view: the shape under which x is normalised; axes: of the view; place: the shape that w and b
    take to meet x; parameter: the shape in which they are given. centred: whether the mean is
    taken off.
    """

    view: Shape
    axes: tuple[int, ...]
    place: Shape
    parameter: Shape
    centred: bool = True

    @property
    def size(self) -> int:
        """How many entries are normalised together."""
        return prod(self.view[axis] for axis in self.axes)


def standard_tex(plan: Plan, in_shape: Shape, out_shape: Shape) -> tuple[str, str, str]:
    """Return the local Jacobians by x, by weight and by bias. in_shape: of the parameter; the
    normalised entries wear a hat."""
    hat, n = r"\widehat{{{x}}}", plan.size
    ones = rf" - \frac{{{{1}}}}{{{{{n}}}}} \mathbf{{{{1}}}} \, \mathbf{{{{1}}}}^T" * plan.centred
    spread_of = r"\operatorname{{var}}\left({x}\right)"
    if not plan.centred:
        spread_of = r"\operatorname{{mean}}\left({{{x}}}^2\right)"
    least = rf"I{ones} - \frac{{{{1}}}}{{{{{n}}}}} {hat} \, {{{{{hat}}}}}^T"
    block = rf"\frac{{{{1}}}}{{{{\sqrt{{{{{spread_of} + \varepsilon}}}}}}}} \left({least}\right)"
    many = several(plan.view, plan.axes)
    scale = r"\operatorname{{diag}}\left({weight}\right) \, "
    over = spread(in_shape, out_shape, plan.place)
    wide = rf"\left({over}\right)" if "otimes" in over else over
    times = "" if over == "I" else rf" \, {wide}"
    by_weight = rf"\operatorname{{{{diag}}}}\left({hat}\right){times}"
    return scale + blocks(block, "x", many), by_weight, over


def checked(op: str, plan: Plan, names: Sequence[str], shapes: Sequence[Shape]) -> None:
    """Raises Misfit where a parameter has another shape than it must; a number always fits."""
    for name, shape in zip(names, shapes, strict=True):
        if shape not in ((), plan.parameter):
            given, expected = str(shape), str(plan.parameter)
            raise Misfit("shape.parameter", op=op, name=name, given=given, expected=expected)
    if not plan.size:
        raise Misfit("shape.empty", op=op, shape=str(plan.view))


def meet(array: Array, place: Shape) -> Array:
    """Give w or b the shape in which it broadcasts to x; a number does so already."""
    return array.reshape(place) if array.ndim else array


def _moments(xp: Any, x: Array, plan: Plan, eps: float) -> tuple[Array, Array]:
    """Return the entries less their mean, under the view, and one over their spread."""
    seen = x.reshape(plan.view)
    size = xp.asarray(plan.size, dtype=x.dtype)
    if plan.centred:
        seen = seen - xp.sum(seen, axis=plan.axes, keepdims=True) / size
    square = xp.sum(seen * seen, axis=plan.axes, keepdims=True) / size
    return seen, 1 / xp.sqrt(square + xp.asarray(eps, dtype=x.dtype))


def standard(xp: Any, x: Array, plan: Plan, eps: float) -> Array:
    seen, inverse = _moments(xp, x, plan, eps)
    return (seen * inverse).reshape(x.shape)


def by_input(point: Point, plan: Plan, eps: float, weight: Array) -> Jacobian:
    """diag(w / s) - (w / s n) 1ᵀ - (w h / s n) hᵀ over each block."""
    xp, x = point.xp, point.inputs[0]
    seen, inverse = _moments(xp, x, plan, eps)
    entries = seen * inverse
    scale = meet(weight, plan.place)
    if plan.view != x.shape:
        scale = xp.broadcast_to(scale, x.shape).reshape(plan.view)
    spread = scale * inverse
    share = spread / xp.asarray(plan.size, dtype=x.dtype)
    pairs = [(share * entries, entries)]
    if plan.centred:
        pairs.insert(0, (share, xp.ones((), dtype=x.dtype)))
    shape = tuple(x.shape)
    return DiagonalLowRank(xp, point.dtype, shape, shape, plan.axes, spread, pairs, plan.view)


def by_parameter(point: Point, slot: int, plan: Plan, entries: Array | None) -> Jacobian:
    """w and b act entry by entry: a diagonal, stretched over the axes they lack."""
    xp, shape, given = point.xp, tuple(point.inputs[0].shape), tuple(point.inputs[slot].shape)
    sizes = dict(enumerate(shape))
    place = plan.place if given else ()
    out = axis_labels(shape, sizes)
    in_ = axis_labels(place, range(len(shape) - len(place), len(shape)))
    pattern = Pattern.of(out, in_, None if entries is None else out, sizes)
    value = None if entries is None else entries.reshape([sizes[label] for label in out])
    return Labelled(xp, point.dtype, shape, given, pattern, value)


def normal(plan: Plan, shape: Shape, eps: float) -> tuple[str, str]:
    """Return the normalised entries and one over their spread, in our language, under the view."""
    seen = "x" if plan.view == shape else f"reshape(x, {plan.view})"
    if plan.centred:
        inverse = f"(var({seen}, {plan.axes}, 0, True) + {eps}) ** -0.5"
        return f"(({seen} - mean({seen}, {plan.axes}, True)) * {inverse})", inverse
    inverse = f"(mean({seen} ** 2, {plan.axes}, True) + {eps}) ** -0.5"
    return f"({seen} * {inverse})", inverse


def parameter(name: str, shape: Shape, place: Shape) -> str:
    return f"reshape({name}, {place})" if shape else name


def input_vjp(plan: Plan, shape: Shape, eps: float, weight: str) -> str:
    entries, inverse = normal(plan, shape, eps)
    own = f"(g * {weight})" if plan.view == shape else f"reshape(g * {weight}, {plan.view})"
    inner = f"{entries} * mean({own} * {entries}, {plan.axes}, True)"
    centre = f" - mean({own}, {plan.axes}, True)" if plan.centred else ""
    return f"reshape(({own}{centre} - {inner}) * {inverse}, {shape})"


def sum_vjp(text: str, shape: Shape, place: Shape) -> str:
    """Sum a cotangent over the axes that a parameter was stretched along."""
    return f"reshape(sum_to({text}, {place if shape else ()}), {shape})"
