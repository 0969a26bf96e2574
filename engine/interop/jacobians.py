"""Local Jacobians of a call of PyTorch, by PyTorch: one vjp for each entry of the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import torch
from torch.utils._pytree import tree_flatten, tree_map

from engine.errors import LimitError, OptionError
from engine.graph import Shape
from engine.interop.tape import Value

__all__ = ["Attempt", "array", "by_nodes", "by_rerun", "is_tensor", "pulled", "version"]

_ENTRIES = 2**22

Source = tuple[Any, int]
"""A step of the backward pass, and which of the results it belongs to it is sent for."""


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor of PyTorch."""
    return isinstance(value, torch.Tensor)


def array(tensor: Any) -> Value:
    """Return the entries of a tensor, as they are now. Raises OptionError for complex ones, and for
    a tensor whose entries do not lie in memory: sparse, on the device meta, inside `vmap`."""
    if tensor.is_complex():
        raise OptionError("interop.dtype", dtype=str(tensor.dtype))
    try:
        return np.array(tensor.detach().cpu().to(torch.float64).numpy())
    except (RuntimeError, TypeError) as error:
        reason = str(error).split(". ", 1)[0].rstrip(".")
        raise OptionError("interop.entries", reason=reason) from None


def version(tensor: Any) -> int:
    """Return how often a tensor was changed in place; of an inference tensor nobody counts."""
    return 0 if tensor.is_inference() else int(tensor._version)


def _itself(tensor: Any) -> Any:
    return tensor


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that can be made again: copies of its tensors by `id`, those of them that require
    grad, and the state of the random numbers before it."""

    func: Any
    name: str
    args: Any
    kwargs: Mapping[str, Any]
    copies: Mapping[int, Any]
    differentiated: frozenset[int]
    state: Any

    @staticmethod
    def before(func: Any, name: str, args: Any, kwargs: Mapping[str, Any]) -> Attempt:
        """Take down a call that is about to be made."""
        tensors = [each for each in tree_flatten((args, kwargs))[0] if is_tensor(each)]
        copies = {id(each): each.detach().clone() for each in tensors}
        grads = frozenset(id(each) for each in tensors if each.requires_grad)
        return Attempt(func, name, args, kwargs, copies, grads, torch.get_rng_state())

    def again(self) -> tuple[dict[int, Any], list[Any]]:
        """Make the call on copies: the copies that are differentiated by, and the results."""
        leaves = {key: self.copies[key].clone().requires_grad_() for key in self.differentiated}

        def copied(value: Any) -> Any:
            if not is_tensor(value):
                return value
            return leaves.get(id(value), self.copies[id(value)]).clone()

        hooks = torch.autograd.graph.saved_tensors_hooks(_itself, _itself)
        with torch.random.fork_rng(devices=[]), torch.enable_grad(), hooks:  # not the user's own
            torch.set_rng_state(self.state)
            args, kwargs = tree_map(copied, (self.args, dict(self.kwargs)))
            found = self.func(*args, **kwargs)
        return leaves, [each for each in tree_flatten(found)[0] if is_tensor(each)]


def pulled(attempt: Attempt, weights: Sequence[Value]) -> list[dict[int, Value]]:
    """Return for each result the gradients by the copies, its entries weighted by `weights`."""
    leaves, outs = attempt.again()
    return [
        _gradients(out, leaves, torch.tensor(weight, dtype=out.dtype)) if out.requires_grad else {}
        for out, weight in zip(outs, weights, strict=True)
    ]


def _gradients(out: Any, leaves: Mapping[int, Any], cotangent: Any) -> dict[int, Value]:
    cotangent = cotangent.to(out.device).reshape(out.shape)
    found = torch.autograd.grad(
        out, list(leaves.values()), cotangent, retain_graph=True, allow_unused=True
    )
    return {
        key: np.zeros(tuple(leaf.shape)) if gradient is None else array(gradient)
        for (key, leaf), gradient in zip(leaves.items(), found, strict=True)
    }


def by_rerun(attempt: Attempt, place: int, value: Value) -> dict[int, Value]:
    """Return the local Jacobians of result number `place` by each copy. value: what it was.

    Raises OptionError where the call gives something else this time, LimitError.
    """
    leaves, outs = attempt.again()
    out = outs[place]
    if not np.array_equal(array(out), value, equal_nan=True):
        raise OptionError("interop.twice", op=attempt.name)
    _check_size(attempt.name, value.shape, [tuple(leaf.shape) for leaf in leaves.values()])
    rows = [_gradients(out, leaves, row) for row in torch.eye(out.numel(), dtype=out.dtype)]
    return {
        key: _structured([row[key] for row in rows], value.shape, tuple(leaf.shape))
        for key, leaf in leaves.items()
    }


def by_nodes(edge: Any, shape: Shape, known: Callable[[Source], bool]) -> dict[Source, Value]:
    """Return the local Jacobians of a tensor nobody saw being made, by the tensors that were seen:
    what the steps of PyTorch's backward pass between them apply. edge: the tensor, of shape
    `shape`; known: whether a result of a step, or a leaf, was seen. Raises LimitError."""
    order = _unseen_steps(edge, known)
    rows: dict[Source, Value] = {}
    count = prod(shape)
    kind = edge.node._input_metadata[edge.output_nr].dtype
    for place, row in enumerate(torch.eye(count, dtype=kind)):
        sent: dict[Any, dict[int, Any]] = {edge.node: {edge.output_nr: row.reshape(shape)}}
        with torch.no_grad():
            for node in order:
                for source, gradient in _step(node, sent.get(node, {})):
                    if known(source):
                        size = tuple(gradient.shape)
                        _check_size(node.name(), shape, [size])
                        rows.setdefault(source, np.zeros((count, *size)))[place] += array(gradient)
                    else:
                        there = sent.setdefault(source[0], {})
                        before = there.get(source[1])
                        there[source[1]] = gradient if before is None else before + gradient
    return {
        source: _structured(list(found), shape, found.shape[1:]) for source, found in rows.items()
    }


def _unseen_steps(edge: Any, known: Callable[[Source], bool]) -> list[Any]:
    """Return the steps from a tensor back to what was seen, each before those that it sends to."""
    found: list[Any] = []
    met, pending = {edge.node}, [(edge.node, False)]
    while pending:
        node, done = pending.pop()
        if done:
            found.append(node)
            continue
        pending.append((node, True))
        for source in node.next_functions:
            if source[0] is not None and not known(source) and source[0] not in met:
                met.add(source[0])
                pending.append((source[0], False))
    return found[::-1]


def _step(node: Any, sent: Mapping[int, Any]) -> Iterator[tuple[Source, Any]]:
    """Apply one step of the backward pass; yield what it sends, and where to."""
    given = [
        sent[place] if place in sent else torch.zeros(tuple(meta.shape), dtype=meta.dtype)
        for place, meta in enumerate(node._input_metadata)
    ]
    if not sent:
        return
    found = node.apply(*given) if hasattr(node, "apply") else node(*given)
    found = found if isinstance(found, tuple) else (found,)
    for source, gradient in zip(node.next_functions, found, strict=False):
        if source[0] is not None and gradient is not None:
            yield source, gradient


def _check_size(name: str, shape: Shape, inputs: Sequence[Shape]) -> None:
    asked = prod(shape) * max((prod(size) for size in inputs), default=0)
    if asked > _ENTRIES:
        raise LimitError("interop.size", op=name, asked=asked, allowed=_ENTRIES)


def _structured(rows: Sequence[Value], shape: Shape, size: Shape) -> Value:
    """Return a Jacobian by its rows; where it is diagonal, the diagonal in the shape of both."""
    whole = np.array([row.reshape(-1) for row in rows]).reshape(len(rows), prod(size))
    if shape == size and shape and not np.count_nonzero(whole - np.diag(np.diag(whole))):
        return np.diag(whole).reshape(shape)
    return whole
