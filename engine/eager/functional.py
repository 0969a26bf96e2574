"""Derivatives of functions of tensors, rather than of tensors already computed.

    jacobian(f, x)       every derivative of every entry      hessian(f, x)   second derivatives
    vjp(f, x, v)         v · J, one backward pass             hvp(f, x, v)    H · v, two passes
    jvp(f, x, t)         J · t, two backward passes           value_and_grad(f)(x)

The jvp is the derivative of `v → v · J` along t: J only ever appears transposed on the tape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.eager.apply import edge_of
from engine.eager.autograd import grad, listed
from engine.eager.messages import failure
from engine.eager.modes import RECORDING, Mode
from engine.eager.node import LEAF, Custom
from engine.eager.tensor import Tensor, settle

__all__ = [
    "checkpoint",
    "grad_of",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "value_and_grad",
    "vjp",
]

Function = Callable[..., Tensor]
Tensors = Tensor | Sequence[Tensor]


def _fresh(inputs: Tensors) -> list[Tensor]:
    """Return leaves over the same values."""
    found = []
    for each in listed(inputs):
        data = each._data if type(each._data) is float else each._data.copy()
        found.append(Tensor(data, LEAF))
    return found


def _followed(inputs: Tensors, create: bool) -> list[Tensor]:
    """Return leaves over the same values; where the result is to be differentiated again, copies
    that stay on the tape."""
    if not create:
        return _fresh(inputs)
    with Mode(True):
        return [each.clone() if each.requires_grad else _fresh(each)[0] for each in listed(inputs)]


def _answer(inputs: Tensors, found: Sequence[Any]) -> Any:
    return tuple(found) if isinstance(inputs, list | tuple) else found[0]


def _zeros(shape: Sequence[int], like: Tensor) -> Tensor:
    where = like.backend
    return Tensor(settle(where.xp.zeros(tuple(shape), dtype=like.dtype), where))


def value_and_grad(function: Function, argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Return (value, gradient) of a function whose value is a number.

    argnums: which arguments to differentiate by; several give a tuple. Raises RuntimeError for a
    value that is not a number.
    """

    def run(*args: Any, **kwargs: Any) -> tuple[Tensor, Any]:
        numbers = [argnums] if isinstance(argnums, int) else list(argnums)
        values = list(args)
        leaves = _fresh([values[i] for i in numbers])
        for i, leaf in zip(numbers, leaves, strict=True):
            values[i] = leaf
        with Mode(True):
            out = function(*values, **kwargs)
        found = _gradients(out, leaves, None)
        return out.detach(), found[0] if isinstance(argnums, int) else tuple(found)

    return run


def grad_of(function: Function, argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Return the gradient function of a function whose value is a number."""
    both = value_and_grad(function, argnums)
    return lambda *args, **kwargs: both(*args, **kwargs)[1]


def _gradients(
    out: Tensor, leaves: Sequence[Tensor], seed: Tensor | None, create: bool = False
) -> list[Tensor]:
    """The derivatives, zeros where nothing flows; the graph stays."""
    if not out.requires_grad:
        if seed is None and out.numel() != 1:
            raise failure("scalar", out.name)
        return [_zeros(leaf.shape, leaf) for leaf in leaves]
    found = grad(out, leaves, seed, retain_graph=True, create_graph=create, materialize_grads=True)
    return [each for each in found if each is not None]


def vjp(
    function: Function, inputs: Tensors, v: Tensor | None = None, create_graph: bool = False
) -> tuple[Tensor, Any]:
    """Return (value, v · J). v: the shape of the value, 1 for a number."""
    leaves = _followed(inputs, create_graph)
    with Mode(True):
        out = function(*leaves)
    pulled = _gradients(out, leaves, v, create_graph)
    return (out if create_graph else out.detach()), _answer(inputs, pulled)


def jvp(function: Function, inputs: Tensors, v: Tensors) -> tuple[Tensor, Tensor]:
    """Return (value, J · v). v: the shapes of the inputs. Source: the double-backward trick of
    Townsend (2017), as in PyTorch's `autograd.functional.jvp`."""
    leaves = _fresh(inputs)
    with Mode(True):
        out = function(*leaves)
        dummy = _zeros(out.shape, out).requires_grad_()
        pulled = _gradients(out, leaves, dummy, create=True)
        total = None
        for part, tangent in zip(pulled, listed(v), strict=True):
            term = (part * tangent).sum()
            total = term if total is None else total + term
    assert total is not None
    (pushed,) = _gradients(total, [dummy], None)
    return out.detach(), pushed


def jacobian(function: Function, inputs: Tensors, create_graph: bool = False) -> Any:
    """Return ∂out/∂input in the shape (*out, *input); a tuple of these for several inputs."""
    leaves = _followed(inputs, create_graph)
    with Mode(True):
        out = function(*leaves)
    rows: list[list[Tensor]] = [[] for _ in leaves]
    for flat in range(out.numel()):
        for kept, part in zip(
            rows, _gradients(out, leaves, _unit(out, flat), create_graph), strict=True
        ):
            kept.append(part)
    stacked = [
        _stacked(kept, out, leaf, create_graph) for kept, leaf in zip(rows, leaves, strict=True)
    ]
    return _answer(inputs, stacked)


def _unit(out: Tensor, flat: int) -> Tensor:
    where = out.backend
    unit = where.xp.zeros(out.numel(), dtype=out.dtype)
    unit[flat] = 1
    return Tensor(settle(unit.reshape(out.shape), where))


def _stacked(rows: Sequence[Tensor], out: Tensor, leaf: Tensor, create: bool) -> Tensor:
    where, shape = out.backend, (*out.shape, *leaf.shape)
    if not rows:
        return _zeros(shape, leaf)
    if not create:
        array = where.xp.stack([row.array for row in rows]).reshape(shape)
        return Tensor(settle(array, where))
    total: Tensor | None = None
    for flat, row in enumerate(rows):
        unit = _unit(out, flat).reshape((*out.shape, *(1,) * leaf.ndim))
        total = unit * row if total is None else total + unit * row
    assert total is not None
    return total


def hessian(function: Function, inputs: Tensor, create_graph: bool = False) -> Tensor:
    """Return the second derivatives of a function whose value is a number, shape (*x, *x)."""

    def gradient(x: Tensor) -> Tensor:
        found: Tensor = vjp(function, x, create_graph=True)[1]
        return found

    found: Tensor = jacobian(gradient, inputs, create_graph)
    return found


def hvp(function: Function, inputs: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return (value, H · v), without forming H: a vjp of the gradient, as H is symmetric."""
    _, product = vjp(lambda x: vjp(function, x, create_graph=True)[1], inputs, v)
    with Mode(False):
        value = function(inputs)
    return value, product


def checkpoint(function: Function, *inputs: Any) -> Tensor:
    """Return function(*inputs), keeping only the inputs: what lies between is computed again when a
    backward pass comes by. The function must give the same value each time."""
    with Mode(False):
        value: Tensor = function(*inputs).detach()
    tensors = [each for each in inputs if isinstance(each, Tensor) and each.requires_grad]
    if not (RECORDING.on and tensors):
        return value

    def pull(cotangent: Tensor) -> list[Tensor | None]:
        create = RECORDING.on
        with Mode(True):
            again = [
                _followed(each, create)[0]
                if isinstance(each, Tensor) and each.requires_grad
                else each
                for each in inputs
            ]
            out = function(*again)
        leaves = [
            new
            for new, each in zip(again, inputs, strict=True)
            if isinstance(each, Tensor) and each.requires_grad
        ]
        return list(_gradients(out, leaves, cotangent, create))

    value._node = Custom(
        "CheckpointFunctionBackward", tuple(edge_of(t) for t in tensors), pull, keeps=True
    )
    return value
