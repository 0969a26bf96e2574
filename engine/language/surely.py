"""What an expression is sure to make, and what is sure of its value, before anything is read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.errors import EngineError
from engine.language.constant import constant
from engine.language.given import WRITTEN, is_op
from engine.language.scope import Constant, Follows, Function, Where
from engine.ops.block import BLOCKS

__all__ = [
    "NODE",
    "NOTHING",
    "STEP",
    "UNKNOWN",
    "Call",
    "Found",
    "Kind",
    "Needs",
    "Sure",
    "bind",
    "is_given",
    "join",
    "kind_of",
    "known",
    "needed",
]


class Needs(NamedTuple):
    """Statements that are carried out, and nodes that are made."""

    steps: int
    nodes: int

    def and_(self, other: Needs) -> Needs:
        """Return what both need together."""
        return Needs(self.steps + other.steps, self.nodes + other.nodes)

    def times(self, count: int) -> Needs:
        """Return what so many of these need."""
        return Needs(self.steps * count, self.nodes * count)

    def at_least(self, other: Needs) -> Needs:
        """Return what either is sure to need."""
        return Needs(min(self.steps, other.steps), min(self.nodes, other.nodes))


NOTHING, STEP, OP = Needs(0, 0), Needs(1, 0), Needs(0, 1)


@dataclass(frozen=True, slots=True)
class Sure:
    """What is sure of a value. entries: of a list or tuple that is written out."""

    name: str
    entries: tuple[Any, ...] = ()


NODE, UNKNOWN = Sure("node"), Sure("unknown")
"""A value that is some node, and one of which nothing is sure. A `Constant` is sure, too."""

Kind = Sure | Constant
Found = tuple[Needs, Kind]
Call = Callable[[Function | str, ast.Call, Sequence[Found], Where], Found]
"""What the call of a function of the program, or of a block of the library by name, needs."""


def kind_of(value: object, where: Where) -> Kind:
    """Return what is sure of what a name stands for."""
    if isinstance(value, Sure | Constant):
        return value
    if type(value) is not int:
        return UNKNOWN
    return NODE


def join(one: Kind, other: Kind) -> Kind:
    """Return what is sure of a value that is one or the other."""
    return one if one == other and type(one) is type(other) else UNKNOWN


def known(node: ast.expr, where: Where) -> Any:
    """Return what `constant` does, and Ellipsis too where something is wrong: that is told when the
    statement is read."""
    try:
        return constant(node, where)
    except (EngineError, Follows, ArithmeticError, ValueError, TypeError):
        return ...


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
    for node, operands in reversed(order):
        parts = [found[id(each)] for each in operands]
        found[id(node)] = _whole(node, parts, where, call)
    return *found[id(root)], len(order)


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
    total = NOTHING
    for needs, _ in parts:
        total = total.and_(needs)
    kinds = [kind for _, kind in parts]
    match node:
        case ast.Constant():
            return NOTHING, Constant(node.value)
        case ast.Name():
            return NOTHING, kind_of(where.scope.find(node.id), where)
        case ast.List() | ast.Tuple():
            return total, Sure("list", tuple(kinds))
        case ast.IfExp():
            return _choice(node, parts, where)
        case ast.Subscript() if kinds[0] != NODE:
            return total, _entry(kinds[0], node.slice)
        case ast.Call() if (function := called(node, where)) is not None:
            needs, kind = call(function, node, parts, where)
            return total.and_(needs), kind
        case ast.Call() if is_given(node, where):
            return OP, NODE
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            return total, UNKNOWN
    if not (_combines(node, kinds, where) if isinstance(node, ast.BinOp) else NODE in kinds):
        return total, UNKNOWN
    operands = zip(_operands(node, where), kinds, strict=True)
    numbers = sum(isinstance(kind, Constant) and not _is_name(each) for each, kind in operands)
    return total.and_(Needs(0, 1 + numbers)), NODE


def _combines(node: ast.BinOp, kinds: Sequence[Kind], where: Where) -> bool:
    """Whether an op is sure to be made: numbers alone are worked out, unless they come from calls,
    and lists are joined and repeated."""
    if isinstance(node.op, ast.Add | ast.Mult) and any(_is_list(each) for each in kinds):
        return False
    numbers = all(each != UNKNOWN for each in kinds)
    calls = any(called(each, where) is not None for each in (node.left, node.right))
    return NODE in kinds or (calls and numbers)


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
    if len(names) != len(values) or not set(names) <= set(function.parameters):
        return None
    given: dict[str, Kind] = dict(function.defaults)
    for name, value, kind in zip(names, values, kinds, strict=True):
        number = known(value, where) if kind == UNKNOWN else ...
        given[name] = kind if number is ... else Constant(number)
    return given if len(given) == len(function.parameters) else None
