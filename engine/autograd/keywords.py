"""Arguments given by name: put where their places are, where a function takes them by place; one
that it never asks for is one that it does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from engine.autograd.refuse import Raised, refused
from engine.autograd.values import Kind, Native

__all__ = ["answered"]

Named = dict[str, Any]

_WITHOUT_EFFECT = frozenset(
    [
        "layout",
        "pin_memory",
        "memory_format",
        "non_blocking",
        "foreach",
        "fused",
        "capturable",
        "inplace",
        "stable",
        "force",
        "flush",
        "vectorize",
    ]
)
"""What PyTorch and Python have for speed and storage: the numbers are the same without it."""


_PLACES = {
    name: tuple(places.split())
    for name, places in {
        "bmm": "input mat2",
        "clip_grad_norm_": "parameters max_norm norm_type",
        "clip_grad_value_": "parameters clip_value",
        "det": "A",
        "dot": "input tensor",
        "eye": "n m",
        "cat": "tensors",
        "full": "size fill_value",
        "full_like": "input fill_value",
        "gather": "input dim index",
        "ger": "input vec2",
        "hessian": "func inputs",
        "index_select": "input dim index",
        "inv": "A",
        "jacobian": "func inputs",
        "manual_seed": "seed",
        "masked_fill": "input mask value",
        "mm": "input mat2",
        "mv": "input vec",
        "outer": "input vec2",
        "repeat": "input repeats",
        "scatter_add": "input dim index src",
        "solve": "A B",
        "split": "tensor split_size_or_sections",
        "stack": "tensors",
        "transpose": "input dim0 dim1",
        "where": "condition input other",
    }.items()
}
"""The parameters of functions that take them by place, as PyTorch calls them. Of the method of a
tensor, the first is the tensor."""

_USUAL = ("input", "other")

_TOO_FEW = ("list index out of range", "tuple index out of range", "not enough values to unpack")
"""What Python says of a function that found fewer arguments than it takes."""


_SIGNATURE = re.compile(r"[\w.<>]+\(\) ((?:missing|takes|got) .*)", re.DOTALL)
"""What Python says of a function of ours whose arguments do not fit."""


class _Heard(dict[str, Any]):
    """Arguments by name that remember which of them were asked for."""

    __slots__ = ("asked", "function")

    def __init__(self, function: str, named: dict[str, Any]) -> None:
        super().__init__(named)
        self.function = function
        self.asked: set[object] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        if not super().__contains__(name):
            raise Raised("TypeError", _missing(self.function, name))
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        self.asked.add(name)
        return super().pop(name, *default)

    def __iter__(self) -> Iterator[str]:
        self.asked.update(super().keys())
        return super().__iter__()

    def keys(self) -> Any:
        self.asked.update(super().keys())
        return super().keys()

    def items(self) -> Any:
        self.asked.update(super().keys())
        return super().items()

    def values(self) -> Any:
        self.asked.update(super().keys())
        return super().values()

    def __or__(self, other: Any) -> Any:
        return dict(self) | other

    def __ror__(self, other: Any) -> Any:
        return other | dict(self)


def answered(
    function: Native | Kind, call: Callable[[list[Any], Named], Any], args: list[Any], named: Named
) -> Any:
    """Return call(args, named). Raises TypeError of the snippet for an argument that is missing or
    that nobody asked for, and an error of ours for a place that results should be written into."""
    name = function.name
    if named.get("out") is not None:
        raise refused("out=", "Write `y = ...`: the result is a new tensor.")
    is_method = isinstance(function, Native) and bool(function.bound)
    args, named = _placed(name, is_method, args, named)
    given = _Heard(name, named)
    try:
        found = call(args, given)
    except (IndexError, ValueError) as error:
        if not str(error).startswith(_TOO_FEW):
            raise
        expected = (*_places(name, is_method)[len(args) :], "input")[0]
        raise Raised("TypeError", _missing(name, expected)) from None
    except TypeError as error:
        told = _SIGNATURE.match(str(error))
        if told is None:
            raise
        raise Raised("TypeError", f"{name}() {told[1]}") from None
    left = [each for each in named if each not in given.asked and each not in _WITHOUT_EFFECT]
    if left:
        text = f"{name}() got an unexpected keyword argument '{left[0]}'"
        raise Raised("TypeError", text)
    return found


def _placed(name: str, is_method: bool, args: list[Any], named: Named) -> tuple[list[Any], Named]:
    """Put arguments by name behind those by place, as far as the places are known."""
    taken, rest = [*args], {**named}
    for each in _places(name, is_method)[len(args) :]:
        if each not in rest:
            break
        taken.append(rest.pop(each))
    return taken, rest


def _places(name: str, is_method: bool) -> tuple[str, ...]:
    return _PLACES.get(name, _USUAL)[is_method:]


def _missing(name: str, argument: str) -> str:
    return f'{name}() missing 1 required positional arguments: "{argument}"'
