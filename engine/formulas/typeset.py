r"""Names and numbers → TeX, and what can be done to TeX as text: brackets, transposes, signs."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from math import isfinite, pi
from typing import Any

from engine.ops import ATOM

__all__ = [
    "Tex",
    "bracketed",
    "is_negation",
    "loose",
    "number",
    "symbol",
    "turned",
    "written_out",
]

Tex = tuple[str, int]
"""TeX and how strongly it binds (see `Op.binding`)."""

_ACCENTS = {
    "\u0303": "tilde",
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u0301": "acute",
    "\u0300": "grave",
    "\u20d7": "vec",
}
_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|"
    "upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_REMEMBERED = 32
"""Characters of a name whose TeX is kept: names come from outside, and there is no end of them."""

_READABLE, _DENOMINATOR = 8, 10_000
"""A number of more characters is written as a fraction with a denominator up to this, if it is
one."""

_SIDE = 4
"""Rows and columns of a tensor that is written out."""

_TRANSPOSE = 4
"""How strongly a transpose binds: as a power does."""


def symbol(name: str) -> str:
    r"""Return the TeX of a node's name: `W1` → `W_{1}`, `ỹ` → `\tilde{y}`, `h@2` → `h^{(2)}`,
    `loss` → `\mathrm{loss}`."""
    name, _, part = name.partition(".")
    base, _, again = name.partition("@")
    tex = _remembered(base) if len(base) <= _REMEMBERED else _symbol(base)
    if again:
        tex = f"{tex}^{{({again})}}"
    return f"{tex}{{\\scriptstyle .{part}}}" if part else tex


def _symbol(base: str) -> str:
    match = re.fullmatch(r"(.*?)_?(\d*)", base)
    assert match is not None
    stem, digits = match.groups()
    head, _, tail = stem.partition("_")
    below = [*(word for word in tail.split("_") if word), *([digits] if digits else [])]
    tex = _letters(head)
    if below:
        tex += "_{" + ",".join(word if word.isdigit() else _letters(word) for word in below) + "}"
    return tex


_remembered = lru_cache(maxsize=4096)(_symbol)


def _letters(word: str) -> str:
    if _GREEK.fullmatch(word):
        return f"\\{word}"
    parts: list[str] = []
    for character in unicodedata.normalize("NFD", word):
        accent = _ACCENTS.get(character)
        if accent and parts:
            parts[-1] = f"\\{accent}{{{parts[-1]}}}"
        elif not unicodedata.combining(character):
            parts.append(character)
    if len(parts) == 1 and (parts[0].startswith("\\") or _is_plain(parts[0])):
        return parts[0]
    if all(len(part) == 1 and part.isascii() for part in parts):
        return f"\\mathrm{{{word}}}"
    if any(part.startswith("\\") for part in parts):
        return "".join(
            part if part.startswith("\\") or _is_plain(part) else f"\\text{{{part}}}"
            for part in parts
        )
    return f"\\text{{{word}}}"


def _is_plain(character: str) -> bool:
    """Latin and Greek letters, and digits, may stand in mathematics as they are."""
    return character.isascii() or "\u0370" <= character <= "\u03ff"


def number(value: float) -> str:
    r"""Return a number as it would be written by hand: 2, 0.5, 10^{-3}, \frac{1}{3}, \pi."""
    if value == pi:
        return r"\pi"
    if not isfinite(value):
        return r"\mathrm{NaN}" if value != value else r"\infty" if value > 0 else r"-\infty"
    text = repr(float(value)).removesuffix(".0")
    if len(text) > _READABLE:
        near = Fraction(value).limit_denominator(_DENOMINATOR)
        if near and float(near) == value:
            sign, above = "-" if near < 0 else "", abs(near.numerator)
            whole = near.denominator == 1
            return f"{sign}{above}" if whole else f"{sign}\\frac{{{above}}}{{{near.denominator}}}"
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else f"{mantissa} \\cdot {power}"


def written_out(entries: Any) -> str | None:
    """Return a small vector or matrix as it is written; None for any other tensor. entries: nested
    lists."""
    if not isinstance(entries, list) or not 0 < len(entries) <= _SIDE:
        return None
    if not isinstance(entries[0], list):
        return f"\\left({', '.join(map(number, entries))}\\right)".replace(", ", r",\, ")
    if not 0 < len(entries[0]) <= _SIDE or isinstance(entries[0][0], list):
        return None
    rows = r" \\ ".join(" & ".join(map(number, row)) for row in entries)
    return f"\\left(\\begin{{smallmatrix}} {rows} \\end{{smallmatrix}}\\right)"


def bracketed(tex: Tex, needed: int) -> str:
    """Return the TeX, in parentheses unless it binds as strongly as needed."""
    return tex[0] if tex[1] >= needed else f"\\left({tex[0]}\\right)"


def is_negation(text: str) -> bool:
    """Whether TeX is one term behind a minus, such as `-x`, and no sum that begins with one."""
    return text.startswith("-") and not re.search(r" [+-] ", _top(text))


def loose(text: str) -> int:
    """Return how strongly TeX binds that was put together by hand; a Kronecker product or a direct
    sum as loosely as a sum, so that it gets parentheses inside a product."""
    top = _top(text)
    if re.search(r" [+-] |\\otimes|\\bigoplus", top) or text.startswith("-"):
        return 1
    return 2 if r"\," in top else ATOM


def turned(tex: Tex) -> Tex:
    """Return the transpose; of a transpose, what it is the transpose of."""
    text = tex[0]
    if not text.endswith("}^T") or _closing(text, 0) != len(text) - 3:
        return f"{{{bracketed(tex, _TRANSPOSE + 1)}}}^T", _TRANSPOSE
    inner = text[1:-3]
    bare = inner.removeprefix(r"\left(").removesuffix(r"\right)")
    whole = len(bare) == len(inner) - 13 and _top(inner) == r"\left()"
    return (bare, 1) if whole else (inner, ATOM)


def _closing(text: str, start: int) -> int:
    """Return where the brace that opens at `start` closes, or -1 where none does."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place if text[start] == "{" else -1
    return -1


def _top(text: str) -> str:
    r"""Return the TeX without what stands between braces and between \left and \right."""
    kept: list[str] = []
    depth = 0
    for token in re.findall(r"\\left.|\\right.|[^\\{}]+|\\[a-zA-Z]+|\\.|[{}]", text):
        opens, closes = token.startswith("\\left") and len(token) == 6, token.startswith("\\right")
        depth -= closes or token == "}"
        if not depth and not closes:
            kept.append(token)
        elif not depth:
            kept.append(token[-1])
        depth += opens or token == "{"
    return "".join(kept)
