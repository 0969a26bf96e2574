"""What a statement binds: names to nodes, to constants, to lists."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from engine.errors import SourceError
from engine.language.constant import constant
from engine.language.given import creation, is_op, unwrapped
from engine.language.habits import pair
from engine.language.literal import literal
from engine.language.lower import Lowering
from engine.language.read import Broken
from engine.language.refuse import refused
from engine.language.scope import FAILED, Constant, Failed, Function, Items, Value, check_name
from engine.language.syntax import Block
from engine.ops import OPS

__all__ = ["assign", "bound_by", "bound_within", "destructure", "element"]

_LISTS = (ast.List, ast.Tuple)
_WRITTEN_OUT = (ast.Constant, *_LISTS, ast.UnaryOp)

_JOINED = 4
"""Names that the node before several names is called by."""


def assign(lowering: Lowering, targets: Sequence[ast.expr], value: ast.expr) -> None:
    """Carry out `target = … = value`. Raises SourceError or LimitError."""
    if len(targets) == 1 and type(targets[0]) is ast.Name:
        name = targets[0].id
        check_name(name, lowering.statement.span(targets[0]) if len(name) > 99 else None)
        _one(lowering, name, value)
        return
    first, *others = [_named(lowering, each) for each in targets]
    if isinstance(first, list):
        _several(lowering, first, value)
    else:
        _one(lowering, first, value)
    for other in others:
        if isinstance(first, list) or isinstance(other, list):
            raise refused(targets[-1], lowering.where)
        if literal(value, lowering.pure) is not None:
            _one(lowering, other, value)
        else:
            _one(lowering, other, ast.copy_location(ast.Name(first, ast.Load()), value))


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
        text, span = lowering.where.segment(target), lowering.where.span(target)
        if getattr(target.value, "id", "") in ("In", "Out"):
            raise SourceError("syntax.prompt", span, prompt=text)
        raise SourceError("syntax.inplace", span, construct=text)
    raise refused(target, lowering.where)


def bound_by(tree: ast.AST) -> list[str]:
    """Return the names that a statement binds."""
    stored = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return [each.id for each in stored]


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


def _begin(lowering: Lowering, name: str) -> None:
    statement = lowering.statement
    span, text = lowering.place or (statement.span(), statement.segment(statement.tree))
    lowering.builder.begin(name, span, text, statement.note)
    lowering.whole = span, text


def _one(lowering: Lowering, name: str, expression: ast.expr) -> None:
    """Bind one name."""
    builder, scope = lowering.builder, lowering.scope
    inner, grad, value = expression, None, None
    if isinstance(inner, ast.Call) and not is_op(inner):
        inner, grad = unwrapped(inner, lowering.where)
        given = creation(inner, lowering.where, lowering.caller.maker)
        if given is not None:
            value, grad = given.value, given.grad if grad is None else grad
    if isinstance(inner, _WRITTEN_OUT):
        if isinstance(inner, ast.Constant) and _is_switch(inner):
            scope.bind(name, Constant(inner.value))
            return
        empty = isinstance(inner, ast.List) and not inner.elts
        value = None if empty else literal(inner, lowering.pure)
    if value is not None:
        _given(lowering, name, inner, value, grad)
    elif isinstance(inner, (ast.BinOp, *_LISTS)) and _is_list(lowering, inner):
        scope.bind(name, _listed(lowering, name, inner))
    else:
        _begin(lowering, name)
        lowering.root = inner if type(inner) is ast.BinOp else None
        found = lowering.value(inner)
        if type(found) is int:
            grad = lowering.grad if grad is None else grad
            builder.end(found, grad, fold=scope.outer is None)
        else:
            _bind(lowering, name, inner, found)


def _is_list(lowering: Lowering, node: ast.expr) -> bool:
    """Whether a list is written out, or joined as Python does: `hs + [h]` adds no tensors up."""
    find, parts = lowering.scope.find, _summands(node)
    kinds = {type(find(each.id) if isinstance(each, ast.Name) else each) for each in parts}
    return (Items in kinds or isinstance(node, _LISTS)) and kinds <= {Items, *_LISTS}


def _summands(node: ast.expr) -> list[ast.expr]:
    """Return what is added up, from left to right."""
    parts = [node]
    while isinstance(last := parts[-1], ast.BinOp) and isinstance(last.op, ast.Add):
        parts[-1:] = last.right, last.left
    return parts[::-1]


def _listed(lowering: Lowering, name: str, node: ast.expr) -> Items:
    """Return the list that is written out, or joined from lists."""
    found = Items([], lowering.scope)
    for part in _summands(node):
        for each in getattr(part, "elts", ()):
            found.append(element(lowering, f"{name}_{len(found.values)}", each))
        held = lowering.value(part) if isinstance(part, ast.Name) else None
        for value in held.values if isinstance(held, Items) else ():
            found.append(value)
    return found


def _given(lowering: Lowering, name: str, node: ast.expr, value: Any, grad: bool | None) -> None:
    """Bind a name to a tensor that is written out or made. Inside a block it is a constant, unless
    it asks for its gradient: leaves come from outside."""
    builder, scope = lowering.builder, lowering.scope
    _begin(lowering, name)
    if scope.outer is None or grad:
        builder.leaf(value, grad is not False)
        _remember_tuple(lowering, node, builder.names[name])
        return
    known = constant(node, lowering.pure) if value.shape == () else ...
    scope.bind(name, builder.const(value, *lowering.at(node)) if known is ... else Constant(known))


def _is_switch(node: ast.Constant) -> bool:
    """`training = True` and `mask = None` are known while the program is read, and no tensors."""
    return node.value is None or isinstance(node.value, bool)


def _remember_tuple(lowering: Lowering, node: ast.expr, leaf: int) -> None:
    known = constant(node, lowering.pure) if isinstance(node, ast.Tuple) else ...
    if isinstance(known, tuple) and len(known) <= 16 and all(type(each) is int for each in known):
        lowering.builder.known.tuples[leaf] = known


def _bind(lowering: Lowering, name: str, node: ast.expr, found: Value) -> None:
    """Bind a name to what is no node; a number that is made of no tensor of the program, such as
    `np.pi` or `f(3.0)`, is a leaf."""
    builder, scope = lowering.builder, lowering.scope
    if isinstance(found, Constant) and scope.outer is None and type(found.value) in (int, float):
        own = (n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        if all(isinstance(scope.find(each), Function | None) for each in own):
            builder.end(lowering.as_node(found, node))
            return
    if isinstance(found, Items):
        builder.several()
        found.owner = scope
    else:
        builder.drop()
    scope.bind(name, found)


def element(lowering: Lowering, name: str, expression: ast.expr) -> Value:
    """Return the value of one entry of a list; what is computed for it is a statement called
    `name`, so that other statements may use it."""
    if isinstance(expression, ast.Name):
        return lowering.value(expression)
    known = constant(expression, lowering.pure)
    if isinstance(known, str):
        span, text = lowering.where.span(expression), lowering.where.segment(expression)
        raise SourceError("literal.number", span, text=text)
    if known is not ...:
        return Constant(known)
    names = lowering.builder.names
    before = names.get(name)
    _one(lowering, name, expression)
    found: Value = names[name]
    if before is None:
        del names[name]
    else:
        names[name] = before
    return found


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
    _begin(lowering, joined)
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


def _each(lowering: Lowering, names: list[str], expressions: Sequence[ast.expr]) -> None:
    """`a, b = b, a`: everything on the right comes first."""
    scope = lowering.scope
    before = {name: scope.names.get(name, FAILED) for name in names}
    values: list[Value] = []
    for name, each in zip(names, expressions, strict=True):
        _one(lowering, name, each)
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
            _begin(lowering, name)
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
        _begin(lowering, name)
        builder.end(part)


def _count(lowering: Lowering, found: Value) -> int | None:
    """Return into how many parts a value falls, or None."""
    if isinstance(found, Items):
        return len(found.values)
    if isinstance(found, Constant):
        return len(found.value) if isinstance(found.value, tuple) else None
    shape = lowering.builder.known.shape(found) if type(found) is int else ()
    return shape[0] if shape else None
