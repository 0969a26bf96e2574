"""The logarithm of the gamma function and its derivatives: NumPy has none of them.

An argument is moved up by f(x) → f(x + 1) until an asymptotic series holds to the last digits;
below 0 the reflection formulas do. Source: Abramowitz and Stegun, "Handbook of Mathematical
Functions" (1964), chapter 6: 6.1.17, 6.3.7 and 6.4.7 reflect; 6.1.41, 6.3.18 and 6.4.11 are series.
"""

from __future__ import annotations

from math import factorial, log, pi
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit, define

_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
"""B₂, B₄ …: the coefficients of all three series are made of them."""

_FAR = 10
"""From here on the series hold."""

_HIGHEST = 30


def _series(x: Array, first: int) -> Array:
    """Σ B₂ₖ (2k + first - 1)! / ((2k)! x^(2k + first)), the tail that all the series have."""
    total, square = 0.0, x * x
    for k in range(len(_BERNOULLI), 0, -1):
        term = _BERNOULLI[k - 1] * factorial(2 * k + first - 1) / factorial(2 * k)
        total = (total + term) / square
    return total / x**first


def _sine(xp: Any, x: Array) -> tuple[Array, Array]:
    """sin(πx) and cos(πx) up to one common sign, exact at whole numbers."""
    part = x - xp.floor(x)
    return xp.where(part == 0, 0.0, xp.sin(pi * part)), xp.cos(pi * part)


def _lgamma(xp: Any, x: Array) -> Array:
    low = x <= 0
    y, product = xp.where(low, 1 - x, x), 1.0
    for _ in range(_FAR):
        product = product * xp.where(y < _FAR, y, 1.0)
        y = xp.where(y < _FAR, y + 1, y)
    far = (y - 0.5) * (xp.log(y) - 1) + 0.5 * (log(2 * pi) - 1) + _series(y, -1)
    above = xp.where(xp.isinf(x), xp.inf, far) - xp.log(product)
    return xp.where(low, xp.log(pi / xp.abs(_sine(xp, x)[0])) - above, above)


def _digamma(xp: Any, x: Array) -> Array:
    low = x < 0
    y, total = xp.where(low, 1 - x, x), 0.0
    for _ in range(_FAR):
        total = total + xp.where(y < _FAR, 1 / y, 0.0)
        y = xp.where(y < _FAR, y + 1, y)
    above = xp.log(y) - 0.5 / y - _series(y, 0) - total
    sine, cosine = _sine(xp, x)
    return xp.where(low, above - pi * cosine / xp.where(sine == 0, xp.nan, sine), above)


def _polygamma(xp: Any, x: Array, n: int) -> Array:
    if n == 0:
        return _digamma(xp, x)
    low, enough = x <= 0, _FAR + n
    y, total = xp.where(low, 1 - x, x), 0.0
    for _ in range(enough):
        total = total + xp.where(y < enough, y ** -(n + 1.0), 0.0)
        y = xp.where(y < enough, y + 1, y)
    head = factorial(n - 1) * y ** float(-n) + factorial(n) / 2 * y ** -(n + 1.0)
    above = (-1) ** (n + 1) * (head + _series(y, n) + factorial(n) * total)
    sine, cosine = _sine(xp, x)
    return xp.where(low, (-1) ** n * above - pi ** (n + 1) * _bent(cosine / sine, n), above)


def _bent(cotangent: Array, n: int) -> Array:
    """The nth derivative of cot, by its value: each derivative is -(1 + c²) times that by c."""
    powers = [0, 1]
    for _ in range(n):
        slopes = [power * each for power, each in enumerate(powers)][1:]
        powers = [-(a + b) for a, b in zip([*slopes, 0, 0], [0, 0, *slopes], strict=True)]
    total = 0.0
    for each in reversed(powers):
        total = total * cotangent + each
    return total


def _same_shape(shapes: Any, attrs: Attributes) -> Shape:
    if not 0 <= attrs["n"] <= _HIGHEST:
        reason = f"It must be from 0 to {_HIGHEST}."
        raise Misfit(
            "op.attribute", op="polygamma", attribute="n", value=str(attrs["n"]), reason=reason
        )
    found: Shape = tuple(shapes[0])
    return found


define(
    "lgamma",
    "x",
    forward=_lgamma,
    partials=("digamma(x)",),
    tex=r"\ln\left|\Gamma\left({x}\right)\right|",
    aliases=("gammaln",),
    flops=60,
    doc="Logarithm of the absolute gamma function, elementwise: ln((x - 1)!) at whole numbers.",
)
define(
    "digamma",
    "x",
    forward=_digamma,
    partials=("polygamma(1, x)",),
    tex=r"\psi\left({x}\right)",
    aliases=("psi",),
    flops=60,
    doc="Derivative of lgamma, elementwise.",
)
define(
    "polygamma",
    "x",
    forward=_polygamma,
    partials=lambda attrs: (f"polygamma({attrs['n'] + 1}, x)",),
    shape=_same_shape,
    attrs={"n": ...},
    order=("n", "x"),
    tex=r"\psi^{{({n})}}\left({x}\right)",
    example="polygamma(1, x)",
    flops=80,
    doc="The nth derivative of digamma, elementwise, up to the thirtieth.",
)
