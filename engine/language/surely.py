"""What an expression is sure to make, and what is sure of its value, before anything is read."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from engine.language.given import WRITTEN, is_op
from engine.language.needs import (
    NODE,
    NOTHING,
    OP,
    STEP,
    UNKNOWN,
    Call,
    Found,
    Kind,
    Needs,
    Sure,
    is_node,
    join,
    kind_of,
)
from engine.language.often import known, names_in, rounds
from engine.language.scope import Constant, Function, Where
from engine.ops.block import BLOCKS

__all__ = ["bind", "is_given", "needed"]


def needed(root: ast.expr, where: Where, call: Call) -> tuple[Needs, Kind, int]:
    """Return what an expression is sure to need, what is sure of its value, and how many of its
    parts were looked at. call: what the call of a function of the program needs."""
    order: list[tuple[ast.expr, list[ast.expr]]] = []
    pending = [root]
    while pending:
        node = pending.pop()
        operands = _operands(node, where)
        order.append((node, operands))
        pending += operands
    found: dict[int, Found] = {}
    looked = len(order)
    for node, operands in reversed(order):
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            needs, kind, inner = _comprehended(node, where, call)
            found[id(node)], looked = (needs, kind), looked + inner
            continue
        parts = [found[id(each)] for each in operands]
        found[id(node)] = _whole(node, parts, where, call)
    return *found[id(root)], looked


def _comprehended(
    node: ast.ListComp | ast.GeneratorExp | ast.DictComp, where: Where, call: Call
) -> tuple[Needs, Kind, int]:
    """What is made in a round of a comprehension, as often as there are rounds."""
    names = where.scope.names
    targets = set().union(*(names_in(each.target) for each in node.generators))
    before = {name: names[name] for name in targets if name in names}
    names.update(dict.fromkeys(targets, UNKNOWN))
    value = node.value if isinstance(node, ast.DictComp) else node.elt
    needs, _, looked = needed(value, where, call)
    total = STEP.and_(needs).times(rounds(node.generators, where))
    for name in targets:
        del names[name]
    names.update(before)
    return total, Sure("list"), looked


def _operands(node: ast.expr, where: Where) -> list[ast.expr]:
    """Return the parts of an expression that are sure to become values."""
    match node:
        case ast.BinOp():
            return [node.left, node.right]
        case ast.Compare(comparators=[other], ops=[op]) if not isinstance(op, ast.Is | ast.IsNot):
            return [node.left, other]
        case ast.UnaryOp():
            return [node.operand]
        case ast.Subscript() | ast.Attribute(attr="T"):
            return [node.value]
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.List() | ast.Tuple():
            return node.elts
        case ast.Call() if called(node, where) is not None:
            return [*node.args, *(each.value for each in node.keywords)]
        case ast.Call() if is_op(node):
            return _tensor(node, where)
    return []


def called(node: ast.expr, where: Where) -> Function | str | None:
    """Return the function of the program, or the name of the block, that a call is of."""
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    bound = where.scope.find(function.id) if isinstance(function, ast.Name) else None
    if isinstance(bound, Function):
        return bound
    name = _plain(function, where)
    return name if bound is None and name in BLOCKS else None


def _plain(function: ast.expr, where: Where) -> str:
    """Return the name of a function that is no method of a tensor, behind `np.` or not."""
    if isinstance(function, ast.Attribute):
        return function.attr if where.scope.module(function.value) is not None else ""
    return function.id if isinstance(function, ast.Name) else ""


def is_given(node: ast.expr, where: Where) -> bool:
    """Whether an expression writes a tensor out: `param(2)`, `torch.rand(3)`."""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    bound = isinstance(function, ast.Name) and where.scope.find(function.id) is not None
    return not bound and _plain(function, where) in WRITTEN


def _tensor(node: ast.Call, where: Where) -> list[ast.expr]:
    """Return the tensor that an op of the registry is a function or a method of."""
    function = node.func
    if isinstance(function, ast.Attribute) and where.scope.module(function.value) is None:
        return [function.value]
    bound = isinstance(function, ast.Name) and where.scope.find(function.id) is not None
    return [] if bound else node.args[:1]


def _whole(node: ast.expr, parts: Sequence[Found], where: Where, call: Call) -> Found:
    """Put together what the parts of an expression need."""
    total, kinds = _together(needs for needs, _ in parts), [kind for _, kind in parts]
    match node:
        case ast.Constant() | ast.Name() | ast.Starred():
            return _alone(node, where)
        case ast.List() | ast.Tuple():
            return total, Sure("list", () if _is_spread(node.elts) else tuple(kinds))
        case ast.IfExp():
            return _choice(node, parts, where)
        case ast.Subscript() if not is_node(kinds[0]):
            return total, _entry(kinds[0], node.slice)
        case ast.Call() if (function := called(node, where)) is not None:
            needs, kind = call(function, node, parts, where)
            return total.and_(needs), kind
        case ast.Call() if is_given(node, where):
            return OP, NODE
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            return total, UNKNOWN
    made = any(is_node(each) for each in kinds)
    if not (_combines(node, kinds, where) if isinstance(node, ast.BinOp) else made):
        return total, UNKNOWN
    return total.and_(_op(node, kinds, where)), NODE


def _op(node: ast.expr, kinds: Sequence[Kind], where: Where) -> Needs:
    """An op, and the numbers that it takes."""
    operands = zip(_operands(node, where), kinds, strict=True)
    numbers = sum(type(kind) is Constant and not _is_name(each) for each, kind in operands)
    return Needs(0, 1 + numbers)


def _together(each: Iterable[Needs]) -> Needs:
    return reduce(Needs.and_, each, NOTHING)


def _is_spread(nodes: Sequence[ast.expr]) -> bool:
    return any(isinstance(each, ast.Starred) for each in nodes)


def _alone(node: ast.Constant | ast.Name | ast.Starred, where: Where) -> Found:
    """A number, a name, or `*v`: each entry of a leaf that is written as a list becomes a node."""
    if isinstance(node, ast.Constant):
        return NOTHING, Constant(node.value)
    if isinstance(node, ast.Name):
        return NOTHING, kind_of(where.scope.find(node.id), where)
    inner = node.value
    found = where.scope.find(inner.id) if isinstance(inner, ast.Name) else None
    listed = type(found) is int and where.facts.is_listed(found)
    entries = where.facts.shape(found)[0] if listed and type(found) is int else 0
    return Needs(0, entries), UNKNOWN


def _combines(node: ast.BinOp, kinds: Sequence[Kind], where: Where) -> bool:
    """Whether an op is sure to be made: numbers alone are worked out, unless they come from calls,
    and lists are joined and repeated."""
    if isinstance(node.op, ast.Add | ast.Mult) and any(_is_list(each) for each in kinds):
        return False
    numbers = all(each != UNKNOWN for each in kinds)
    calls = any(called(each, where) is not None for each in (node.left, node.right))
    return any(is_node(each) for each in kinds) or (calls and numbers)


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _is_list(kind: Kind) -> bool:
    return isinstance(kind, Sure) and kind.name == "list"


def _choice(node: ast.IfExp, parts: Sequence[Found], where: Where) -> Found:
    (body, kind), (otherwise, other) = parts
    test = known(node.test, where)
    if test is ...:
        return body.at_least(otherwise), join(kind, other)
    return (body, kind) if test else (otherwise, other)


def _entry(kind: Kind, at: ast.expr) -> Kind:
    """Return what is sure of an entry of a list."""
    entries = kind.entries if isinstance(kind, Sure) else ()
    place = at.value if isinstance(at, ast.Constant) else None
    return entries[place] if type(place) is int and place < len(entries) else UNKNOWN


def bind(
    function: Function, node: ast.Call, kinds: Sequence[Kind], where: Where
) -> Mapping[str, Kind] | None:
    """Return what is sure of each parameter of a call, or None where they do not fit."""
    positional = node.args
    names = [*function.parameters[: len(positional)], *(each.arg or "" for each in node.keywords)]
    values = [*positional, *(each.value for each in node.keywords)]
    if (
        _is_spread(positional)
        or len(names) != len(values)
        or not set(names) <= set(function.parameters)
    ):
        return None
    given: dict[str, Kind] = dict(function.defaults)
    for name, value, kind in zip(names, values, kinds, strict=True):
        number = known(value, where) if kind == UNKNOWN else ...
        given[name] = kind if number is ... else Constant(number)
    return given if len(given) == len(function.parameters) else None
