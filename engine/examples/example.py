"""What an example is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """A program worth looking at. title, text: by language ("en", "zh-CN"); text says what to look
    for. gradient: the weight vector v of an output that is a vector, where one is to be shown."""

    name: str
    chapter: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    source: str
    output: str
    gradient: Sequence[float] | None = None
