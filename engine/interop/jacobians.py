"""Local Jacobians of a call of PyTorch, by PyTorch: one vjp for each entry of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import torch
from torch.utils._pytree import tree_flatten, tree_map

from engine.errors import LimitError, OptionError
from engine.graph import Shape
from engine.interop.tape import Value

__all__ = ["Attempt", "array", "by_node", "by_rerun", "is_tensor", "pulled"]

_ENTRIES = 2**22


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor of PyTorch."""
    return isinstance(value, torch.Tensor)


def array(tensor: Any) -> Value:
    """Return the entries of a tensor, as they are now. Raises OptionError for complex ones."""
    if tensor.is_complex():
        raise OptionError("interop.dtype", dtype=str(tensor.dtype))
    return np.array(tensor.detach().cpu().to(torch.float64).numpy())


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

        with torch.random.fork_rng(devices=[]), torch.enable_grad():
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


def by_node(edge: Any, shape: Shape, inputs: Mapping[int, Shape]) -> list[Value]:
    """Return the local Jacobians that a step of PyTorch's backward pass applies. edge: the result,
    of shape `shape`; inputs: shapes by the place among those of the step. Raises LimitError."""
    node = edge.node
    _check_size(node.name(), shape, list(inputs.values()))
    metas = [torch.zeros(tuple(m.shape), dtype=m.dtype) for m in node._input_metadata]
    rows: dict[int, list[Value]] = {slot: [] for slot in inputs}
    for row in torch.eye(prod(shape), dtype=metas[edge.output_nr].dtype):
        given = [*metas]
        given[edge.output_nr] = row.reshape(shape)
        with torch.no_grad():
            found = node.apply(*given) if hasattr(node, "apply") else node(*given)
        found = found if isinstance(found, tuple) else (found,)
        for slot, size in inputs.items():
            gradient = found[slot] if slot < len(found) else None
            rows[slot].append(np.zeros(size) if gradient is None else array(gradient))
    return [_structured(rows[slot], shape, size) for slot, size in inputs.items()]


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
