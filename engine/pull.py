"""The vjp of one op as ops again: what makes a backward pass differentiable.

The same rules that give the structured local Jacobian are replayed here onto a recorder: a graph
under construction (`differentiate`), or tensors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from engine.formula import COTANGENT, OUT, Recorder, formula, named, partial, weight
from engine.graph import Attributes, Shape
from engine.infer import subscript_sizes
from engine.ops import OPS, Op

__all__ = ["pull"]

Handle = TypeVar("Handle")


def pull(
    recorder: Recorder[Handle],
    op: Op,
    slot: int,
    inputs: Sequence[Handle],
    out: Handle,
    cotangent: Handle,
    shapes: Sequence[Shape],
    out_shape: Shape,
    attrs: Attributes,
) -> Handle | None:
    """Apply ops that compute x_bar = Jᵀ · out_bar for one argument; None where it is zero.

    inputs, out, cotangent: handles of the recorder. shapes: of the inputs. The result has the
    shape of the argument.
    """
    if op.partials:
        return _elementwise(recorder, op, slot, inputs, out, cotangent, shapes, out_shape, attrs)
    if op.subscripts is not None:
        return _multilinear(recorder, op, slot, inputs, cotangent, shapes, out_shape, attrs)
    if op.reduces is not None:
        return _merging(recorder, op, slot, inputs, out, cotangent, shapes, out_shape, attrs)
    names = tuple(op.argument(i) for i in range(len(inputs)))
    rule = formula(op.vjp(slot, shapes, out_shape, attrs), (*names, OUT, COTANGENT))
    return rule.replay(recorder, named(op, inputs, out) | {COTANGENT: cotangent})


def _elementwise(
    recorder: Recorder[Handle],
    op: Op,
    slot: int,
    inputs: Sequence[Handle],
    out: Handle,
    cotangent: Handle,
    shapes: Sequence[Shape],
    out_shape: Shape,
    attrs: Attributes,
) -> Handle | None:
    rule = partial(op, slot, attrs)
    if rule.constant == 0:
        return None
    if rule.constant == -1:
        pulled = recorder.op(OPS["neg"], (cotangent,), {})
    elif rule.constant == 1:
        pulled = cotangent
    else:
        factor = rule.replay(recorder, named(op, inputs, out))
        pulled = recorder.op(OPS["mul"], (cotangent, factor), {})
    if shapes[slot] != out_shape:
        pulled = recorder.op(OPS["sum_to"], (pulled,), {"shape": shapes[slot]})
    return pulled


def _multilinear(
    recorder: Recorder[Handle],
    op: Op,
    slot: int,
    inputs: Sequence[Handle],
    cotangent: Handle,
    shapes: Sequence[Shape],
    out_shape: Shape,
    attrs: Attributes,
) -> Handle:
    """Multiply by the other arguments, and spread along the letters only this argument has."""
    assert op.subscripts is not None
    sizes = subscript_sizes(op, shapes, attrs)
    sources, _, target = op.subscripts(shapes, attrs).partition("->")
    operands = sources.split(",")
    others = [(letters, inputs[i]) for i, letters in enumerate(operands) if i != slot]
    own = operands[slot]
    plain = tuple(sizes[letter] for letter in target)
    if plain != out_shape:
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
    recorder: Recorder[Handle],
    op: Op,
    slot: int,
    inputs: Sequence[Handle],
    out: Handle,
    cotangent: Handle,
    shapes: Sequence[Shape],
    out_shape: Shape,
    attrs: Attributes,
) -> Handle | None:
    """Spread the cotangent along the merged axes, times the weight of each entry."""
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
    factor = rule.replay(recorder, named(op, inputs, out))
    pulled = recorder.op(OPS["mul"], (cotangent, factor), {})
    if kept != space:
        pulled = recorder.op(OPS["broadcast_to"], (pulled,), {"shape": space})
    if shapes[slot] != space:
        pulled = recorder.op(OPS["sum_to"], (pulled,), {"shape": shapes[slot]})
    return pulled
