r"""Matrices in symbols: `2 \cdot x^T \, W`, to be multiplied along a path and added over paths."""

from __future__ import annotations

from dataclasses import dataclass

from engine.formulas.typeset import Tex, bracketed, is_negation, loose, number
from engine.ops import ATOM

__all__ = ["Factor", "stated"]

_PRODUCT = 2


@dataclass(frozen=True, slots=True)
class Factor:
    """A matrix in symbols: scale · scalars · core; an empty core is the identity. written: the
    scale as the source has it, such as 1/2, until it is multiplied by another."""

    scale: float = 1.0
    scalars: tuple[Tex, ...] = ()
    core: str = ""
    binding: int = ATOM
    written: str = ""

    def times(self, inner: Factor) -> Factor:
        """Return the product; scalars move to the front, identities vanish."""
        scale, scalars = self.scale * inner.scale, (*self.scalars, *inner.scalars)
        alone = abs(self.scale) == 1 or abs(inner.scale) == 1
        written = (self.written or inner.written) if alone else ""
        if not self.core or not inner.core:
            only = self if self.core else inner
            return Factor(scale, scalars, only.core, only.binding, written)
        core = f"{self._wrapped()} \\, {inner._wrapped()}"
        return Factor(scale, scalars, core, _PRODUCT, written)

    def _wrapped(self) -> str:
        return bracketed((self.core, self.binding), _PRODUCT)

    def plus(self, other: Factor, matrix: bool) -> Factor:
        """Return the sum of two paths; one on which nothing flows adds nothing. matrix: whether the
        identity is written as I, not as 1."""
        if not self.scale or not other.scale:
            return self if self.scale else other
        if (self.scalars, self.core) == (other.scalars, other.core):
            return Factor(self.scale + other.scale, self.scalars, self.core, self.binding)
        second = other.tex(matrix)
        joined = f" - {second[1:]}" if is_negation(second) else f" + {second}"
        return Factor(core=self.tex(matrix) + joined, binding=1)

    def tex(self, matrix: bool) -> str:
        """Return the TeX. matrix: write the identity as I, not as 1."""
        if not self.scale:
            return "0"
        core = self.core or ("I" if matrix else "")
        several = len(self.scalars) + bool(core) + (abs(self.scale) != 1) > 1 or self.scale < 0
        parts = [] if abs(self.scale) == 1 else [self.written or number(abs(self.scale))]
        parts += [bracketed(each, _PRODUCT if several else 0) for each in self.scalars]
        if core:
            parts.append(bracketed((core, self.binding), _PRODUCT if several else 0))
        return ("-" if self.scale < 0 else "") + (r" \cdot ".join(parts) or "1")


def stated(tex: str) -> Factor:
    """Return a matrix whose TeX is given whole."""
    if tex in ("I", "0"):
        return Factor(scale=float(tex == "I"))
    sign, bare = (-1, tex[1:]) if is_negation(tex) else (1, tex)
    return Factor(sign, core=bare, binding=loose(bare))
