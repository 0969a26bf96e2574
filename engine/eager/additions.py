"""How often PyTorch adds up the parts of a cotangent in place, which its versions count.

The first part of a cotangent is written to only where nothing else refers to its memory; a sum that
was made anew is written to from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.eager.node import Counter

__all__ = ["Additions", "root_of"]


class Additions:
    """The parts that were given so far, by edge."""

    def __init__(self) -> None:
        self._versions: dict[Any, int] = {}
        self._owned: set[Any] = set()

    def root(self, edge: Any) -> None:
        """Note a cotangent that a sweep begins with: it is the caller's."""
        self._note(edge, False)

    def note(self, edges: Sequence[Any], cotangent: Any, parts: Sequence[Any]) -> None:
        """Note the parts that a record makes of its cotangent."""
        given = [cotangent, *parts]
        for place, (edge, part) in enumerate(zip(edges, parts, strict=True), 1):
            if edge is not None and part is not None:
                others = given[:place] + given[place + 1 :]
                self._note(edge, not any(_shared(part, other) for other in others))

    def _note(self, edge: Any, fresh: bool) -> None:
        if edge in self._versions:
            self._versions[edge] += edge in self._owned
            self._owned.add(edge)
            return
        self._versions[edge] = 0
        if fresh:
            self._owned.add(edge)

    def counter(self, edge: Any) -> Counter | None:
        """Return the count for the tensor that a cotangent becomes; None for none."""
        version = self._versions.get(edge, 0)
        if not version:
            return None
        counter = Counter()
        counter.version = version
        return counter


def _shared(part: Any, other: Any) -> bool:
    if part is other:
        return True
    if not isinstance(part, np.ndarray) or not isinstance(other, np.ndarray):
        return False
    return root_of(part) is root_of(other)


def root_of(array: Any) -> Any:
    """Return the array whose memory this one shows."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
