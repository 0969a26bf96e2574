"""A snippet as Python's syntax tree, looked through before anything runs.

Python's parser only makes the tree. What may stand in it is a list; all else is refused here, with
its place and the nearest supported way.
"""

from __future__ import annotations

import ast

from engine.autograd.budget import Limits
from engine.autograd.refuse import refused, span_of, unknown
from engine.errors import LimitError, SourceError, Span
from engine.language.misread import explained

__all__ = ["read"]

_BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.FunctionDef, ast.ClassDef)
_SIMPLE: tuple[type, ...] = (
    ast.Try,
    ast.ExceptHandler,
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.Return,
    ast.Pass,
    ast.Break,
)
_SIMPLE += (ast.Continue, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.Delete)
_SIMPLE += (ast.Global, ast.Nonlocal, ast.alias, ast.withitem)
_VALUES: tuple[type, ...] = (
    ast.Constant,
    ast.Name,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.Call,
)
_VALUES += (ast.Attribute, ast.Subscript, ast.Slice, ast.List, ast.Tuple, ast.Dict, ast.Set)
_VALUES += (ast.IfExp, ast.Lambda, ast.JoinedStr, ast.FormattedValue, ast.ListComp, ast.DictComp)
_VALUES += (ast.GeneratorExp, ast.SetComp, ast.Starred, ast.NamedExpr)
_PARTS: tuple[type, ...] = (
    ast.Module,
    ast.arguments,
    ast.arg,
    ast.keyword,
    ast.comprehension,
    ast.expr_context,
)
_PARTS += (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_ALLOWED = (*_BLOCKS, *_SIMPLE, *_VALUES, *_PARTS)

_INSTEAD = {
    "AsyncFunctionDef": ("async def", "Write `def`."),
    "Await": ("await", "Call the function as it is."),
    "Yield": ("yield", "Append to a list, and return it."),
    "YieldFrom": ("yield from", "Append to a list, and return it."),
    "Match": ("match", "Write `if` and `elif`."),
    "TryStar": ("except*", "Write `except`."),
    "AsyncFor": ("async for", "Write `for`."),
    "AsyncWith": ("async with", "Write `with`."),
}


def read(source: str, limits: Limits) -> ast.Module:
    """Return the tree of a snippet. Raises SourceError or LimitError with the place."""
    if len(source) > limits.source:
        raise LimitError("autograd.budget.source", allowed=limits.source)
    _shallow(source, limits.depth)
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise _misread(error, source) from None
    except (RecursionError, MemoryError, ValueError):
        raise SourceError("autograd.deep", Span(1, 1, 1, 2), allowed=limits.depth) from None
    _look(tree, limits.depth)
    if not source.isascii():
        _count_letters(tree, source)
    return tree


def _misread(error: SyntaxError, source: str) -> SourceError:
    """A prompt or a full-width sign has a remedy; of all else what Python's parser says is told."""
    line, column = error.lineno or 1, error.offset or 1
    rows = source.split("\n")[line - 1 : line]
    if rows:
        error.lineno, error.end_lineno = 1, 1 + (error.end_lineno or line) - line
        told = explained(error, rows[0], line, 1)
        if told.code in ("syntax.prompt", "syntax.character"):
            return told
    span = Span(line, column, line, column + 1)
    return SourceError("autograd.invalid", span, reason=error.msg)


def _count_letters(tree: ast.Module, source: str) -> None:
    """Columns in letters: Python's parser counts bytes."""
    lines = [line.encode() for line in source.split("\n")]
    for node in ast.walk(tree):
        for line, column in (("lineno", "col_offset"), ("end_lineno", "end_col_offset")):
            at = getattr(node, line, None)
            if at is not None and at <= len(lines):
                before = lines[at - 1][: getattr(node, column)]
                setattr(node, column, len(before.decode(errors="ignore")))


def _shallow(source: str, depth: int) -> None:
    """Raise before the parser goes deep into brackets or signs."""
    open_brackets = signs = 0
    for number, line in enumerate(source.split("\n"), 1):
        for column, letter in enumerate(line, 1):
            signs = signs + 1 if letter in "-+~ " else 0
            open_brackets += (letter in "([{") - (letter in ")]}")
            if max(open_brackets, signs - 80) > depth:
                span = Span(number, column, number, column + 1)
                raise SourceError("autograd.deep", span, allowed=depth)


def _look(tree: ast.Module, depth: int) -> None:
    """Walk the tree without recursion; raise at the first part that may not stand there."""
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, level = stack.pop()
        _check(node)
        if level > 4 * depth:
            raise SourceError("autograd.deep", span_of(node), allowed=depth)
        stack += [(child, level + 1) for child in ast.iter_child_nodes(node)]


def _check(node: ast.AST) -> None:
    if not isinstance(node, _ALLOWED):
        kind = type(node).__name__
        word, remedy = _INSTEAD.get(kind, (kind.lower(), "Write it with what is there."))
        raise refused(word, remedy, node)
    if isinstance(node, ast.Attribute) and node.attr.startswith("__") and node.attr not in _OPEN:
        raise unknown("a value", node.attr, (), node)
    if isinstance(node, ast.ClassDef):
        _check_class(node)
    if isinstance(node, ast.Name) and node.id.startswith("__") and node.id != "__name__":
        raise unknown("a snippet", node.id, (), node)
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes | complex):
        raise refused(type(node.value).__name__, "Write real numbers and texts.", node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        _check_text(node, node.value)


def _check_text(node: ast.AST, text: str) -> None:
    """Half a character cannot be told to anybody."""
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise refused("half of a surrogate pair", "Write the character itself.", node)


def _check_class(node: ast.ClassDef) -> None:
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            name = part.name
            if name.startswith("__") and name not in _METHODS:
                raise refused(name, "Write a method with a name of its own, such as `add`.", part)
        elif not isinstance(part, ast.Assign | ast.AnnAssign | ast.Pass | ast.Expr):
            remedy = "Write methods and attributes; put all else into `__init__`."
            raise refused("this statement in a class", remedy, part)


_METHODS = ("__init__", "__call__", "__repr__", "__str__", "__len__", "__getitem__")
_OPEN = frozenset({"__name__", "__init__", "__class__"})
"""Names with underscores that PyTorch's own texts use."""
