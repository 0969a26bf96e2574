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


def _transpose_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"[: len(shapes[0])]
    return f"{letters}->{letters[::-1]}"


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
define(
    "transpose",
    "x",
    forward=lambda xp, x: x.T,
    subscripts=_transpose_subscripts,
    tex="{{{x}}}^T",
    binding=4,
    operands=(5,),
    aliases=("t",),
    doc="Transpose: all axes in reverse order. A vector stays as it is.",
)
