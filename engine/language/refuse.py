"""What is not part of the language → an error that says what to write instead."""

from __future__ import annotations

import ast

from engine.errors import SourceError, closest, likeliest
from engine.language.scope import Where
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS

__all__ = ["refused", "unknown_op"]

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
    ast.Delete: "syntax.inplace",
    ast.Expr: "syntax.unnamed",
    ast.Return: "flow.return",
    ast.Break: "flow.break",
    ast.Continue: "flow.break",
}


def refused(node: ast.AST, where: Where) -> SourceError:
    """Return the error of an expression or a statement that the language lacks."""
    inner = node.op if isinstance(node, ast.BinOp | ast.UnaryOp) else node
    code = _CODES.get(type(inner), "syntax.unsupported")
    if isinstance(node, ast.Attribute) and node.attr in ("grad", "backward"):
        code = "syntax.grad"
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        code = "syntax.unsupported"
    return SourceError(code, where.span(node), construct=where.segment(node))


def unknown_op(name: str, node: ast.AST, where: Where) -> SourceError:
    """Return the error of a function that does not exist."""
    known = [*where.scope.known(), *OPS, *ALIASES, *BLOCKS]
    span, guess = where.span(node), closest(name, known)
    if guess:
        return SourceError("op.misspelled", span, name=name[:60], suggestion=guess)
    return SourceError("op.unknown", span, name=name[:60], ops=likeliest(name, OPS), count=len(OPS))
