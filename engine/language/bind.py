"""What one name is bound to: a leaf, a computed node, a constant, a list or a dictionary."""

from __future__ import annotations

import ast
import re
from typing import Any

from engine.errors import SourceError
from engine.graph import LEAF
from engine.language.constant import constant
from engine.language.given import COPIES, creation, is_op, unwrapped
from engine.language.layers import layer_of
from engine.language.lists import is_list, key_of, part_name, summands, table_of
from engine.language.literal import check_exact, displayed, literal
from engine.language.lower import Lowering
from engine.language.scope import Constant, Function, Items, Layer, Table, Value
from engine.language.spread import LONGEST, spread

__all__ = ["begin", "bind", "element", "show_list"]

_LISTS = (ast.List, ast.Tuple)
_WRITTEN_OUT = (ast.Constant, *_LISTS, ast.UnaryOp)
_GATHERED = (ast.BinOp, ast.ListComp, *_LISTS)


def begin(lowering: Lowering, name: str) -> None:
    statement = lowering.statement
    span, text = lowering.place or (statement.span(), statement.segment(statement.tree))
    lowering.builder.begin(name, span, text, statement.note, _label(statement.tree, name))
    lowering.whole = span, text


def _label(tree: ast.AST, name: str) -> str:
    """In `dy_dx: "dy/dx" = …`, what would be a type says how the node is called."""
    said = tree.annotation if isinstance(tree, ast.AnnAssign) else None
    text = said.value if isinstance(said, ast.Constant) else None
    return text if isinstance(text, str) and re.sub(r"\W", "_", text) == name else ""


def bind(lowering: Lowering, name: str, expression: ast.expr) -> None:
    """Bind one name. Raises SourceError or LimitError."""
    scope = lowering.scope
    inner: ast.expr = table_of(expression, lowering.where) or expression
    layer = layer_of(lowering, name, inner)
    if layer is not None:
        scope.bind(name, layer)
        return
    grad, value = None, None
    if isinstance(inner, ast.Call) and not is_op(inner):
        inner, grad = unwrapped(inner, lowering.where)
        given = creation(inner, lowering.where, lowering.caller.maker)
        if given is not None:
            value, grad = given.value, given.grad if grad is None else grad
    if isinstance(inner, ast.Constant) and _is_switch(inner):
        scope.bind(name, Constant(inner.value))
        return
    if isinstance(inner, _WRITTEN_OUT) or displayed(inner, lowering.where) is not None:
        empty = isinstance(inner, ast.List) and not inner.elts
        value = None if empty else literal(inner, lowering.pure)
    if value is not None:
        _given(lowering, name, inner, value, grad)
        _remember_truth(lowering, inner, name)
        if expression is inner:
            _remember(lowering, inner, name)
    elif (gathered := _gathered(lowering, name, inner)) is not None:
        scope.bind(name, gathered)
    else:
        made = _computed(lowering, name, inner, grad)
        if made and inner is not expression and _is_copied(expression):
            lowering.builder.known.copies.add(made)


def _gathered(lowering: Lowering, name: str, node: ast.expr) -> Items | Table | None:
    """Return the list or the dictionary that an expression is, or None."""
    if isinstance(node, ast.Dict | ast.DictComp):
        return _table(lowering, name, node)
    if isinstance(node, _GATHERED) and is_list(node, lowering.where):
        return _listed(lowering, name, node)
    return None


def _is_copied(node: ast.expr) -> bool:
    """Whether `x.clone()` or `np.array(x)` has numbers of its own."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(getattr(each, "attr", getattr(each, "id", "")) in COPIES for each in calls)


def _computed(lowering: Lowering, name: str, node: ast.expr, grad: bool | None) -> int:
    """Bind a name to what is computed; return the node, or 0 where it is none."""
    builder = lowering.builder
    begin(lowering, name)
    lowering.root = node if type(node) is ast.BinOp else None
    found = lowering.value(node)
    if type(found) is int:
        grad = None if lowering.grad and grad is None else bool(grad)
        made = builder.end(found, grad, fold=lowering.scope.outer is None)
        _remember_truth(lowering, node, name)
        if type(node) is ast.BinOp and builder.known.op(made) == LEAF:
            check_exact(constant(node, lowering.pure), lowering.where, node)
        return made
    _bind_value(lowering, name, node, found)
    return 0


def _remember(lowering: Lowering, node: ast.expr, name: str) -> None:
    """A list without `np.array` is a list to Python, and `3` may count something."""
    leaf, known = lowering.builder.names.get(name), lowering.builder.known
    if type(leaf) is int and isinstance(node, ast.List | ast.BinOp):
        known.listed.add(leaf)
    elif type(leaf) is int and isinstance(node, ast.Constant) and type(node.value) is int:
        known.whole.add(leaf)


def _remember_truth(lowering: Lowering, node: ast.expr, name: str) -> None:
    """A comparison of numbers is a leaf that says of each entry whether to take it."""
    leaf, known = lowering.builder.names.get(name), lowering.builder.known
    truth = isinstance(node, ast.Compare) or (
        isinstance(node, ast.List | ast.Tuple)
        and any(isinstance(getattr(each, "value", None), bool) for each in ast.walk(node))
    )
    if truth and type(leaf) is int and known.op(leaf) == LEAF:
        known.truths.add(leaf)


def _listed(lowering: Lowering, name: str, node: ast.expr) -> Items:
    """Return the list that is written out, or joined from lists; each entry that is computed is a
    statement of its own."""
    found, where = Items([], lowering.scope), lowering.where
    for part in summands(node):
        listed = displayed(part, where)
        if isinstance(part, ast.ListComp):
            for _ in lowering.caller.rounds(lowering, part):
                found.append(element(lowering, part_name(name, len(found.values)), part.elt))
            continue
        for each in listed.elts if listed else [_spread(part)]:
            _append(lowering, found, name, each)
    return found


def _spread(node: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Starred(node, ast.Load()), node)


def _append(lowering: Lowering, found: Items, name: str, node: ast.expr) -> None:
    """Add an entry of a list that is written out, or all of `*hs`."""
    inner = node.value if isinstance(node, ast.Starred) else None
    held = lowering.scope.find(inner.id) if isinstance(inner, ast.Name) else None
    if isinstance(held, Items):
        found.extend(held)
        return
    for each in spread([node], lowering.where, most=LONGEST):
        found.append(element(lowering, part_name(name, len(found.values)), each))


def _table(lowering: Lowering, name: str, node: ast.Dict | ast.DictComp) -> Table:
    """Return the dictionary that is written out; each value is a statement of its own."""
    table, where = Table([], Items([], lowering.scope)), lowering.where
    if isinstance(node, ast.DictComp):
        for _ in lowering.caller.rounds(lowering, node):
            key = key_of(node.key, where)
            table.put(key, element(lowering, part_name(name, key), node.value, leaf=True))
        return table
    for place, value in zip(node.keys, node.values, strict=True):
        key = key_of(place or value, where)
        table.put(key, element(lowering, part_name(name, key), value, leaf=True))
    return table


def _given(lowering: Lowering, name: str, node: ast.expr, value: Any, grad: bool | None) -> None:
    """Bind a name to a tensor that is written out or made. Inside a block it is a constant, unless
    it asks for its gradient: leaves come from outside."""
    builder, scope = lowering.builder, lowering.scope
    begin(lowering, name)
    if scope.outer is None or grad:
        builder.leaf(value, grad)
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


def _bind_value(lowering: Lowering, name: str, node: ast.expr, found: Value) -> None:
    """Bind a name to what is no node; a number that is made of no tensor of the program, such as
    `np.pi` or `f(3.0)`, is a leaf."""
    builder, scope = lowering.builder, lowering.scope
    if isinstance(found, Constant) and scope.outer is None and type(found.value) in (int, float):
        own = (n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        if all(isinstance(scope.find(each), Function | None) for each in own):
            builder.end(lowering.as_node(found, node))
            return
    if isinstance(found, Items | Table):
        builder.several()
        listed = found.items if isinstance(found, Table) else found
        listed.owner = scope
    else:
        builder.drop()
    scope.bind(name, found)


def element(lowering: Lowering, name: str, expression: ast.expr, *, leaf: bool = False) -> Value:
    """Return the value of one entry of a list; what is computed for it is a statement called
    `name`, so that other statements may use it. leaf: whether a number is a leaf, as in a
    dictionary of parameters."""
    if isinstance(expression, ast.Name):
        return lowering.value(expression)
    known = constant(expression, lowering.pure)
    if isinstance(known, str):
        span, text = lowering.where.span(expression), lowering.where.segment(expression)
        raise SourceError("literal.number", span, text=text)
    if known is not ... and not (leaf and type(known) in (int, float, tuple)):
        return Constant(known)
    names = lowering.builder.names
    before = names.get(name)
    bind(lowering, name, expression)
    found: Value = names[name]
    if before is None:
        del names[name]
    else:
        names[name] = before
    return found


def show_list(lowering: Lowering, target: ast.expr) -> None:
    """A program that ends with a list of tensors has them as one tensor for its output."""
    held = lowering.scope.find(target.id) if isinstance(target, ast.Name) else None
    if isinstance(held, Items) and held.values and isinstance(target, ast.Name):
        if any(isinstance(each, Layer) for each in held.values):
            return
        span, text = lowering.at(target)
        lowering.builder.begin(target.id, span, text, lowering.statement.note)
        lowering.builder.end(lowering.as_node(held, target))
