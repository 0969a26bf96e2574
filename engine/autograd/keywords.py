"""Arguments given by name: one that a function never asks for is one that it does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.autograd.refuse import Raised, refused

__all__ = ["answered"]

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


class _Heard(dict[str, Any]):
    """Arguments by name that remember which of them were asked for."""

    __slots__ = ("asked",)

    def __init__(self, named: dict[str, Any]) -> None:
        super().__init__(named)
        self.asked: set[object] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
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
    name: str, call: Callable[[list[Any], dict[str, Any]], Any], args: list[Any], named: Any
) -> Any:
    """Return call(args, named). Raises TypeError of the snippet for an argument that nobody asked
    for, and an error of ours for a place that results should be written into."""
    if not named:
        return call(args, named)
    if named.get("out") is not None:
        raise refused("out=", "Write `y = ...`: the result is a new tensor.")
    given = _Heard(named)
    found = call(args, given)
    left = [each for each in named if each not in given.asked and each not in _WITHOUT_EFFECT]
    if left:
        text = f"{name}() got an unexpected keyword argument '{left[0]}'"
        raise Raised("TypeError", text)
    return found
