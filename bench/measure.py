"""Timing to be trusted on a machine that is not quiet: rounds turn by turn, median and spread."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

__all__ = ["Comparison", "compare", "seconds_of"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One piece of work against its floor. Times in seconds; ratios are of paired rounds.

    note: what else to know. missed: why the target is missed, shown where it is. unit: "B" where
    bytes stand in the place of seconds.
    """

    name: str
    floor_name: str
    seconds: float
    floor_seconds: float
    ratio: float
    ratio_low: float
    ratio_high: float
    target: float | None
    rounds: int
    note: str
    missed: str
    unit: str = "s"

    def record(self) -> dict[str, Any]:
        """For the JSON file."""
        return asdict(self)


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def compare(
    name: str,
    work: Callable[[], float],
    floor_name: str,
    floor: Callable[[], float],
    *,
    rounds: int,
    target: float | None = None,
    note: str = "",
    missed: str = "",
) -> Comparison:
    """Measure both turn by turn, so that what disturbs one disturbs the other, in seconds."""
    work(), floor()  # the first call loads and fills caches
    pairs = [(work(), floor()) for _ in range(rounds)]
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    return Comparison(
        name=name,
        floor_name=floor_name,
        seconds=statistics.median(ours for ours, _ in pairs),
        floor_seconds=statistics.median(theirs for _, theirs in pairs),
        ratio=statistics.median(ratios),
        ratio_low=ratios[len(ratios) // 10],
        ratio_high=ratios[-1 - len(ratios) // 10],
        target=target,
        rounds=rounds,
        note=note,
        missed=missed,
    )
