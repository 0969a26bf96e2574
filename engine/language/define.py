"""What a program defines and imports, and the parts of a `def`."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any

from engine.errors import SourceError
from engine.graph import Definition, Ref
from engine.language.constant import constant
from engine.language.lower import Lowering
from engine.language.outline import statements
from engine.language.read import Broken
from engine.language.scope import (
    MODULES,
    Constant,
    Function,
    Items,
    Scope,
    Table,
    Value,
    Where,
    check_name,
)
from engine.language.syntax import Statement
from engine.ops.block import BLOCKS

__all__ = ["arguments_of", "as_def", "defined", "imported", "library", "too_deep"]

_PACKAGES = {
    "numpy": "numpy",
    "torch": "torch",
    "math": "math",
    "jax": "numpy",
    "scipy": "numpy",
    "micrograd": "torch",
    "random": "",
}
"""What is known by its own names here, and whose habits it has."""

_QUIET = {"__future__", "typing"}


@cache
def library(name: str) -> Function:
    """Return a block of the library, read once."""
    block = BLOCKS[name]
    signature, body = block.signature, list(statements(block.body))
    defaults = {key: Constant(value) for key, value in signature.attrs.items() if value is not ...}
    names = (*signature.args, *signature.attrs)
    return Function(signature.name, names, defaults, body, own=False)


def defined(lowering: Lowering, tree: ast.FunctionDef) -> tuple[Function, Definition]:
    """Return a `def` as a block, and as it is shown. Raises SourceError."""
    where, given = lowering.where, tree.args
    check_name(tree.name, where.span())
    if given.vararg or given.kwarg or lowering.scope.outer is not None:
        raise SourceError("block.parameters", where.span(), name=tree.name)
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    names = tuple(each.arg for each in parameters)
    if len(set(names)) < len(names):
        raise SourceError("block.parameters", where.span(), name=tree.name)
    for each in parameters:
        check_name(each.arg, where.span(each))
    positional = names[: len(names) - len(given.kwonlyargs)]
    defaulted = positional[len(positional) - len(given.defaults) :]
    pairs = [
        *zip(defaulted, given.defaults, strict=True),
        *zip(names[len(positional) :], given.kw_defaults, strict=True),
    ]
    defaults = {name: _default(each, where) for name, each in pairs if each is not None}
    statement = lowering.statement
    text = "\n".join(_rows(statement, 0))
    unnamed, named = len(given.posonlyargs), len(given.kwonlyargs)
    function = Function(tree.name, names, defaults, statement.body, unnamed=unnamed, named=named)
    return function, Definition(tree.name, _signature(function), text)


def _signature(function: Function) -> tuple[str, ...]:
    """Return the parameters with the markers of how they may be given."""
    names, unnamed = function.parameters, function.unnamed
    named = names[len(function.positional) :]
    first = (*names[:unnamed], "/") if unnamed else ()
    last = ("*", *named) if named else ()
    return (*first, *function.positional[unnamed:], *last)


_REWRITTEN = 300
"""Levels of an expression that is written anew, surely."""


def too_deep(statement: Statement) -> SourceError:
    """Return the error of an expression that is too deep to be written anew."""
    asked = f"more than {_REWRITTEN}"
    return SourceError("syntax.deep", statement.span(), asked=asked, allowed=_REWRITTEN)


def as_def(statement: Statement) -> tuple[Statement, ast.FunctionDef, str] | None:
    """Return `f = lambda x: …` as the `def` that it is, and its text; None for all else."""
    tree: Any = statement.tree
    target = tree.targets[0]
    named = len(tree.targets) == 1 and isinstance(target, ast.Name)
    if not named or not isinstance(tree.value, ast.Lambda):
        return None
    result = ast.copy_location(ast.Return(tree.value.body), tree.value.body)
    whole = ast.FunctionDef(target.id, tree.value.args, [result], [])
    try:
        text = f"def {target.id}({ast.unparse(whole.args)}):\n    {ast.unparse(result)}"
    except RecursionError:
        raise too_deep(statement) from None
    body: list[Statement | Broken] = [Statement(statement.within, result)]
    made = Statement(statement.within, ast.copy_location(whole, tree), statement.note, body)
    return made, whole, text


def _default(node: ast.expr, where: Where) -> Constant:
    value = constant(node, where)
    if value is ...:
        raise SourceError("block.default", where.span(node), text=where.segment(node))
    return Constant(value)


def _rows(statement: Statement, depth: int) -> list[str]:
    """Lay a statement out anew, as deep as indentation goes, which is bounded."""
    indent = "    " * depth
    rows = [f"{indent}# {row}" for row in statement.note.split("\n") if row]
    rows.append(indent + statement.text)
    if not statement.headed:
        return rows
    for each in statement.body:
        rows += [] if isinstance(each, Broken) else _rows(each, depth + 1)
    if statement.otherwise:
        rows.append(f"{indent}else:")
    for each in statement.otherwise:
        rows += [] if isinstance(each, Broken) else _rows(each, depth + 1)
    return rows


def imported(lowering: Lowering, tree: ast.Import | ast.ImportFrom) -> None:
    """Let names of NumPy, PyTorch and `math` be used; nothing is loaded. Raises SourceError."""
    module = getattr(tree, "module", "") or ""
    for each in tree.names:
        path = [*module.split("."), each.name] if module else each.name.split(".")
        if path[0] in _QUIET:
            continue
        if path[0] not in _PACKAGES:
            name = ".".join(path)
            raise SourceError("import.unknown", lowering.where.span(tree), name=name)
        alias = each.asname or (each.name if module else path[0])
        is_module = not module or each.name in MODULES
        if not is_module and each.asname not in (None, each.name):
            raise SourceError("import.alias", lowering.where.span(tree), name=each.name)
        _admit(lowering.scope, alias, _PACKAGES[path[0]])


def _admit(scope: Scope, alias: str, habits: str) -> None:
    scope.names.pop(alias, None)
    scope.prefixes[alias] = habits


def arguments_of(arguments: dict[str, Value]) -> tuple[tuple[str, Any], ...]:
    """Return the arguments of a call as a graph keeps them."""
    return tuple((name, _kept(value)) for name, value in arguments.items())


def _kept(value: Value) -> Any:
    if type(value) is int:
        return Ref(value)
    if isinstance(value, Items):
        return tuple(_kept(each) for each in value.values)
    if isinstance(value, Table):
        pairs = zip(value.keys, value.items.values, strict=True)
        return tuple((key, _kept(each)) for key, each in pairs)
    return value.value if isinstance(value, Constant) else None
