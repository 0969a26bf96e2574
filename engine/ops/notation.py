r"""Pieces of the TeX of local Jacobians: templates for `jacobian_tex`, whose braces are doubled.

`\bigoplus_r` is the direct sum of blocks: block r acts on the entries with index r along the axes
that are not merged. `I`, `\mathbf{1}` and `\mathbf{1}^T` keep, stretch and sum an axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from engine.graph import Shape

__all__ = ["KEPT", "SPREAD", "SUMMED", "along", "blocks", "kronecker", "several", "spread"]

KEPT, SPREAD, SUMMED = "I", r"\mathbf{{1}}", r"\mathbf{{1}}^T"


def several(shape: Shape, axes: Sequence[int] | set[int]) -> bool:
    """Whether there is more than one block: something is left beside the merged axes."""
    return prod(size for axis, size in enumerate(shape) if axis not in axes) > 1


def blocks(template: str, names: str, many: bool) -> str:
    """Return the template of one block for each index r of the arguments in `names`, if many."""
    if not many:
        return template
    for name in names.split():
        template = template.replace(f"{{{name}}}", f"{{{name}}}_{{{{r}}}}")
    return rf"\bigoplus_{{{{r}}}} \left({template}\right)"


def kronecker(parts: Sequence[str]) -> str:
    """Return a Kronecker product, equal neighbours once: I ⊗ I is an identity, too."""
    alone = [each for i, each in enumerate(parts) if each != "I" or parts[i - 1 : i] != ["I"]]
    shown = [each for i, each in enumerate(alone) if i == 0 or each != alone[i - 1]]
    return r" \otimes ".join(shown)


def along(shape: Shape, axis: int | None, matrix: str) -> str:
    """Return I ⊗ matrix ⊗ I, which acts along one axis of a shape; along vec for None."""
    if axis is None:
        return matrix
    at = axis % max(len(shape), 1)
    before, after = [KEPT] * (prod(shape[:at]) > 1), [KEPT] * (prod(shape[at + 1 :]) > 1)
    return kronecker([*before, matrix, *after])


def spread(given: Shape, out_shape: Shape, place: Shape | None = None) -> str:
    """Return the map that stretches an argument over the result. place: the shape that the argument
    takes to meet it, if not its own."""
    own = place if place is not None and prod(given) == prod(place) else given
    own = (1,) * (len(out_shape) - len(own)) + own
    pairs = zip(own, out_shape, strict=True)
    return kronecker([KEPT if a == b else SPREAD for a, b in pairs if b != 1]) or KEPT
