"""One comparison of P with a central difference, and the judgement of one that fails: by a ladder
of steps, as no single step suits every function.

On the way down the ladder truncation falls with h², then rounding rises with 1/h. Where neighbours
agree best the slope is known best; where the slopes on the two sides stay apart there is a kink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from engine.probes.differences import Difference

__all__ = ["Try", "Verdict", "judge"]

Verdict = Literal["ok", "off", "kink", "undefined", "unreached"]
Vector = np.ndarray[Any, np.dtype[np.float64]]

_FLOOR = 0.01
"""An entry may be wrong by this part of the tolerance of the largest entry: sums of products round
by the largest of them."""

_TRUSTED = slice(2, 8)
"""The rungs where a kink is looked for: below, a smooth bend looks like one; above, rounding."""

_LOWEST = 3
"""Rungs where all that is left is rounding."""

_BEND = 1e-3
"""Slopes of the two sides that differ by this part are looked into."""


@dataclass(slots=True)
class Try:
    """P along a direction beside the slopes there, by rows. position: of the entry, or None."""

    direction: Vector
    step: float
    analytic: Vector
    position: int | None
    difference: Difference

    def scale(self) -> float:
        """The largest finite number that is compared."""
        numbers = np.abs(np.concatenate([self.analytic, self.difference.central]))
        return float(np.max(numbers[np.isfinite(numbers)], initial=0.0))

    def errors(self) -> Vector:
        """|P - slope| by rows; infinite where one of them is not a number the other one equals."""
        analytic, central = self.analytic, self.difference.central
        errors = np.abs(analytic - central)
        same = analytic == central
        return np.where(same, 0.0, np.where(np.isfinite(errors), errors, np.inf))

    def error(self) -> float:
        """The largest error."""
        return float(np.max(self.errors(), initial=0.0))

    def excess(self, tolerance: float, scale: float) -> float:
        """By how much the largest error is more than rounding."""
        return float(np.max(self._excess(tolerance, scale), initial=-np.inf))

    def row(self, tolerance: float, scale: float) -> int:
        """The row that is furthest off; of none, the one whose two sides are furthest apart."""
        excess = self._excess(tolerance, scale)
        if excess.max() > 0:
            return int(np.argmax(excess))
        return int(np.argmax(np.nan_to_num(self._gap())))

    def bends(self) -> bool:
        """Whether the slopes of the two sides differ."""
        size = np.abs(self.difference.ahead) + np.abs(self.difference.behind)
        return bool(np.any(self._gap() > _BEND * size))

    def _gap(self) -> Vector:
        gap: Vector = np.abs(self.difference.ahead - self.difference.behind)
        return gap

    def _excess(self, tolerance: float, scale: float) -> Vector:
        errors, central = self.errors(), self.difference.central
        size = np.maximum(np.abs(self.analytic), np.abs(central))
        allowed = tolerance * (size + _FLOOR * scale) + self.difference.noise
        return np.where(errors == 0, -1.0, np.where(np.isfinite(errors), errors - allowed, np.inf))


def judge(
    tried: Try, ladder: Sequence[Difference], row: int, tolerance: float, scale: float
) -> tuple[Verdict, Difference]:
    """Return what the ladder says of one row, and the rung where the slope is known best."""
    analytic = float(tried.analytic[row])
    central = np.array([rung.central[row] for rung in ladder])
    noise = np.array([rung.noise[row] for rung in ladder])
    best, doubt = _best(central, noise, np.array([rung.step for rung in ladder]))
    if best is None:
        sides = [(rung.ahead[row], rung.behind[row]) for rung in ladder]
        return ("kink" if np.isfinite(sides).any() else "undefined"), tried.difference
    if _has_kink(ladder, row, noise):
        return "kink", ladder[best]
    if not np.isfinite(analytic):
        grows = abs(central[-4]) > 2 * abs(central[3])
        return ("kink" if np.isinf(analytic) and grows else "off"), ladder[best]
    size = max(abs(analytic), abs(central[best]))
    allowed = tolerance * (size + _FLOOR * scale) + doubt
    return ("ok" if abs(analytic - central[best]) <= allowed else "off"), ladder[best]


def _best(central: Vector, noise: Vector, steps: Vector) -> tuple[int | None, float]:
    """The rung that agrees best with the next one, and how far it may still be wrong: also by the
    rounding inside the function, which the lowest rungs show."""
    doubts = np.abs(np.diff(central)) + noise[:-1]
    doubts = np.where(np.isfinite(doubts), doubts, np.inf)
    if np.isfinite(doubts).any():
        best = int(np.argmin(doubts))
        lowest = (np.abs(central - central[best]) * steps)[-_LOWEST:]
        inside = float(np.max(lowest[np.isfinite(lowest)], initial=0.0))
        return best, 2.0 * float(doubts[best]) + inside / float(steps[best])
    finite = np.flatnonzero(np.isfinite(central))
    return (int(finite[-1]), float(noise[finite[-1]])) if finite.size else (None, np.inf)


def _has_kink(ladder: Sequence[Difference], row: int, noise: Vector) -> bool:
    """Whether the two sides stay apart as the step shrinks; a smooth bend shrinks with it."""
    gaps = np.array([abs(rung.ahead[row] - rung.behind[row]) for rung in ladder])
    size = np.array([abs(rung.ahead[row]) + abs(rung.behind[row]) for rung in ladder])
    apart = (gaps > _BEND * size) & (gaps > 20 * noise)
    lasting = apart[:-1] & apart[1:] & (gaps[1:] > 0.5 * gaps[:-1])
    return bool(lasting[_TRUSTED].all())
