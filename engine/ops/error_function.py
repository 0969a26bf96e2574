"""The error function and its complement: NumPy has neither.

Rational Chebyshev approximations on three intervals, relative error below 1e-15. Source:
W. J. Cody, "Rational Chebyshev approximation for the error function", Mathematics of Computation
23 (1969), 631-637, and his program CALERF (1990), from which the coefficients are.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi
from typing import Any

from engine.backend import Array
from engine.ops.registry import define

# |x| <= 0.46875: erf(x) = x · P(x²) / Q(x²), the highest power first
_NEAR = (
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2),
    (3.20937758913846947e3,),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3),
    (2.84423683343917062e3,),
)
# 0.46875 <= x <= 4: erfc(x) = e^(-x²) · P(x) / Q(x)
_MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1),
    (2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3),
    (1.23033935479799725e3,),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2),
    (1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3),
    (1.23033935480374942e3,),
)
# x >= 4: erfc(x) = e^(-x²) / x · (1/√π - y · P(y) / Q(y)), y = 1/x²
_FAR = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1),
    (1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1),
    (6.05183413124413191e-2, 2.33520497626869185e-3),
)
_FIRST, _SECOND = 0.46875, 4.0


def _ratio(rows: Sequence[tuple[float, ...]], x: Array) -> Array:
    """P(x) / Q(x); the rows hold the coefficients of P, then, from a 1 on, those of Q."""
    flat = [each for row in rows for each in row]
    split = flat.index(1.0)
    return _horner(flat[:split], x) / _horner(flat[split:], x)


def _horner(coefficients: Sequence[float], x: Array) -> Array:
    total: Array = coefficients[0]
    for each in coefficients[1:]:
        total = total * x + each
    return total


def _tail(xp: Any, size: Array) -> Array:
    """erfc for arguments from 0.46875 on; beyond 30 it is 0 in any precision."""
    size = xp.minimum(xp.maximum(size, _FIRST), 30.0)
    square = 1 / (size * size)
    far = (pi**-0.5 - square * _ratio(_FAR, square)) / size
    # e^(-x²) keeps its last digits when x² is split into a short square and a small rest
    short = xp.trunc(size * 16) / 16
    decay = xp.exp(-short * short) * xp.exp(-(size - short) * (size + short))
    return decay * xp.where(size <= _SECOND, _ratio(_MIDDLE, xp.minimum(size, _SECOND)), far)


def _core(xp: Any, x: Array) -> Array:
    """erf for arguments up to 0.46875 in size; larger ones are cut."""
    x = xp.minimum(xp.maximum(x, -_FIRST), _FIRST)
    return x * _ratio(_NEAR, x * x)


def _erf(xp: Any, x: Array) -> Array:
    size = xp.abs(x)
    outer = xp.sign(x) * (1 - _tail(xp, size))
    return xp.where(size <= _FIRST, _core(xp, x), outer)


def _erfc(xp: Any, x: Array) -> Array:
    size, tail = xp.abs(x), _tail(xp, xp.abs(x))
    return xp.where(size <= _FIRST, 1 - _core(xp, x), xp.where(x < 0, 2 - tail, tail))


define(
    "erf",
    "x",
    forward=_erf,
    partials=(f"2 / sqrt({pi}) * exp(-x ** 2)",),
    tex=r"\operatorname{{erf}}\left({x}\right)",
    flops=40,
    doc="Error function 2/√π ∫ e^(-t²) dt from 0 to x, elementwise.",
)
define(
    "erfc",
    "x",
    forward=_erfc,
    partials=(f"-2 / sqrt({pi}) * exp(-x ** 2)",),
    tex=r"\operatorname{{erfc}}\left({x}\right)",
    flops=40,
    doc="Complementary error function 1 - erf(x), elementwise; exact where it is tiny.",
)
