"""Targets of a loss that name a class of each row, or give each class a probability: which entries
they mean, and what each row counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.loss import refuse
from engine.ops.registry import Misfit

__all__ = ["across", "along", "class_axis", "divisor", "picked", "reduces", "rest"]
__all__ += ["result_shape", "row_counts"]


def class_axis(shape: Shape) -> int:
    """Classes lie along axis 1, after the batch; along axis 0 of a single row."""
    return 0 if len(shape) < 2 else 1


def rest(shape: Shape) -> Shape:
    """Return the shape without the axis of classes."""
    axis = class_axis(shape)
    return shape[:axis] + shape[axis + 1 :]


def _check(op: str, shapes: Sequence[Shape], attrs: Attributes) -> None:
    """Raises Misfit where the target fits neither as classes nor as probabilities, or a weight is
    not one for each class."""
    shape, target = shapes[:2]
    named = bool(shape) and target == rest(shape)
    if not named and (op == "nll_loss" or target != shape or not shape):
        given = {"target": str(target), "shape": str(shape), "expected": str(rest(shape))}
        raise Misfit("shape.target", op=op, **given)
    classes = shape[class_axis(shape)]
    if not classes:
        raise Misfit("shape.empty", op=op, shape=str(shape))
    if shapes[2:] and shapes[2] != (classes,):
        raise Misfit("shape.classes", op=op, weight=str(shapes[2]), expected=str((classes,)))
    if attrs.get("reduction", "mean") == "batchmean":
        raise refuse(op, "reduction", "batchmean", "It must be one of mean, sum, none.")
    smoothing = attrs.get("label_smoothing", 0.0)
    if not 0 <= smoothing <= 1:
        raise refuse(op, "label_smoothing", smoothing, "It must be between 0 and 1.")
    if not named and attrs.get("ignore_index") is not None:
        raise refuse(op, "ignore_index", attrs["ignore_index"], "The target holds probabilities.")


def reduces(op: str, shapes: Sequence[Shape], attrs: Attributes) -> tuple[Shape, set[int]]:
    _check(op, shapes, attrs)
    shape, each = shapes[0], attrs.get("reduction", "mean") == "none"
    return shape, {class_axis(shape)} if each else set(range(len(shape)))


def result_shape(op: str, shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    _check(op, shapes, attrs)
    return rest(shapes[0]) if attrs.get("reduction", "mean") == "none" else ()


def _classes(xp: Any, target: Array, count: int, ignored: int | None) -> Array:
    """Return the target as indices, 0 in rows that are ignored. Raises Misfit for one that is no
    class."""
    if ignored is not None:
        target = xp.where(target == ignored, 0, target)
    unfit = ~((target >= 0) & (target <= count - 1) & (target == xp.floor(target)))
    if bool(unfit.any()):
        value = float(target[unfit].ravel()[0])
        raise Misfit("value.class", value=f"{value:g}", last=count - 1)
    return target.astype(int)


def picked(xp: Any, array: Array, target: Array, ignored: int | None) -> Array:
    """Return the entry of the target's class in each row."""
    axis = class_axis(array.shape)
    index = xp.expand_dims(_classes(xp, target, array.shape[axis], ignored), axis)
    return xp.take_along_axis(array, index, axis=axis).reshape(target.shape)


def row_counts(
    xp: Any, shape: Shape, target: Array, weight: Array | None, ignored: int | None
) -> Array | None:
    """Return what each row counts: the weight of its class, 0 where it is ignored; None for 1."""
    if weight is None and ignored is None:
        return None
    kept = xp.asarray(True) if ignored is None else target != ignored
    if weight is None:
        return kept.astype(float)
    return kept * weight[_classes(xp, target, shape[class_axis(shape)], ignored)]


def divisor(counts: Array | None, entries: Array) -> Any:
    """Return what the mean divides by."""
    return entries.size if counts is None else counts.sum()


def along(shape: Shape) -> Shape:
    """Return the shape in which one number for each class meets the scores."""
    axis = class_axis(shape)
    return tuple(size if at == axis else 1 for at, size in enumerate(shape))


def across(shape: Shape) -> Shape:
    """Return the shape in which one number for each row meets the scores."""
    axis = class_axis(shape)
    return tuple(1 if at == axis else size for at, size in enumerate(shape))
