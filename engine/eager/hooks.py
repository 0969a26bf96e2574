"""Functions that look at a gradient on its way, and may replace it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from engine.eager.messages import MESSAGE, failure
from engine.eager.node import Hooks
from engine.eager.tensor import Tensor

__all__ = [
    "RemovableHandle",
    "call_hooks",
    "leaf_hooks",
    "register_hook",
    "register_post_accumulate_grad_hook",
]

_number = count()
Hook = Callable[[Tensor], Any]


class RemovableHandle:
    """Takes a hook off again."""

    def __init__(self, hooks: dict[int, Hook], number: int) -> None:
        self._hooks, self._number = hooks, number

    def remove(self) -> None:
        """Take the hook off; once more does nothing."""
        self._hooks.pop(self._number, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def register_hook(tensor: Tensor, hook: Hook) -> RemovableHandle:
    """Call `hook` with the gradient of this tensor in every backward pass; what it returns, if
    anything, takes the gradient's place. Raises RuntimeError where no gradient is wanted."""
    if not tensor.requires_grad:
        raise failure("hook", tensor.name)
    if tensor.is_leaf:
        tensor._extra = tensor._extra or {}
        hooks: dict[int, Hook] = tensor._extra.setdefault("hooks", {})
    else:
        tensor._node.hooks = tensor._node.hooks or Hooks()
        hooks = tensor._node.hooks.functions
    number = next(_number)
    hooks[number] = hook
    return RemovableHandle(hooks, number)


def register_post_accumulate_grad_hook(leaf: Tensor, hook: Hook) -> RemovableHandle:
    """Call `hook` with this leaf whenever its gradient has grown. Raises RuntimeError for a
    computed tensor."""
    if not leaf.is_leaf:
        raise failure("hook_leaf", leaf.name)
    leaf._extra = leaf._extra or {}
    hooks: dict[int, Hook] = leaf._extra.setdefault("accumulated", {})
    number = next(_number)
    hooks[number] = hook
    return RemovableHandle(hooks, number)


def _through(functions: Iterable[Hook], gradient: Tensor) -> Tensor:
    for function in list(functions):
        answer = function(gradient)
        if answer is None:
            continue
        name = getattr(function, "__name__", "hook")
        if not isinstance(answer, Tensor):
            raise TypeError(MESSAGE["hook_type"].format(type=type(answer).__name__))
        if answer.shape != gradient.shape:
            raise failure("hook_size", name=name)
        gradient = answer
    return gradient


def call_hooks(hooks: Hooks, cotangent: Any, create: bool) -> Any:
    """Pass the cotangent of a computed tensor through its hooks; retain what comes out."""
    gradient = cotangent if create else Tensor(cotangent)
    gradient = _through(hooks.functions.values(), gradient)
    if hooks.retained:
        own = gradient if create else gradient.clone()
        hooks.grad = own if hooks.grad is None else hooks.grad + own
    return gradient if create else gradient._data


def leaf_hooks(leaf: Any, gradient: Tensor) -> Tensor:
    """Pass the gradient of a leaf through its hooks."""
    functions = (leaf._extra or {}).get("hooks")
    return _through(functions.values(), gradient) if functions else gradient
