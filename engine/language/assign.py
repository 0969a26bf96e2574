"""What a statement binds: one name, or several to the parts of a value."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from engine.errors import SourceError
from engine.language.bind import begin, bind
from engine.language.habits import pair
from engine.language.literal import literal
from engine.language.lower import Lowering
from engine.language.read import Broken
from engine.language.refuse import no_part, refused
from engine.language.scope import FAILED, Constant, Failed, Items, Value, check_name
from engine.language.syntax import Block
from engine.ops import OPS

__all__ = ["assign", "bound_by", "bound_within", "destructure", "unpack"]

_JOINED = 4
"""Names that the node before several names is called by."""


def assign(lowering: Lowering, targets: Sequence[ast.expr], value: ast.expr) -> None:
    """Carry out `target = … = value`. Raises SourceError or LimitError."""
    if len(targets) == 1 and type(targets[0]) is ast.Name:
        name = targets[0].id
        check_name(name, lowering.statement.span(targets[0]) if len(name) > 99 else None)
        bind(lowering, name, value)
        return
    if len(targets) == 1 and _is_nested(targets[0]):
        _assign_nested(lowering, targets[0], value)
        return
    first, *others = [_named(lowering, each) for each in targets]
    if isinstance(first, list):
        _several(lowering, first, value)
    else:
        bind(lowering, first, value)
    for other in others:
        if isinstance(first, list) or isinstance(other, list):
            raise refused(targets[-1], lowering.where)
        if literal(value, lowering.pure) is not None:
            bind(lowering, other, value)
        else:
            bind(lowering, other, ast.copy_location(ast.Name(first, ast.Load()), value))


def _assign_nested(lowering: Lowering, target: ast.expr, value: ast.expr) -> None:
    """`(W1, b1), (W2, b2) = params`."""
    inside, given = getattr(target, "elts", ()), getattr(value, "elts", ())
    if len(inside) == len(given) and not _reads(value, target):
        for part, each in zip(inside, given, strict=True):
            assign(lowering, [part], each)
        return
    first = lowering.builder.count()
    begin(lowering, "_".join(bound_by(target)[:_JOINED]))
    found = lowering.value(value)
    lowering.builder.several()
    unpack(lowering, target, found, first)


def _is_nested(target: ast.expr) -> bool:
    inside = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    return any(isinstance(each, ast.Tuple | ast.List) for each in inside)


def _reads(value: ast.expr, target: ast.expr) -> bool:
    """Whether an expression uses a name that a target binds."""
    bound = set(bound_by(target))
    return any(isinstance(each, ast.Name) and each.id in bound for each in ast.walk(value))


def _named(lowering: Lowering, target: ast.expr) -> str | list[str]:
    """Return the name or the names that a target binds."""
    if isinstance(target, ast.Name):
        check_name(target.id, lowering.where.span(target))
        return target.id
    if isinstance(target, ast.Tuple | ast.List) and target.elts:
        names = [_named(lowering, each) for each in target.elts]
        if all(isinstance(each, str) for each in names):
            return [str(each) for each in names]
    if isinstance(target, ast.Subscript):
        raise no_part(target, lowering.where)
    raise refused(target, lowering.where)


def bound_by(tree: ast.AST) -> list[str]:
    """Return the names that a statement binds."""
    inside = list(ast.walk(tree))
    stored = [n for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    parts = [n for n in inside if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)]
    roots = [each.value for each in parts if isinstance(each.value, ast.Name)]
    return [each.id for each in (*stored, *roots)]


def bound_within(block: Block) -> list[str]:
    """Return the names that statements bind, those inside them included."""
    names: list[str] = []
    for each in block:
        if isinstance(each, Broken):
            names += each.names
        elif isinstance(each.tree, ast.FunctionDef):
            names.append(each.tree.name)
        elif isinstance(each.tree, ast.Import | ast.ImportFrom):
            names += [name.asname or name.name.partition(".")[0] for name in each.tree.names]
        else:
            names += bound_by(each.tree)
            names += bound_within([*each.body, *each.otherwise])
    return names


def _several(lowering: Lowering, names: list[str], expression: ast.expr) -> None:
    """`a, b = …`: one expression for each name, or one for all."""
    builder, scope = lowering.builder, lowering.scope
    if len(names) == 2 and (both := pair(expression, lowering.where)):
        expression = ast.copy_location(ast.Tuple([*both], ast.Load()), expression)
    if isinstance(expression, ast.List | ast.Tuple) and len(expression.elts) == len(names):
        _each(lowering, names, expression.elts)
        return
    joined = "_".join(names[:_JOINED])
    first = builder.count()
    begin(lowering, joined)
    found = lowering.value(expression)
    if type(found) is int and not isinstance(expression, ast.Name):
        before_joined = scope.names.get(joined)
        found = builder.end(found, fold=False)
        if before_joined is None:
            del scope.names[joined]
        else:
            scope.names[joined] = before_joined
    elif isinstance(found, Items):
        builder.several()
    else:
        builder.drop()
    destructure(lowering, names, found, expression, first)


def unpack(lowering: Lowering, target: ast.expr, found: Value, first: int) -> None:
    """Bind the names of `a`, of `a, b`, or of `i, (W, b)`, to a value and its parts. first: nodes
    behind it have no name yet. Raises SourceError."""
    if isinstance(target, ast.Name):
        lowering.scope.bind(target.id, found)
        return
    inside = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    if not inside or any(isinstance(each, ast.Starred) for each in inside):
        raise refused(target, lowering.where)
    if all(isinstance(each, ast.Name) for each in inside):
        destructure(lowering, bound_by(target), found, target, first)
        return
    values: list[Value] = found.values if isinstance(found, Items) else []
    if len(values) != len(inside):
        text, given = lowering.where.segment(target), len(values) or "no list"
        span = lowering.where.span(target)
        raise SourceError("flow.unpack", span, text=text, given=given, expected=len(inside))
    for each, value in zip(inside, values, strict=True):
        unpack(lowering, each, value, first)


def _each(lowering: Lowering, names: list[str], expressions: Sequence[ast.expr]) -> None:
    """`a, b = b, a`: everything on the right comes first."""
    scope = lowering.scope
    before = {name: scope.names.get(name, FAILED) for name in names}
    values: list[Value] = []
    for name, each in zip(names, expressions, strict=True):
        bind(lowering, name, each)
        values.append(scope.names.pop(name))
        if not isinstance(before[name], Failed):
            scope.names[name] = before[name]
    for name, value in zip(names, values, strict=True):
        scope.bind(name, value)


def destructure(
    lowering: Lowering, names: Sequence[str], found: Value, place: ast.expr, first: int
) -> None:
    """Bind each name to its part of a value. first: nodes behind it have no name yet."""
    count = _count(lowering, found)
    if count != len(names):
        text, given = lowering.where.segment(place), "no list" if count is None else count
        span = lowering.where.span(place)
        raise SourceError("flow.unpack", span, text=text, given=given, expected=len(names))
    claimed: set[int] = set()
    for position, name in enumerate(names):
        if isinstance(found, Constant):
            lowering.scope.bind(name, Constant(found.value[position]))
        elif isinstance(found, Items):
            _bind_part(lowering, name, found.values[position], first, claimed)
        elif type(found) is int:
            begin(lowering, name)
            attrs, op = {"index": (position,)}, OPS["getitem"]
            at = lowering.at(place)
            lowering.builder.end(lowering.builder.op(op, (found,), attrs, *at))


def _bind_part(lowering: Lowering, name: str, part: Value, first: int, claimed: set[int]) -> None:
    """A node without a name of its own takes this one; one that has a name is another node."""
    statement, builder = lowering.statement, lowering.builder
    if type(part) is not int:
        lowering.scope.bind(name, part)
    elif part > first and part not in claimed:
        text = statement.segment(statement.tree)
        builder.claim(part, name, statement.span(), text, statement.note)
        claimed.add(part)
    else:
        begin(lowering, name)
        builder.end(part)


def _count(lowering: Lowering, found: Value) -> int | None:
    """Return into how many parts a value falls, or None."""
    if isinstance(found, Items):
        return len(found.values)
    if isinstance(found, Constant):
        return len(found.value) if isinstance(found.value, tuple) else None
    shape = lowering.builder.known.shape(found) if type(found) is int else ()
    return shape[0] if shape else None
