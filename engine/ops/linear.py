"""Products of vectors, matrices and stacks of them."""

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.graph import Attributes, Shape
from engine.ops.entries import LETTERS
from engine.ops.registry import Misfit, define


def _unfit(op: str, shapes: Sequence[Shape]) -> Misfit:
    return Misfit("shape.rank", op=op, left=str(shapes[0]), right=str(shapes[-1]))


def stacked(op: str, left: Shape, right: Shape, free: str) -> tuple[str, str, str]:
    """Return letters for the axes before the last ones, of two operands and of their product.

    left, right: these axes, which broadcast. free: the letters to choose from. An axis of size 1
    that is stretched has a letter of its own: a shared one would claim that the sizes agree.
    Raises Misfit where they do not broadcast.
    """
    own: dict[str, list[str]] = {"left": [], "right": [], "out": []}
    count, letters = max(len(left), len(right)), iter(free)
    for axis in range(-count, 0):
        a, b = (shape[axis] if len(shape) >= -axis else None for shape in (left, right))
        if None not in (a, b) and a != b and 1 not in (a, b):
            raise Misfit("shape.broadcast", op=op, left=str(left), right=str(right))
        first = second = next(letters)
        if a != b and a == 1 and b is not None:
            first = next(letters)
        elif a != b and b == 1 and a is not None:
            second = next(letters)
        own["left"] += [first] * (a is not None)
        own["right"] += [second] * (b is not None)
        own["out"].append(second if a is None or (a == 1 and b is not None) else first)
    return "".join(own["left"]), "".join(own["right"]), "".join(own["out"])


def _matmul_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    left, right = shapes
    if not left or not right:
        raise _unfit("matmul", shapes)
    rows = "i" if len(left) > 1 else ""
    columns = "k" if len(right) > 1 else ""
    free = "abcdefghlmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    first, second, out = stacked("matmul", left[:-2], right[:-2], free)
    return f"{first}{rows}j,{second}j{columns}->{out}{rows}{columns}"


def _dot_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """NumPy's dot: over the last axis of a and the last but one of b; numbers scale."""
    a, b = (len(shape) for shape in shapes)
    if a + b > len(LETTERS):
        raise _unfit("dot", shapes)
    left, right = LETTERS[:a], LETTERS[a : a + b]
    if not a or not b:
        return f"{left},{right}->{left}{right}"
    place = max(b - 2, 0)
    right = right[:place] + left[-1] + right[place + 1 :]
    return f"{left},{right}->{left[:-1]}{right[:place]}{right[place + 1 :]}"


def _inner_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    a, b = (len(shape) for shape in shapes)
    if a + b > len(LETTERS):
        raise _unfit("inner", shapes)
    left, right = LETTERS[:a], LETTERS[a : a + b]
    if not a or not b:
        return f"{left},{right}->{left}{right}"
    return f"{left},{right[:-1]}{left[-1]}->{left[:-1]}{right[:-1]}"


def _outer_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    a, b = (len(shape) for shape in shapes)
    if a + b > len(LETTERS):
        raise _unfit("outer", shapes)
    return f"{LETTERS[:a]},{LETTERS[a : a + b]}->{LETTERS[: a + b]}"


def _vdot_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    if shapes[0] != shapes[1]:
        raise Misfit("shape.broadcast", op="vdot", left=str(shapes[0]), right=str(shapes[1]))
    letters = LETTERS[: len(shapes[0])]
    return f"{letters},{letters}->"


def _kron_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    rank = len(shapes[0])
    if len(shapes[1]) != rank or 2 * rank > len(LETTERS):
        raise _unfit("kron", shapes)
    left, right = LETTERS[:rank], LETTERS[rank : 2 * rank]
    mixed = "".join(a + b for a, b in zip(left, right, strict=True))
    return f"{left},{right}->{mixed}"


def _exactly(op: str, subscripts: str) -> Any:
    """A rule for operands of fixed ranks."""
    ranks = [len(letters) for letters in subscripts.partition("->")[0].split(",")]

    def rule(shapes: Sequence[Shape], attrs: Attributes) -> str:
        if [len(shape) for shape in shapes] != ranks:
            raise _unfit(op, shapes)
        return subscripts

    return rule


def _tensordot_subscripts(shapes: Sequence[Shape], attrs: Attributes) -> str:
    """dims: how many axes, the last of a and the first of b, are summed; or which ones."""
    dims = attrs.get("dims", 2)
    a, b = (len(shape) for shape in shapes)
    if isinstance(dims, int):
        pairs = [(a - dims + i, i) for i in range(dims)] if 0 <= dims <= min(a, b) else None
    else:
        both = [(each,) if isinstance(each, int) else each for each in dims]
        pairs = list(zip(*both, strict=True)) if len(both[0]) == len(both[1]) else None
        inside = all(-a <= i < a and -b <= j < b for i, j in pairs or ())
        pairs = [(i % a, j % b) for i, j in pairs] if pairs is not None and inside else None
    firsts, seconds = zip(*pairs, strict=True) if pairs else ((), ())
    alone = len({*firsts}) == len(firsts) and len({*seconds}) == len(seconds)
    if pairs is None or not alone or a + b > len(LETTERS):
        raise _unfit("tensordot", shapes)
    left, right = LETTERS[:a], list(LETTERS[a : a + b])
    for i, j in pairs:
        right[j] = left[i]
    rest = [c for i, c in enumerate(left) if i not in firsts]
    rest += [c for j, c in enumerate(right) if j not in seconds]
    return f"{left},{''.join(right)}->{''.join(rest)}"


def _product_tex(ranks: Sequence[int], attrs: Attributes) -> str:
    """A vector is a column: x @ W is Wᵀ x, and x @ y is xᵀ y."""
    if ranks[0] != 1:
        return r"{a} \, {b}"
    return r"{b_T} \, {a}" if ranks[1] == 2 else r"{a_T} \, {b}"


def _dot_tex(ranks: Sequence[int], attrs: Attributes) -> str:
    return r"{a} \cdot {b}" if ranks == [1, 1] or 0 in ranks else _product_tex(ranks, attrs)


define(
    "matmul",
    "a b",
    forward=lambda xp, a, b: xp.matmul(a, b),
    subscripts=_matmul_subscripts,
    tex=_product_tex,
    binding=2,
    operands=(2, 3),
    symbol="@",
    aliases=("mm",),
    doc="Matrix product; of stacks of matrices, one product each, with broadcasting.",
)


def _define_product(name: str, subscripts: Any, tex: Any, doc: str, **rest: Any) -> None:
    usual: dict[str, Any] = {
        "forward": lambda xp, a, b: getattr(xp, name)(a, b),
        "operands": (2, 3),
        "binding": 2,
    }
    define(name, "a b", subscripts=subscripts, tex=tex, doc=doc, **(usual | rest))


_define_product(
    "dot",
    _dot_subscripts,
    _dot_tex,
    "Inner product of vectors; of more axes, over the last of a and the last but one of b.",
)
_define_product(
    "vdot",
    _vdot_subscripts,
    r"{a} \cdot {b}",
    "Sum of the products of all entries of two tensors of one shape.",
)
_define_product(
    "inner",
    _inner_subscripts,
    r"\left\langle {a},\, {b} \right\rangle",
    "Sums of products over the last axes of both.",
    operands=(0, 0),
    binding=9,
)
_define_product(
    "outer",
    _outer_subscripts,
    r"{a} \otimes {b}",
    "Every entry of a times every entry of b, as a matrix.",
    aliases=("ger",),
    shape=lambda shapes, attrs: (prod(shapes[0]), prod(shapes[1])),
)
_define_product(
    "kron",
    _kron_subscripts,
    r"{a} \otimes {b}",
    "Kronecker product of tensors with as many axes: blocks of b, scaled by the entries of a.",
    shape=lambda shapes, attrs: tuple(a * b for a, b in zip(*shapes, strict=True)),
)
_define_product(
    "mv",
    _exactly("mv", "ij,j->i"),
    r"{a} \, {b}",
    "Matrix times vector.",
    forward=lambda xp, a, b: xp.matmul(a, b),
    example="mv(a, b[0])",
)
_define_product(
    "bmm",
    _exactly("bmm", "bij,bjk->bik"),
    r"{a} \, {b}",
    "Products of matrices, one for each index of the first axis.",
    forward=lambda xp, a, b: xp.matmul(a, b),
    example="bmm(stack([a, b]), stack([b, a]))",
)
define(
    "tensordot",
    "a b",
    forward=lambda xp, a, b, dims=2: xp.tensordot(a, b, dims),
    subscripts=_tensordot_subscripts,
    attrs={"dims": 2},
    tex=r"\operatorname{{tensordot}}\left({a},\, {b}\right)",
    doc="Sums of products over the last `dims` axes of a and the first of b, or over given axes.",
)
