"""Linear algebra of square matrices and stacks of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from engine.backend import Array
from engine.graph import Attributes, Shape
from engine.jacobians.jacobian import Jacobian
from engine.jacobians.structures import Operator
from engine.ops.entries import labelled
from engine.ops.notation import blocks
from engine.ops.registry import Misfit, Point, TexRule, define

Apply = Callable[[Array], Array]


def _flip(array: Array) -> Array:
    """Transpose every matrix of a stack."""
    return array.swapaxes(-1, -2)


def _square(op: str, shape: Shape) -> Shape:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise Misfit("shape.square", op=op, shape=str(shape))
    return shape


def _each(template: str) -> TexRule:
    """The template for one matrix; for each of a stack its own block."""
    return lambda in_shape, out_shape, attrs: (blocks(template, "a out", prod(in_shape[:-2]) > 1),)


def _solve_tex(in_shape: Shape, out_shape: Shape, attrs: Attributes) -> tuple[str, ...]:
    right = r"{a}^{{-1}}" if len(out_shape) == 1 else r"{a}^{{-1}} \otimes I"
    many = prod(out_shape[:-2]) > 1
    return tuple(blocks(each, "a out", many) for each in (r"-{a}^{{-1}} \otimes {out}^T", right))


def _cubic(shapes: Sequence[Shape], attrs: Attributes) -> int:
    """FLOPs of one factorization and as many solutions as there are columns."""
    return 3 * prod(shapes[0]) * shapes[0][-1]


def _try(op: str, code: str, compute: Callable[[], Array]) -> Array:
    """Raise Misfit where a matrix has no answer; CuPy gives NaN there instead."""
    try:
        return compute()
    except np.linalg.LinAlgError:
        raise Misfit(code, op=op) from None


def _columns(b: Array, rank: int) -> Array:
    return b[..., None] if b.ndim < rank else b


def _solve(xp: Any, a: Array, b: Array) -> Array:
    found = _try("solve", "value.singular", lambda: xp.linalg.solve(a, _columns(b, a.ndim)))
    return found[..., 0] if b.ndim < a.ndim else found


def _solve_shape(shapes: Sequence[Shape], attrs: Attributes) -> Shape:
    """b: as many matrices as a has, or as many vectors."""
    a, b = shapes
    _square("solve", a)
    vectors = len(b) == len(a) - 1
    if not (vectors or len(b) == len(a)) or b[: len(a) - 1] != a[:-1]:
        raise Misfit("shape.rank", op="solve", left=str(a), right=str(b))
    return b


def _factored(point: Point, pull: Apply, push: Apply, stored: int) -> Jacobian:
    """Two factors that are only ever applied, never multiplied out. pull, push: on stacks."""
    shapes = tuple(point.out.shape), tuple(point.inputs[0].shape)
    batch, block = prod(shapes[1][:-2]), prod(shapes[1][-2:])
    each = prod(shapes[0]) // max(batch, 1)
    count = batch * each * block
    return Operator(point.xp, point.dtype, *shapes, "factored", pull, push, stored, count)


def _solve_jacobian(point: Point, slot: int) -> Jacobian:
    """-A⁻¹ ⊗ xᵀ by A, kept as factors; A⁻¹ by b."""
    xp, (a, b), rank = point.xp, point.inputs, point.inputs[0].ndim
    x = _columns(point.out, rank)
    inverse = xp.linalg.inv(a)
    if slot == 1:
        batch, size, columns = prod(a.shape[:-2]), a.shape[-1], x.shape[-1]
        sizes = {0: batch, 1: size, 2: size, 3: columns}
        return labelled(point, 1, sizes, ((0, 1, 3), (0, 2, 3), (0, 1, 2)), _thin(inverse, batch))

    def pull(rows: Array) -> Array:
        rows = rows.reshape((len(rows), *x.shape))
        return -((_flip(inverse) @ rows) @ _flip(x))

    def push(tangents: Array) -> Array:
        return -(inverse @ (tangents @ x)).reshape((len(tangents), *b.shape))

    return _factored(point, pull, push, int(inverse.size + x.size))


def _thin(matrices: Array, batch: int) -> Array:
    return matrices.reshape((batch, *matrices.shape[-2:]))


def _solve_vjp(slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
    back = "solve(matrix_transpose(a), g)"
    if slot == 1:
        return back
    if len(shapes[1]) == len(shapes[0]):
        return f"-({back} @ matrix_transpose(out))"
    return f"-(unsqueeze({back}, -1) * unsqueeze(out, -2))"


define(
    "solve",
    "a b",
    forward=_solve,
    jacobian=_solve_jacobian,
    vjps=_solve_vjp,
    shape=_solve_shape,
    flops=_cubic,
    jacobian_tex=_solve_tex,
    tex=r"{{{a}}}^{{-1}} \, {b}",
    operands=(5, 3),
    binding=2,
    doc="The x with a @ x = b, for a square matrix a, or for each of a stack.",
)


def _inv_jacobian(point: Point, slot: int) -> Jacobian:
    back = _flip(point.out)

    def pull(rows: Array) -> Array:
        return -(back @ rows @ back)

    def push(tangents: Array) -> Array:
        return -(point.out @ tangents @ point.out)

    return _factored(point, pull, push, int(point.out.size))


define(
    "inv",
    "a",
    forward=lambda xp, a: _try("inv", "value.singular", lambda: xp.linalg.inv(a)),
    jacobian=_inv_jacobian,
    vjps=("-(matrix_transpose(out) @ g @ matrix_transpose(out))",),
    shape=lambda shapes, attrs: _square("inv", shapes[0]),
    flops=_cubic,
    aliases=("inverse",),
    jacobian_tex=_each(r"-{out} \otimes {out}^T"),
    tex=r"{{{a}}}^{{-1}}",
    operands=(5,),
    binding=4,
    doc="The inverse of a square matrix, or of each of a stack.",
)


def _cofactors(xp: Any, a: Array) -> Array:
    """The gradient of det: det(A) A⁻ᵀ, by singular values, so that A may be singular.

    Source: Giles, "An extended collection of matrix derivative results" (2008), and the identity
    cof(U S Vᵀ) = det(U) det(V) U cof(S) Vᵀ.
    """
    known = xp.isfinite(a).all(axis=(-2, -1), keepdims=True)  # of any other, svd knows nothing
    u, values, vh = xp.linalg.svd(xp.where(known, a, 0))
    size = a.shape[-1]
    # Row i holds all singular values but the i-th, which 1 replaces: its product leaves it out.
    others = xp.where(xp.eye(size, dtype=bool), 1.0, values[..., None, :]).prod(axis=-1)
    sign = xp.linalg.det(u) * xp.linalg.det(vh)
    entries = sign[..., None, None] * ((u * others[..., None, :]) @ vh)
    return xp.where(known, entries, xp.nan).astype(a.dtype)


def _row(point: Point, entries: Array) -> Jacobian:
    """One row for each matrix of a stack."""
    batch, size = prod(point.out.shape), point.inputs[0].shape[-1]
    sizes = {0: batch, 1: size, 2: size}
    return labelled(point, 0, sizes, ((0,), (0, 1, 2), (0, 1, 2)), _thin(entries, batch))


define(
    "det",
    "a",
    forward=lambda xp, a: xp.linalg.det(a),
    jacobian=lambda point, slot: _row(point, _cofactors(point.xp, point.inputs[0])),
    vjps=("unsqueeze(g * out, (-2, -1)) * matrix_transpose(inv(a))",),
    shape=lambda shapes, attrs: _square("det", shapes[0])[:-2],
    flops=_cubic,
    jacobian_tex=_each(r"{out} \, \operatorname{{vec}}\left({a}^{{-T}}\right)^T"),
    tex=r"\det\left({a}\right)",
    doc="The determinant of a square matrix, or of each of a stack.",
)


def _log_det(xp: Any, a: Array) -> Array:
    """NaN for a negative determinant, as in PyTorch."""
    sign, magnitude = xp.linalg.slogdet(a)
    return xp.where(sign < 0, xp.asarray(xp.nan, dtype=magnitude.dtype), magnitude)


def _define_log_det(name: str, forward: Any, tex: str, doc: str) -> None:
    define(
        name,
        "a",
        forward=forward,
        jacobian=lambda point, slot: _row(
            point,
            _flip(_try(name, "value.singular", lambda: point.xp.linalg.inv(point.inputs[0]))),
        ),
        vjps=("unsqueeze(g, (-2, -1)) * matrix_transpose(inv(a))",),
        shape=lambda shapes, attrs: _square(name, shapes[0])[:-2],
        flops=_cubic,
        jacobian_tex=_each(r"\operatorname{{vec}}\left({a}^{{-T}}\right)^T"),
        tex=tex,
        doc=doc,
    )


_define_log_det(
    "logdet",
    _log_det,
    r"\ln \det\left({a}\right)",
    "The logarithm of the determinant, without overflow; NaN where it is negative.",
)
_define_log_det(
    "slogdet",
    lambda xp, a: xp.linalg.slogdet(a)[1],
    r"\ln \left|\det\left({a}\right)\right|",
    "The logarithm of the absolute determinant: the second of the two results of NumPy's slogdet.",
)


def _phi(xp: Any, matrices: Array) -> Array:
    """The lower triangle, its diagonal halved."""
    return (xp.tril(matrices) + xp.tril(matrices, -1)) / 2


def _cholesky_jacobian(point: Point, slot: int) -> Jacobian:
    """dL = L Φ(L⁻¹ dA L⁻ᵀ). Source: Murray, "Differentiation of the Cholesky decomposition"
    (2016)."""
    xp, lower = point.xp, point.out
    inverse = xp.tril(xp.linalg.inv(lower))

    def pull(rows: Array) -> Array:
        inner = _flip(inverse) @ _phi(xp, _flip(lower) @ rows) @ inverse
        return (inner + _flip(inner)) / 2

    def push(tangents: Array) -> Array:
        inner = inverse @ ((tangents + _flip(tangents)) / 2) @ _flip(inverse)
        return lower @ _phi(xp, inner)

    return _factored(point, pull, push, int(lower.size))


_PHI = "(tril(matrix_transpose(out) @ g) + tril(matrix_transpose(out) @ g, -1)) / 2"
_HALF = f"matrix_transpose(solve(matrix_transpose(out), {_PHI}))"
_WHOLE = f"solve(matrix_transpose(out), {_HALF})"

define(
    "cholesky",
    "a",
    forward=lambda xp, a: _try(
        "cholesky", "value.definite", lambda: xp.linalg.cholesky((a + _flip(a)) / 2)
    ),
    jacobian=_cholesky_jacobian,
    vjps=(f"({_WHOLE} + matrix_transpose({_WHOLE})) / 2",),
    shape=lambda shapes, attrs: _square("cholesky", shapes[0]),
    flops=_cubic,
    example="cholesky(a @ a.T + [[9, 0], [0, 9]])",
    jacobian_tex=_each(
        r"\left({out} \otimes I\right) \, \Phi \, "
        r"\left({out}^{{-1}} \otimes {out}^{{-1}}\right) \, \tfrac{{1}}{{2}} \left(I + K\right)"
    ),
    tex=r"\operatorname{{chol}}\left({a}\right)",
    doc="The lower triangular L with L Lᵀ = a; of a only the symmetric part counts.",
)
