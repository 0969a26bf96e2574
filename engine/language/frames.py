"""What a builder keeps of the statement and of the calls that it is inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.errors import Span

__all__ = ["NONE", "Frame", "Mark", "Open"]


@dataclass(slots=True)
class Open:
    """The statement being built. first, groups: how many nodes and groups there were before."""

    name: str
    written: str
    path: tuple[str, ...]
    span: Span | None
    text: str
    note: str
    first: int
    groups: int


NONE = Open("", "", (), None, "", "", 0, 0)


@dataclass(slots=True)
class Frame:
    """What was open around the call of a block, and the path of the block's own group."""

    around: Open
    outer: tuple[str, ...]
    prefix: str
    names: dict[str, Any]
    path: tuple[str, ...]
    first: int


Mark = tuple[tuple[Open, tuple[str, ...], str, dict[str, Any]], int, int]
"""Where a builder stood: what was open, how many nodes and groups there were."""
