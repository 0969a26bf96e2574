"""The vjp of one op as ops again: what makes a backward pass differentiable.

The same rules that give the structured local Jacobian are replayed here onto a recorder: a graph
under construction (`differentiate`), or tensors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from engine.formula import COTANGENT, OUT, Recorder, formula, named, partial, weight
from engine.graph import Attributes, Shape
from engine.infer import subscript_sizes
from engine.ops import OPS, Op

__all__ = ["Application", "pull"]

Handle = TypeVar("Handle")


class Application(NamedTuple, Generic[Handle]):
    """An op as it was applied. inputs, out: handles of the recorder. shapes: of the inputs."""

    op: Op
    inputs: Sequence[Handle]
    out: Handle
    shapes: Sequence[Shape]
    out_shape: Shape
    attrs: Attributes

    def named(self) -> dict[str, Handle]:
        """Return the handles by the names that rules use."""
        return named(self.op, self.inputs, self.out)


def pull(
    recorder: Recorder[Handle], applied: Application[Handle], slot: int, cotangent: Handle
) -> Handle | None:
    """Apply ops that compute x_bar = Jᵀ · out_bar for one argument; None where it is zero.

    The result has the shape of the argument.
    """
    op = applied.op
    if op.partials:
        return _elementwise(recorder, applied, slot, cotangent)
    if op.subscripts is not None:
        return _multilinear(recorder, applied, slot, cotangent)
    if op.reduces is not None:
        return _merging(recorder, applied, slot, cotangent)
    names = tuple(op.argument(i) for i in range(len(applied.inputs)))
    text = op.vjp(slot, applied.shapes, applied.out_shape, applied.attrs)
    rule = formula(text, (*names, OUT, COTANGENT))
    return rule.replay(recorder, applied.named() | {COTANGENT: cotangent})


def _elementwise(
    recorder: Recorder[Handle], applied: Application[Handle], slot: int, cotangent: Handle
) -> Handle | None:
    rule = partial(applied.op, slot, applied.attrs)
    if rule.constant == 0:
        return None
    if rule.constant == -1:
        pulled = recorder.op(OPS["neg"], (cotangent,), {})
    elif rule.constant == 1:
        pulled = cotangent
    else:
        factor = rule.replay(recorder, applied.named())
        pulled = recorder.op(OPS["mul"], (cotangent, factor), {})
        if applied.op.gate:
            pulled = recorder.op(OPS["where"], (factor, pulled, recorder.const(0.0)), {})
    if applied.shapes[slot] != applied.out_shape:
        pulled = recorder.op(OPS["sum_to"], (pulled,), {"shape": applied.shapes[slot]})
    return pulled


def _multilinear(
    recorder: Recorder[Handle], applied: Application[Handle], slot: int, cotangent: Handle
) -> Handle:
    """Multiply by the other arguments, and spread along the letters only this argument has."""
    op, inputs, shapes = applied.op, applied.inputs, applied.shapes
    assert op.subscripts is not None
    sizes = subscript_sizes(op, shapes, applied.attrs)
    sources, _, target = op.subscripts(shapes, applied.attrs).partition("->")
    operands = sources.split(",")
    others = [(letters, inputs[i]) for i, letters in enumerate(operands) if i != slot]
    own = operands[slot]
    plain = tuple(sizes[letter] for letter in target)
    if plain != applied.out_shape:
        cotangent = recorder.op(OPS["reshape"], (cotangent,), {"shape": plain})
    known = "".join(c for c in own if c in target or any(c in letters for letters, _ in others))
    if others or known != target:
        subscripts = ",".join([target, *(letters for letters, _ in others)]) + f"->{known}"
        handles = (cotangent, *(handle for _, handle in others))
        cotangent = recorder.op(OPS["einsum"], handles, {"subscripts": subscripts})
    if known != own:
        spread = tuple(sizes[c] if c in known else 1 for c in own)
        cotangent = recorder.op(OPS["reshape"], (cotangent,), {"shape": spread})
        cotangent = recorder.op(OPS["broadcast_to"], (cotangent,), {"shape": shapes[slot]})
    return cotangent


def _merging(
    recorder: Recorder[Handle], applied: Application[Handle], slot: int, cotangent: Handle
) -> Handle | None:
    """Spread the cotangent along the merged axes, times the weight of each entry."""
    op, _, out, shapes, out_shape, attrs = applied
    assert op.reduces is not None
    rule = weight(op, slot, shapes, attrs)
    if rule.constant == 0:
        return None
    space, merged = op.reduces(shapes, {**op.attrs, **attrs})
    kept = tuple(1 if axis in merged else size for axis, size in enumerate(space))
    if kept != out_shape:
        cotangent = recorder.op(OPS["reshape"], (cotangent,), {"shape": kept})
        if any(name == OUT for _, name in rule.used):
            out = recorder.op(OPS["reshape"], (out,), {"shape": kept})
    factor = rule.replay(recorder, named(op, applied.inputs, out))
    pulled = recorder.op(OPS["mul"], (cotangent, factor), {})
    if kept != space:
        pulled = recorder.op(OPS["broadcast_to"], (pulled,), {"shape": space})
    if shapes[slot] != space:
        pulled = recorder.op(OPS["sum_to"], (pulled,), {"shape": shapes[slot]})
    return pulled
