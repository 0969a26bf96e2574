"""Einstein summation: any product of tensors, by letters."""

from collections.abc import Sequence
from string import ascii_letters

from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit, define

_OPERANDS = 32
"""As many as NumPy multiplies at once."""


def _unfit(text: str, shapes: Sequence[Shape]) -> Misfit:
    given = ", ".join(map(str, shapes))
    return Misfit("shape.einsum", subscripts=text[:60], shapes=given[:120])


def _spelled_out(sources: list[str], target: str | None, shapes: Sequence[Shape]) -> list[str]:
    """Write letters for `...`, aligned from the right; a stretched axis of size 1 has its own.

    Returns the letters of each operand, then those of `...` in the result. Raises ValueError where
    the axes do not broadcast.
    """
    free = iter(c for c in ascii_letters if c not in "".join([*sources, target or ""]))
    given = list(zip(sources, shapes, strict=True))
    counts = [len(shape) - len(own.replace("...", "")) for own, shape in given]
    if any(count < 0 for count in counts):
        raise ValueError
    parts = [
        shape[own.index("...") :][:count] if "..." in own else ()
        for (own, shape), count in zip(given, counts, strict=True)
    ]
    width = max(map(len, parts), default=0)
    letters = ["" for _ in parts]
    shared = ""
    for axis in range(-width, 0):
        sizes = [part[axis] if len(part) >= -axis else 1 for part in parts]
        wide = {size for size in sizes if size != 1}
        if len(wide) > 1:
            raise ValueError
        name = next(free)
        shared += name
        for i, part in enumerate(parts):
            if len(part) >= -axis:
                stretched = wide and part[axis] == 1
                letters[i] += next(free) if stretched else name
    return [own.replace("...", found) for own, found in zip(sources, letters, strict=True)] + [
        shared
    ]


def _einsum_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Fill in the output where it is implied. Raises Misfit where the letters do not fit."""
    if len(shapes) > _OPERANDS:
        raise Misfit("shape.operands", op="einsum", given=len(shapes), allowed=_OPERANDS)
    text = "".join(attrs["subscripts"].split())
    left, arrow, target = text.partition("->")
    sources = left.split(",")
    if len(sources) != len(shapes) or any(own.count("...") > 1 for own in [*sources, target]):
        raise _unfit(text, shapes)
    try:
        *sources, dots = _spelled_out(sources, target, shapes)
    except (ValueError, StopIteration):
        raise _unfit(text, shapes) from None
    letters = "".join(sources)
    if arrow:
        target = target.replace("...", dots)
    else:
        written = left.replace("...", "")
        once = sorted(c for c in set(written) if c != "," and written.count(c) == 1)
        target = dots + "".join(once)
    fits = set(letters + target) <= set(ascii_letters) and all(
        len(own) == len(shape) and len(set(own)) == len(own)
        for own, shape in zip(sources, shapes, strict=True)
    )
    if not fits or not set(target) <= set(letters) or len(set(target)) < len(target):
        raise _unfit(text, shapes)
    return f"{','.join(sources)}->{target}"


define(
    "einsum",
    "xs",
    forward=lambda xp, *xs, subscripts: xp.einsum(
        "".join(subscripts.split()), *xs, optimize=len(xs) > 1
    ),
    subscripts=_einsum_subscripts,
    attrs={"subscripts": ...},
    variadic=True,
    example="einsum('ij,jk->ik', a, b)",
    tex=r"\operatorname{{einsum}}\left({xs}\right)",
    doc="Sum of products over the letters that the result lacks, as `einsum('ij,jk->ik', a, b)`.",
)
