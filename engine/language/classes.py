"""`class Net(nn.Module)`: an object of it is its weights, leaves called `net_…`, and its `forward`,
a `def` called `net` that reads them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.errors import SourceError
from engine.graph import Definition
from engine.language.define import as_def, defined, too_deep
from engine.language.given import unwrapped
from engine.language.lower import Lowering
from engine.language.read import Broken
from engine.language.scope import Class, Function, Layer, Scope
from engine.language.syntax import Statement

__all__ = ["class_of", "made_by"]

_BASES = ("Module", "object")
_SILENT = (ast.Pass, ast.Assert)


def class_of(lowering: Lowering, tree: ast.ClassDef) -> Class:
    """Return the class that a program defines. Raises SourceError for one that is no module of
    `torch.nn` with methods alone."""
    statement, where = lowering.statement, lowering.where
    known = all(getattr(b, "attr", getattr(b, "id", "")) in _BASES for b in tree.bases)
    if not known or tree.keywords or lowering.scope.outer is not None:
        raise SourceError("syntax.class", where.span())
    methods: dict[str, Statement] = {}
    for each in statement.body:
        if isinstance(each, Broken):
            raise each.error
        if isinstance(each.tree, ast.FunctionDef) and each.tree.args.args:
            methods[each.tree.name] = each
        elif not isinstance(each.tree, _SILENT) and not _is_text(each.tree):
            raise SourceError("syntax.class", each.span())
    return Class(tree.name, methods)


def _is_text(tree: ast.stmt) -> bool:
    return isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant)


def made_by(
    lowering: Lowering, tree: ast.Assign, run: Callable[[Statement], object]
) -> Iterator[tuple[Function, Definition]] | None:
    """Return the blocks that `f = lambda x: …` or `net = Net()` defines; None for any other
    assignment. run: carries out a statement of `__init__`."""
    written = as_def(lowering.statement)
    if written is not None:
        return _blocks(lowering, iter([written]))
    call = unwrapped(tree.value, lowering.where)[0]
    kind = _kind_of(call, lowering.scope)
    if kind is None or not isinstance(call, ast.Call):
        return None
    name = getattr(tree.targets[0], "id", "")
    if len(tree.targets) > 1 or not name or lowering.scope.outer is not None:
        raise SourceError("syntax.instance", lowering.where.span(), name=kind.name)
    for statement in _settled(lowering, name, kind, call):
        run(statement)
    return _blocks(lowering, _methods_of(name, kind, lowering.scope))


def _blocks(
    lowering: Lowering, written: Iterator[tuple[Statement, ast.FunctionDef, str]]
) -> Iterator[tuple[Function, Definition]]:
    for statement, tree, text in written:
        within = Lowering(lowering.caller, statement, lowering.scope, lowering.place)
        function, definition = defined(within, tree)
        yield function, replace(definition, text=text)


def _kind_of(node: ast.expr, scope: Scope) -> Class | None:
    """Return the class that a call makes an object of, or None."""
    function = node.func if isinstance(node, ast.Call) else None
    found = scope.find(function.id) if isinstance(function, ast.Name) else None
    return found if isinstance(found, Class) else None


def _settled(lowering: Lowering, name: str, kind: Class, call: ast.Call) -> Iterator[Statement]:
    """Yield the statements of `__init__`, with `self.fc` as `net_fc` and what is given in the place
    of the parameters. Raises SourceError."""
    begin = kind.methods.get("__init__")
    if begin is None:
        return
    given = _arguments(lowering, begin, call)
    for each in begin.body:
        if isinstance(each, Broken):
            raise each.error
        if _is_text(each.tree) or _calls_super(each.tree):
            continue
        yield _rewritten(each, _self(begin), name, given, lowering.scope)


def _calls_super(tree: ast.stmt) -> bool:
    """`super().__init__()`."""
    call = tree.value if isinstance(tree, ast.Expr) else None
    return isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "__init__"


def _self(method: Statement) -> str:
    tree: Any = method.tree
    first: str = tree.args.args[0].arg
    return first


def _arguments(lowering: Lowering, begin: Statement, call: ast.Call) -> dict[str, ast.expr]:
    """Return what each parameter of `__init__` but the first is given."""
    tree: Any = begin.tree
    names = [each.arg for each in (*tree.args.args[1:], *tree.args.kwonlyargs)]
    defaults = tree.args.defaults
    usual = dict(zip(names[len(tree.args.args) - 1 - len(defaults) :], defaults, strict=False))
    given = dict(zip(names, call.args, strict=False))
    given |= {each.arg or "**": each.value for each in call.keywords}
    found = {**usual, **given}
    if set(found) != set(names) or len(call.args) > len(names):
        text, span = lowering.where.segment(call), lowering.where.span(call)
        usage = f"{getattr(call.func, 'id', 'Net')}({', '.join(names)})"
        raise SourceError("create.arguments", span, call=text, usage=usage)
    return found


def _methods_of(name: str, kind: Class, scope: Scope) -> Iterator[tuple[Statement, Any, str]]:
    """Yield each method as a `def` of the program, and its text: `forward` is called `net`, another
    one `net_other`."""
    order = sorted(kind.methods, key=lambda each: each == "forward")
    for method in order:
        if method == "__init__":
            continue
        whole = kind.methods[method]
        tree: Any = copy.copy(whole.tree)
        tree.name = name if method == "forward" else f"{name}_{method}"
        tree.args = copy.copy(tree.args)
        tree.args.args = tree.args.args[1:]
        body = [
            each if isinstance(each, Broken) else _rewritten(each, _self(whole), name, {}, scope)
            for each in whole.body
        ]
        text = "\n".join([f"def {tree.name}({ast.unparse(tree.args)}):", *_rows(body, 1)])
        yield Statement(whole.within, tree, whole.note, body), tree, text


def _rows(body: Sequence[Statement | Broken], depth: int) -> list[str]:
    """Return the text of statements that were rewritten, as deep as indentation goes."""
    indent, rows = "    " * depth, list[str]()
    for each in body:
        if isinstance(each, Broken):
            continue
        text = ast.unparse(each.tree)
        rows += [indent + row for row in (text.split("\n")[:1] if each.body else [text])]
        rows += _rows(each.body, depth + 1)
        if each.otherwise:
            rows += [f"{indent}else:", *_rows(each.otherwise, depth + 1)]
    return rows


def _rewritten(
    statement: Statement, own: str, name: str, given: Mapping[str, ast.expr], scope: Scope
) -> Statement:
    """Return a statement of a method as one of the program. Raises SourceError where it is nested
    too deeply."""
    try:
        tree = _Rewriter(own, name, given, scope).visit(copy.deepcopy(statement.tree))
    except RecursionError:
        raise too_deep(statement) from None
    inside = [
        [e if isinstance(e, Broken) else _rewritten(e, own, name, given, scope) for e in block]
        for block in (statement.body, statement.otherwise)
    ]
    body, otherwise = inside
    return Statement(statement.within, tree, statement.note, body, otherwise, statement.headed)


class _Rewriter(ast.NodeTransformer):
    """Writes `net_fc` for `self.fc`, and the call of a layer as that of its op."""

    def __init__(self, own: str, name: str, given: Mapping[str, ast.expr], scope: Scope) -> None:
        self.own, self.name, self.given, self.scope = own, name, given, scope

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == self.own:
            return ast.copy_location(ast.Name(f"{self.name}_{node.attr}", node.ctx), node)
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        found = self.given.get(node.id) if isinstance(node.ctx, ast.Load) else None
        return node if found is None else ast.copy_location(copy.deepcopy(found), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        layer = self.scope.find(function.id) if isinstance(function, ast.Name) else None
        if not isinstance(layer, Layer) or not isinstance(function, ast.Name):
            return node
        return self._applied(node, layer, function.id)

    def _applied(self, node: ast.Call, layer: Layer, name: str) -> ast.expr:
        """`linear(x, weight=net_fc_weight, bias=net_fc_bias)` for `self.fc(x)`."""
        if not layer.op:
            made, inner = node.args[0], node
            for place, part in enumerate(layer.parts):
                inner = ast.copy_location(ast.Call(node.func, [made], []), node)
                made = self._applied(inner, part, f"{name}_{place}")
            return made
        values: dict[str, ast.expr] = {
            **{each: ast.Name(f"{name}_{each}", ast.Load()) for each in layer.weights},
            **{key: ast.Constant(value) for key, value in layer.attrs.items()},
        }
        named = [ast.keyword(k, ast.copy_location(v, node)) for k, v in values.items()]
        function = ast.copy_location(ast.Name(layer.op, ast.Load()), node.func)
        return ast.copy_location(ast.Call(function, node.args, [*node.keywords, *named]), node)
