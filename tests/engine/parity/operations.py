"""The ops both libraries have: a line each, with the call as a user of PyTorch writes it.

`add(name, call, *inputs)`: values and gradients of the call are recorded at these inputs, weighted
by fixed numbers. `KINKS` are the places where libraries disagree.
"""

from __future__ import annotations

from tests.engine.parity import settings
from tests.engine.parity.lines import (
    COLUMN,
    KINKS,
    LINES,
    ROW,
    SPREAD,
    SQUARE,
    Line,
    P,
    U,
    X,
    add,
    kink,
    run,
)

__all__ = ["KINKS", "LINES", "Line", "run"]


def _elementwise() -> None:
    anywhere = (
        "exp exp2 expm1 sin cos tan sinh cosh tanh asinh atan erf erfc sigmoid abs sign floor"
    )
    anywhere += " ceil round trunc square relu softplus silu mish gelu softsign tanhshrink elu selu"
    anywhere += " celu leaky_relu hardtanh relu6 hardsigmoid hardswish hardshrink softshrink neg"
    anywhere += " logsigmoid"
    positive = "log log2 log10 log1p sqrt rsqrt reciprocal lgamma digamma"
    inside = "asin acos atanh"
    for names, inputs in ((anywhere, X), (positive, P), (inside, U)):
        for name in names.split():
            add(name, lambda T, x, name=name: getattr(T, name)(x), inputs)
    add("polygamma", lambda T, x: T.polygamma(2, x), P)
    add("lgamma", lambda T, x: T.lgamma(x - 3), P, tag="below 0")
    add("acosh", lambda T, x: T.acosh(x + 2), P)
    add("logit", lambda T, x: T.logit(x / 3), P)
    pairs = "add sub mul div maximum minimum atan2 hypot logaddexp copysign"
    for name in pairs.split():
        for tag, a, b in (("", X, U), ("row", X, ROW), ("column and row", COLUMN, ROW)):
            add(name, lambda T, a, b, name=name: getattr(T, name)(a, b), a, b, tag=tag)
    for name in ["pow", "xlogy", "remainder", "fmod"]:
        add(name, lambda T, a, b, name=name: getattr(T, name)(a, b), P, [1.5, 2.0, -0.5][:3])
    add("lerp", lambda T, a, b, w: T.lerp(a, b, w), X, U, P)
    add("pow", lambda T, x: x**3, X, tag="number")
    add("pow", lambda T, x: 2**x, X, tag="of a number")
    for name in ["greater", "greater_equal", "less", "less_equal", "equal", "not_equal"]:
        sign = {"equal": "eq", "not_equal": "ne"}.get(name, name)
        add(name, lambda T, a, b, s=sign: getattr(T, s)(a, b), X, U)


def _conditions() -> None:
    for name in ("logical_and", "logical_or"):
        add(name, lambda T, a, b, n=name: getattr(T, n)(a, b), P, ROW)
    add("floor_divide", lambda T, a, b: T.floor_divide(a.detach(), b.detach()), P, ROW)
    add("logical_not", lambda T, a: T.logical_not(a), [0.0, 2.0])
    add("where", lambda T, a, b: T.where(a > 0, a, b), X, U)
    add("clip", lambda T, x: T.clip(x, -0.5, 1.0), X)
    add("masked_fill", lambda T, x: T.masked_fill(x, x.detach() > 0, -7.0), X)
    add("gelu", lambda T, x: T.gelu(x, approximate="tanh"), X, tag="tanh")
    add("softplus", lambda T, x: T.softplus(x, beta=2.0), X, tag="beta")
    add("elu", lambda T, x: T.elu(x, alpha=0.7), X, tag="alpha")
    add("leaky_relu", lambda T, x: T.leaky_relu(x, 0.2), X, tag="slope")


def _reductions() -> None:
    along = "sum mean prod logsumexp cumsum softmax log_softmax amax amin softmin"
    for name in along.split():
        for dim in (0, -1):
            add(name, lambda T, x, n=name, d=dim: getattr(T, n)(x, dim=d), X, tag=f"dim {dim}")
    whole = "sum mean prod max min amax amin var std norm median"
    for name in whole.split():
        add(name, lambda T, x, n=name: getattr(T, n)(x), X, tag="all")
    for name in ["sum", "mean", "logsumexp", "amax", "prod"]:
        add(name, lambda T, x, n=name: getattr(T, n)(x, dim=1, keepdim=True), X, tag="keepdim")
    add("sum", lambda T, x: T.sum(x, dim=(0, 1)), X, tag="two dims")
    add("var", lambda T, x: T.var(x, dim=1, correction=0), X, tag="population")
    add("std", lambda T, x: T.std(x, dim=0, correction=1), X, tag="sample")
    add("argmax", lambda T, x: T.argmax(x, dim=1), X)
    add("argmin", lambda T, x: T.argmin(x), X)
    add("normalize", lambda T, x: T.normalize(x, dim=1), X)
    add("norm", lambda T, x: T.norm(x, 1), X, tag="1")
    add("cumprod", lambda T, x: T.cumprod(x, dim=1), X)


def _linear() -> None:
    add("matmul", lambda T, a, b: a @ b, X, SQUARE)
    add("matmul", lambda T, a, b: a @ b, X, ROW, tag="vector")
    add("matmul", lambda T, a, b: a @ b, ROW, SQUARE, tag="from the left")
    add("matmul", lambda T, a, b: T.dot(a, b), ROW, X[0], tag="dot")
    add("matmul", lambda T, a, b: a @ b, [X, U], [SQUARE, SQUARE], tag="bmm")
    add("einsum", lambda T, a, b: T.einsum("ij,kj->ik", a, b), X, SQUARE)
    add("transpose", lambda T, x: x.T, X)
    add("dot", lambda T, a, b: T.dot(a, b), ROW, X[0])
    add("vdot", lambda T, a, b: T.vdot(a, b), ROW, X[0])
    add("inner", lambda T, a, b: T.inner(a, b), X, U)
    add("kron", lambda T, a, b: T.kron(a, b), X, COLUMN)
    add("mv", lambda T, a, b: T.mv(a, b), X, ROW)
    add("bmm", lambda T, a, b: T.bmm(a, b), [X, U], [SQUARE, SQUARE])
    add("tensordot", lambda T, a, b: T.tensordot(a, b, dims=1), X, SQUARE)
    add("bilinear", lambda T, a, b, w: T.bilinear(a, b, w), X, U, [SQUARE, SQUARE])
    add("matmul", lambda T, a, b: a @ b, [X, U], SQUARE, tag="stack by matrix")
    add("outer", lambda T, a, b: T.outer(a, b), ROW, X[0])
    add("linear", lambda T, x, w, b: T.linear(x, w, b), X, SQUARE, ROW)
    for name in ["det", "inv", "logdet", "trace", "cholesky"]:
        line = (lambda T, x: T.cholesky(x @ x.T)) if name == "cholesky" else None
        add(name, line or (lambda T, x, n=name: getattr(T, n)(x)), SQUARE)
    add("solve", lambda T, a, b: T.solve(a, b), SQUARE, ROW)


def _losses() -> None:
    for name in ["mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss"]:
        add(name, lambda T, x, y, n=name: getattr(T, n)(x, y), X, U)
        add(name, lambda T, x, y, n=name: getattr(T, n)(x, y, reduction="sum"), X, U, tag="sum")
    signs = [[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0]]
    for name in ["soft_margin_loss", "hinge_embedding_loss"]:
        add(name, lambda T, x, n=name: getattr(T, n)(x, T.tensor(signs)), X)
    name = "binary_cross_entropy"
    add(name, lambda T, x: T.binary_cross_entropy(x / 3, T.tensor([[0.0, 1, 1], [1, 0, 0.5]])), P)
    add(
        f"{name}_with_logits",
        lambda T, x: T.binary_cross_entropy_with_logits(x, T.tensor([[0.0, 1, 1], [1, 0, 0.5]])),
        X,
    )
    add("cross_entropy", lambda T, x: T.cross_entropy(x, T.tensor([2, 0])), X)
    add("nll_loss", lambda T, x: T.nll_loss(T.log_softmax(x, dim=1), T.tensor([2, 0])), X)
    target = [[0.2, 0.3, 0.5], [0.1, 0.8, 0.1]]
    add(
        "kl_div",
        lambda T, x: T.kl_div(T.log_softmax(x, dim=1), T.tensor(target), reduction="batchmean"),
        X,
    )


def _normalisations() -> None:
    add("layer_norm", lambda T, x, w, b: T.layer_norm(x, (3,), w, b), X, ROW, [0.1, 0.2, 0.3])
    add("rms_norm", lambda T, x, w: T.rms_norm(x, (3,), w), X, ROW)
    image = [[[0.1, 0.7, -0.4], [1.2, 0.3, 0.9]], [[0.5, -0.8, 0.2], [0.6, 1.1, -0.3]]]
    add("instance_norm", lambda T, x: T.instance_norm(x), image)
    add("group_norm", lambda T, x, w, b: T.group_norm(x, 1, w, b), image, ROW[:2], ROW[1:])
    add(
        "batch_norm",
        lambda T, x, w, b: T.batch_norm(x, None, None, w, b, training=True),
        [*X, [0.3, 0.9, -0.4]],
        ROW,
        [0.1, 0.2, 0.3],
    )


def _shapes() -> None:
    add("reshape", lambda T, x: x.reshape(3, -1), X)
    add("broadcast_to", lambda T, x: T.broadcast_to(x, (2, 2, 3)), X)
    add("sum_to", lambda T, x: x.sum_to_size((1, 3)), X)
    add("getitem", lambda T, x: x[0], X, tag="row")
    add("getitem", lambda T, x: x[:, 1:], X, tag="slice")
    add("getitem", lambda T, x: x[:, [0, 0, 2]], X, tag="list")
    add("getitem", lambda T, x: x[None, ..., -1], X, tag="new axis")
    add("flatten", lambda T, x: T.flatten(x), X)
    add("squeeze", lambda T, x: T.squeeze(x), [X])
    add("unsqueeze", lambda T, x: T.unsqueeze(x, 1), X)
    add("permute", lambda T, x: T.permute(x, (2, 0, 1)), [X, U])
    add("swapaxes", lambda T, x: T.swapaxes(x, 0, 1), X)
    add("concat", lambda T, a, b: T.cat([a, b], dim=0), X, U)
    add("stack", lambda T, a, b: T.stack([a, b], dim=1), X, U)
    add("flip", lambda T, x: T.flip(x, (1,)), X)
    add("roll", lambda T, x: T.roll(x, 1, 1), X)
    add("tile", lambda T, x: T.tile(x, (2, 1)), X)


def _selections() -> None:
    for name in ["triu", "tril"]:
        add(name, lambda T, x, n=name: getattr(T, n)(x), SQUARE)
    add("diag", lambda T, x: T.diag(x), SQUARE)
    add("diag", lambda T, x: T.diag(x), ROW, tag="of a vector")
    add("gather", lambda T, x: T.gather(x, 1, T.tensor([[0, 2], [1, 1]])), X)
    add("index_select", lambda T, x: T.index_select(x, 1, T.tensor([2, 0])), X)
    add("embedding", lambda T, w: T.embedding(T.tensor([2, 0, 2]), w), SQUARE)
    add("take_along_axis", lambda T, x: T.gather(x, 0, T.tensor([[0, 1, 1]])), X)
    add("take", lambda T, x: T.take(x, T.tensor([4, 0, 4])), X)
    add("diagonal", lambda T, x: T.diagonal(x, 1), SQUARE)
    add("moveaxis", lambda T, x: T.moveaxis(x, 0, 2), [X, U])
    add("matrix_transpose", lambda T, x: x.mT, X)
    add("repeat", lambda T, x: T.repeat_interleave(x, 2, dim=1), X)
    add("argsort", lambda T, x: T.argsort(x, dim=1), X)
    for mode in ("constant", "reflect", "replicate", "circular"):
        add("pad", lambda T, x, m=mode: T.pad(x, (1, 2), mode=m), X, tag=mode)


def _layers() -> None:
    add("conv1d", lambda T, x, w: T.conv1d(x, w, padding=1), [X], [[[0.5, -1.0], [2.0, 0.3]]])
    image, kernel = [[SQUARE, SQUARE]], [[[[1.0, -0.5], [0.2, 0.7]], [[0.3, 0.1], [-0.4, 2.0]]]]
    add("conv2d", lambda T, x, w: T.conv2d(x, w), image, kernel)
    add("conv2d", lambda T, x, w: T.conv2d(x, w, stride=2, padding=1), image, kernel, tag="strided")
    add("conv_transpose2d", lambda T, x, w: T.conv_transpose2d(x, w), image, SPREAD)
    add(
        "conv_transpose1d",
        lambda T, x, w: T.conv_transpose1d(x, w, stride=2),
        [X],
        [[[1.0, 2]]] * 2,
    )
    add("max_pool1d", lambda T, x: T.max_pool1d(x, 2, stride=1), [X])
    add("avg_pool1d", lambda T, x: T.avg_pool1d(x, 2, stride=1), [X])
    add("max_pool2d", lambda T, x: T.max_pool2d(x, 2, stride=1), image)
    add("avg_pool2d", lambda T, x: T.avg_pool2d(x, 2, stride=1), image)
    attend = ([X, U], [U, P], [P, X])
    add(
        "scaled_dot_product_attention",
        lambda T, q, k, v: T.scaled_dot_product_attention(q, k, v),
        *attend,
    )


def _kinks() -> None:
    kink("relu", "at 0", lambda T, x: T.relu(x), [-1.0, 0.0, 1.0])
    kink("abs", "at 0", lambda T, x: T.abs(x), [0.0])
    kink("sqrt", "at 0", lambda T, x: T.sqrt(x), [0.0])
    kink("pow", "x**0.5 at 0", lambda T, x: x**0.5, [0.0])
    kink("norm", "at 0", lambda T, x: T.norm(x), [0.0, 0.0])
    kink("sum", "sqrt(sum x**2) at 0", lambda T, x: T.sqrt((x**2).sum()), [0.0, 0.0])
    kink("amax", "tie", lambda T, x: T.amax(x), [2.0, 2.0, 1.0])
    kink("max", "tie over all", lambda T, x: T.max(x), [2.0, 2.0, 1.0])
    kink("median", "tie over all", lambda T, x: T.median(x), [2.0, 1.0, 2.0, 5.0])
    kink("maximum", "tie", lambda T, x, y: T.maximum(x, y), [2.0], [2.0])
    kink("clip", "at the bounds", lambda T, x: T.clip(x, -1.0, 1.0), [-1.0, 1.0, 2.0])
    kink("pow", "x**0 at 0", lambda T, x: x**0, [0.0])
    kink("pow", "x**2 at 0", lambda T, x: x**2, [0.0])
    kink("pow", "x**y at 0", lambda T, x, y: x**y, [0.0], [2.0])
    kink("pow", "x**x at 0", lambda T, x: x**x, [0.0])
    kink("prod", "one zero", lambda T, x: T.prod(x), [0.0, 2.0, 3.0])
    kink("where", "log at 0, not chosen", lambda T, x: T.where(x > 0, T.log(x), 0 * x), [0.0, 1.0])
    kink("std", "of constants", lambda T, x: T.std(x), [3.0, 3.0, 3.0])
    kink("sigmoid", "far out", lambda T, x: T.sigmoid(x), [-800.0, 800.0])
    kink("logsumexp", "far out", lambda T, x: T.logsumexp(x, dim=0), [1000.0, 1000.0])
    kink("getitem", "repeated index", lambda T, x: x[[0, 0]], [3.0, 4.0])
    for name, at in (("hardtanh", 1.0), ("relu6", 6.0), ("leaky_relu", 0.0), ("elu", 0.0)):
        kink(name, "at the bend", lambda T, x, n=name: getattr(T, n)(x), [at, -at])
    for name, at in (("hardsigmoid", 3.0), ("hardswish", 3.0), ("hardshrink", 0.5)):
        kink(name, "at the bends", lambda T, x, n=name: getattr(T, n)(x), [at, -at])
    kink("softshrink", "at the bends", lambda T, x: T.softshrink(x), [0.5, -0.5])
    kink("huber_loss", "at delta", lambda T, x: T.huber_loss(x, 0 * x), [1.0, -1.0, 0.0])
    kink("l1_loss", "at 0", lambda T, x: T.l1_loss(x, 0 * x), [0.0, 1.0])


for _fill in (
    _elementwise,
    _conditions,
    _reductions,
    _linear,
    _losses,
    _normalisations,
    _shapes,
    _selections,
    _layers,
    _kinks,
    settings.fill,
):
    _fill()
