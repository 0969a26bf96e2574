"""`backward` and `grad`: from tensors to a sweep, and from its result to gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.eager.apply import edge_of
from engine.eager.backward import sweep, useful_for
from engine.eager.messages import MESSAGE, failure
from engine.eager.modes import Mode, warn
from engine.eager.node import Edge
from engine.eager.tensor import Tensor, counter_of, settle

__all__ = ["backward", "grad", "listed"]

Tensors = Tensor | Sequence[Tensor]
Roots = list[tuple[Edge, Tensor]]


def listed(tensors: Any) -> list[Any]:
    """Return one or several as a list."""
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]


def _roots(outputs: Tensors, gradients: Any) -> Roots:
    tensors = listed(outputs)
    given = [None] * len(tensors) if gradients is None else listed(gradients)
    if len(given) < len(tensors):
        raise failure("seeds", tensors=len(tensors), seeds=len(given))
    roots: Roots = []
    for index, (tensor, seed) in enumerate(zip(tensors, given, strict=False)):
        if not tensor.requires_grad:
            raise failure("no_grad", tensor.name, index=index)
        roots.append((edge_of(tensor), _seed(tensor, seed, index)))
    return roots


def _seed(tensor: Tensor, seed: Any, index: int) -> Tensor:
    """Return the cotangent to begin with: 1 for a number, unless one is given."""
    where = tensor.backend
    if seed is None:
        if tensor.numel() != 1:
            raise failure("scalar", tensor.name)
        return Tensor(settle(where.xp.ones(tensor.shape, dtype=tensor.dtype), where))
    if not isinstance(seed, Tensor):
        seed = Tensor(settle(where.xp.asarray(seed, dtype=tensor.dtype), where))
    if seed.shape != tensor.shape:
        given, expected = (f"torch.Size({list(shape)})" for shape in (seed.shape, tensor.shape))
        raise failure("mismatch", tensor.name, index=index, given=given, expected=expected)
    made: Tensor = seed.to(tensor.dtype)
    return made


def backward(
    tensors: Tensors,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensors | None = None,
) -> None:
    """Add the derivative of `tensors`, weighted by `gradient`, to `.grad` of the leaves, or only of
    `inputs`.

    gradient: of the shape of the tensor, 1 for a number. Afterwards the graph is freed, unless
    `retain_graph` or `create_graph`. Raises RuntimeError in PyTorch's words.
    """
    if create_graph:
        warn(MESSAGE["cycle"])
    keep = create_graph if retain_graph is None else retain_graph
    roots = _roots(tensors, gradient)
    useful: set[Edge] | None = None
    if inputs is not None:
        wanted = listed(inputs)
        if not wanted:
            raise failure("no_inputs", function="backward")
        for tensor in wanted:
            tensor.retain_grad()
        useful = useful_for([edge for edge, _ in roots], [edge_of(t) for t in wanted])
    owned: set[Edge] = set()
    found = sweep(roots, keep=keep, create=create_graph, useful=useful, owned=owned)
    for leaf, cotangent in found.items():
        if leaf.requires_grad:
            hooked = "hooks" in (leaf._extra or ())
            _accumulate(leaf, cotangent, create_graph, leaf in owned and not hooked)


def _accumulate(leaf: Any, gradient: Tensor, create: bool, owned: bool) -> None:
    """Add to `.grad`, in place: whoever holds the gradient sees the sum."""
    if leaf._grad is None:
        own = gradient if owned else Tensor(_own(gradient._data))
        leaf._grad = _copied(gradient) if create else own
        if not create and gradient._counter is not None:
            counter_of(leaf._grad).version = gradient._version
    elif create:
        with Mode(True):
            leaf._grad = leaf._grad + gradient
    else:
        counter_of(leaf._grad).version += 1
        if type(leaf._grad._data) is float:
            leaf._grad._data += float(gradient._data)
        else:
            leaf._grad._data += gradient._data
    for hook in list(((leaf._extra or {}).get("accumulated") or {}).values()):
        hook(leaf)


def _copied(gradient: Tensor) -> Tensor:
    """A copy on the tape, as PyTorch makes it: written over fresh memory, so at version 1."""
    with Mode(True):
        made: Tensor = gradient.clone()
    counter_of(made).version = 1
    if made._node is not None:
        made._node.title = "CopyBackwards"
    return made


def _own(data: Any) -> Any:
    return data if type(data) is float else data.copy()


def grad(
    outputs: Tensors,
    inputs: Tensors,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    materialize_grads: bool = False,
) -> tuple[Tensor | None, ...]:
    """Return the derivatives of `outputs`, weighted by `grad_outputs`, by each of `inputs`; no
    `.grad` changes.

    An input the outputs do not depend on gives an error, None with `allow_unused`, zeros with
    `materialize_grads`. Raises RuntimeError in PyTorch's words.
    """
    wanted = listed(inputs)
    if not wanted:
        raise failure("no_inputs", function="grad")
    keep = create_graph if retain_graph is None else retain_graph
    roots = _roots(outputs, grad_outputs)
    if any(not tensor.requires_grad for tensor in wanted):
        raise failure("not_required")
    edges = [edge_of(tensor) for tensor in wanted]
    useful = useful_for([edge for edge, _ in roots], edges)
    found = sweep(roots, keep=keep, create=create_graph, useful=useful, captured=edges)
    gradients = [found.get(edge) for edge in edges]
    for index, (tensor, each) in enumerate(zip(wanted, gradients, strict=True)):
        if each is None and materialize_grads:
            gradients[index] = Tensor(tensor.backend.xp.zeros(tensor.shape, dtype=tensor.dtype))
        elif each is None and not allow_unused:
            raise failure("unused", tensor.name, index=index)
    return tuple(gradients)
