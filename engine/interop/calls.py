"""A call of PyTorch and its results, as the recorder asks for them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from torch.utils._pytree import tree_map

from engine.interop.jacobians import Attempt, is_tensor
from engine.interop.phrases import Call, Named
from engine.interop.tape import Value
from engine.interop.wordings import is_known

__all__ = [
    "Result",
    "by_token",
    "call_of",
    "is_composite",
    "is_number",
    "literal",
    "precision",
    "running_its_body",
]

_WRITTEN_OUT = 4096
"""Whole numbers, such as classes and indices, that may stand in the text."""

_FLAGS = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")


@dataclass(frozen=True, slots=True)
class Result:
    """A tensor that a call returned. token: None for positions, which are no numbers."""

    tensor: Any
    value: Value
    token: str | None


def by_token(
    row: Mapping[int, Value], said: Mapping[int, Named], known: Mapping[str, Value]
) -> dict[str, Value]:
    """Sum what belongs to tensors of the same name."""
    found: dict[str, Value] = {}
    for key, value in row.items():
        token = said[key].text
        if token in known:
            found[token] = found[token] + value if token in found else value
    return found


def is_number(out: Any, outs: Sequence[Any]) -> bool:
    return bool(out.is_floating_point() or (out.dtype.itemsize == 1 and len(outs) == 1))


def precision(tensors: Sequence[Any]) -> str:
    """Return the least precision of several tensors."""
    wide = all(each.dtype.itemsize in (1, 8) for each in tensors)
    return "float64" if wide else "float32"


def literal(tensor: Any) -> str:
    """Write whole numbers out; too many of them as what nobody can read."""
    return str(tensor.long().tolist()) if tensor.numel() <= _WRITTEN_OUT else "…"


def call_of(attempt: Attempt, said: Mapping[int, Named], results: Sequence[Result]) -> Call:
    """Return a call with its tensors by name, without arguments that say what is so anyway."""

    def named(value: Any) -> Any:
        return said[id(value)] if is_tensor(value) else value

    args, kwargs = tree_map(named, (tuple(attempt.args), dict(attempt.kwargs)))
    if ".functional." in attempt.name and hasattr(attempt.func, "__code__"):
        parameters = inspect.signature(attempt.func).parameters
        known = list(parameters.values())
        if all(each.kind == each.POSITIONAL_OR_KEYWORD for each in known):
            given = dict(zip(parameters, args, strict=False)) | kwargs
            first = known[0].name
            args = (given.pop(first),)
            kwargs = {key: v for key, v in given.items() if not _usual(parameters[key], v)}
    outs = tuple(each.token for each in results)
    return Call(attempt.name, args, kwargs, outs, tuple(each.value.shape for each in results))


def _usual(parameter: inspect.Parameter, value: Any) -> bool:
    return not isinstance(value, Named) and bool(parameter.default == value)


def is_composite(func: Any, name: str) -> bool:
    """Whether a function is written in Python over others, and better seen as those."""
    code = getattr(func, "__globals__", {})
    return not is_known(name) and any(flag in code for flag in _FLAGS)


@contextmanager
def running_its_body(func: Any) -> Iterator[None]:
    """Let a function of PyTorch run its own body, in which each call is seen."""
    scope = func.__globals__
    kept = {flag: scope[flag] for flag in _FLAGS if flag in scope}
    scope.update({flag: lambda *_: False for flag in kept})
    try:
        yield
    finally:
        scope.update(kept)
