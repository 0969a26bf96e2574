"""Products and transposition of vectors and matrices."""

from collections.abc import Sequence

from engine.graph import Attributes, Shape
from engine.ops.registry import Misfit, define

_MATMUL = {(1, 1): "j,j->", (2, 1): "ij,j->i", (1, 2): "j,jk->k", (2, 2): "ij,jk->ik"}


def _matmul_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    left, right = shapes
    subscripts = _MATMUL.get((len(left), len(right)))
    if subscripts is None:
        raise Misfit("shape.rank", op="matmul", left=str(left), right=str(right))
    return subscripts


define(
    "matmul",
    "a b",
    forward=lambda xp, a, b: xp.matmul(a, b),
    subscripts=_matmul_subscripts,
    tex=r"{a} \, {b}",
    binding=2,
    operands=(2, 3),
    symbol="@",
    aliases=("mm", "dot"),
    doc="Matrix product of vectors and matrices.",
)


def _einsum_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """Fill in the output where it is implied. Raises Misfit where the letters do not fit."""
    text = "".join(attrs["subscripts"].split())
    sources, arrow, target = text.partition("->")
    operands = sources.split(",")
    letters = sources.replace(",", "")
    target = target if arrow else "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    fits = (
        (len(operands) == len(shapes) and (letters + target).isalpha()) or (letters + target) == ""
    ) and all(
        len(own) == len(shape) and len(set(own)) == len(own)
        for own, shape in zip(operands, shapes, strict=False)
    )
    if not fits or not set(target) <= set(letters) or len(set(target)) < len(target):
        given = ", ".join(map(str, shapes))
        raise Misfit("shape.einsum", subscripts=text[:60], shapes=given[:120])
    return f"{sources}->{target}"


define(
    "einsum",
    "xs",
    forward=lambda xp, *xs, subscripts: xp.einsum(subscripts, *xs, optimize=len(xs) > 1),
    subscripts=_einsum_subscripts,
    attrs={"subscripts": ...},
    variadic=True,
    example="einsum('ij,jk->ik', a, b)",
    tex=r"\operatorname{{einsum}}\left({xs}\right)",
    doc="Sum of products over the letters that the result lacks, as `einsum('ij,jk->ik', a, b)`.",
)
