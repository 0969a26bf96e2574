"""What is not part of the language → an error that says what to write instead."""

from __future__ import annotations

import ast
from difflib import SequenceMatcher
from functools import cache

from engine.errors import SourceError, closest
from engine.language.scope import Where
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS

__all__ = ["no_part", "op_of", "refused", "unknown_op"]

_CODES: dict[type[ast.AST], str] = {
    ast.BitXor: "syntax.power",
    ast.BitAnd: "syntax.logic",
    ast.BitOr: "syntax.logic",
    ast.Invert: "syntax.logic",
    ast.BoolOp: "syntax.logic",
    ast.Not: "syntax.logic",
    ast.Compare: "syntax.chain",
    ast.Lambda: "syntax.lambda",
    ast.ListComp: "syntax.comprehension",
    ast.SetComp: "syntax.comprehension",
    ast.DictComp: "syntax.comprehension",
    ast.GeneratorExp: "syntax.comprehension",
    ast.Dict: "syntax.collection",
    ast.Set: "syntax.collection",
    ast.IfExp: "flow.condition",
    ast.Delete: "syntax.effect",
    ast.Expr: "syntax.unnamed",
    ast.Return: "flow.return",
    ast.Break: "flow.break",
    ast.Continue: "flow.break",
}

_NEAR, _VERY_NEAR = 0.75, 0.8

_GRADS = ("grad", "value_and_grad", "gradient")
_EFFECTS = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")

_INSTEAD = {
    "meshgrid": "x[None, :]` and `y[:, None]",
    "reduce_sum": "sum(x)",
    "reduce_mean": "mean(x)",
    "reduce_max": "max(x)",
    "avg": "mean(x)",
    "heaviside": "where(x > 0, 1, 0)",
    "logistic": "sigmoid(x)",
    "long": "trunc(x)` for numbers, `torch.tensor([0, 1])` for labels",
    "sinc": "sin(pi * x) / (pi * x)",
    "sqr": "x ** 2",
    **dict.fromkeys(("PRNGKey", "key"), "np.random.seed(0)` and `np.random.randn(2, 3)"),
    "fmax": "maximum(a, b)",
    "fmin": "minimum(a, b)",
    **dict.fromkeys(("multi_dot", "chain_matmul"), "a @ b @ c"),
    **dict.fromkeys(("expand_as", "broadcast_like"), "broadcast_to(x, y.shape)"),
    **dict.fromkeys(("view_as", "reshape_as", "unflatten", "resize"), "reshape(x, y.shape)"),
    **dict.fromkeys(("narrow", "select", "hsplit", "vsplit"), "x[:, start:stop]"),
    **dict.fromkeys(("unfold", "fold"), "stack([x[i : i + k] for i in range(n)])"),
    **dict.fromkeys(("masked_select", "compress", "extract"), "where(mask, x, 0)"),
    **dict.fromkeys(("index_add", "index_fill", "index_copy"), "x.at[i].set(v)"),
    **dict.fromkeys(("pinv", "lstsq"), "solve(A.T @ A, A.T @ b)"),
    **dict.fromkeys(("diag_embed", "diagflat"), "diag(v)"),
    **dict.fromkeys(("atleast_1d", "atleast_2d"), "x[None, :]"),
    **dict.fromkeys(("nansum", "nanmean", "nan_to_num"), "where(x == x, x, 0)"),
    **dict.fromkeys(("interpolate", "upsample"), "repeat_interleave(x, 2, dim=2)"),
    **dict.fromkeys(("convolve", "correlate"), "conv1d(x, w)"),
    "adaptive_avg_pool2d": "mean(x, axis=(2, 3), keepdims=True)",
    **dict.fromkeys(("logspace", "geomspace"), "10 ** linspace(0, 1, 3)"),
    **dict.fromkeys(("var_mean", "std_mean"), "var(x), mean(x)"),
    "logcumsumexp": "log(cumsum(exp(x), 0))",
    "matrix_norm": "norm(A)",
    "rollaxis": "moveaxis(x, 1, 0)",
    "dstack": "stack([a, b], axis=-1)",
    "append": "concat([a, b])",
    "rot90": "flip(x.T, 0)",
    "rsub": "b - a",
    "logaddexp2": "log2(2 ** a + 2 ** b)",
    "AdaptiveAvgPool2d": "mean(x, axis=(2, 3), keepdims=True)",
}
"""What to write for a function that is not there."""

_NORM = "F.batch_norm(x, None, None, W, b, training=True)"
_OBJECTS = {
    "Linear": "F.linear(x, W, b)",
    "Sequential": "h = relu(x @ W1 + b1)",
    "ModuleList": "h = relu(x @ W1 + b1)",
    "Module": "def layer(x, W, b):",
    **dict.fromkeys(("LSTM", "LSTMCell"), "lstm_cell(x, h, c, W, U, b)"),
    **dict.fromkeys(("GRU", "GRUCell"), "gru_cell(x, h, W, U, b, d)"),
    **dict.fromkeys(("RNN", "RNNCell"), "rnn_cell(x, h, W, U, b)"),
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d", "BatchNorm3d"), _NORM),
    **dict.fromkeys(("MultiheadAttention", "TransformerEncoderLayer"), "attention(Q, K, V)"),
    "BCELoss": "F.binary_cross_entropy(y, t)",
    "BCEWithLogitsLoss": "F.binary_cross_entropy_with_logits(z, t)",
    "NLLLoss": "F.nll_loss(y, t)",
    "MSELoss": "F.mse_loss(y, t)",
}
"""What to write for an object of `torch.nn`, where it is not the op of that name."""


def refused(node: ast.AST, where: Where) -> SourceError:
    """Return the error of an expression or a statement that the language lacks."""
    inner = node.op if isinstance(node, ast.BinOp | ast.UnaryOp) else node
    code = _CODES.get(type(inner), "syntax.unsupported")
    if isinstance(node, ast.Attribute) and node.attr in ("grad", "backward"):
        code = "syntax.grad"
    called = node.func if isinstance(node, ast.Call) else None
    if getattr(called, "attr", getattr(called, "id", "")) in _GRADS:
        code = "syntax.grad"
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        code = "syntax.unsupported"
    return SourceError(code, where.span(node), construct=where.segment(node))


def no_part(target: ast.Subscript, where: Where) -> SourceError:
    """Return the error of `x[i] = …` where that is no new tensor."""
    span, text = where.span(target), where.segment(target)
    if getattr(target.value, "id", "") in ("In", "Out"):
        return SourceError("syntax.prompt", span, prompt=text)
    return SourceError("syntax.inplace", span, construct=text)


def unknown_op(name: str, node: ast.AST, where: Where) -> SourceError:
    """Return the error of a function that does not exist."""
    span, text = where.span(node), where.segment(node)
    if name in _GRADS:
        return SourceError("syntax.grad", span, construct=text)
    if name in _EFFECTS:
        return SourceError("syntax.effect", span, construct=text)
    if name[:1].isupper() and (written := _written_out(name)):
        return SourceError("op.object", span, name=text, suggestion=written)
    if name in _INSTEAD:
        return SourceError("op.instead", span, name=name, suggestion=_INSTEAD[name])
    known = [*where.scope.known(), *OPS, *ALIASES, *BLOCKS]
    guess = closest(name, known)
    if guess and _is_likely(name, guess):
        return SourceError("op.misspelled", span, name=name[:60], suggestion=guess)
    return SourceError("op.unknown", span, name=name[:60], count=len(OPS))


def _written_out(name: str) -> str:
    """Return what does the work of an object of `torch.nn`, or nothing."""
    if name in _OBJECTS:
        return _OBJECTS[name]
    op = op_of(name)
    return OPS[op].usage if op else ""


def op_of(name: str) -> str | None:
    """Return the op that an object of `torch.nn` applies: `CrossEntropyLoss`, `ReLU`; or None."""
    if not name[:1].isupper():
        return None
    plain = {"bceloss": "binarycrossentropy", "bcewithlogitsloss": "binarycrossentropywithlogits"}
    wanted = plain.get(name.lower(), name.lower())
    return _plainly().get(wanted) or _plainly().get(wanted.removesuffix("loss"))


@cache
def _plainly() -> dict[str, str]:
    """Return the ops by their names without underscores, once: many lines ask for one."""
    names = reversed((*OPS, *ALIASES))
    return {each.replace("_", ""): ALIASES.get(each, each) for each in names}


def _is_likely(name: str, guess: str) -> bool:
    """Whether a guess is close enough to be made: a wrong one leads astray."""
    if sorted(name.lower()) == sorted(guess.lower()):
        return name != guess
    alike = SequenceMatcher(None, name, guess).ratio()
    return alike >= (_NEAR if name[0] == guess[0] else _VERY_NEAR)
