"""Records that nobody changes, made by the ten thousand.

A frozen dataclass costs seven times as much to make as one that is not, as each field goes through
`object.__setattr__`. These are frozen for the type checker, which reads all of our code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

__all__ = ["frozen"]

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[T]) -> type[T]:
    """Return a dataclass with slots that is equal, and has a hash, by its fields."""
    return dataclass(slots=True, unsafe_hash=True)(kind)
