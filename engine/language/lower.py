"""An expression → nodes, by an explicit stack: long expressions must not exhaust Python's."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from engine.errors import SourceError, Span
from engine.graph import Attribute
from engine.language.calling import visit_call
from engine.language.constant import constant
from engine.language.given import Given
from engine.language.habits import half
from engine.language.indexing import by_tensor, index
from engine.language.joining import beside
from engine.language.known import Shapes
from engine.language.layers import weight_of
from engine.language.lists import looked_up, not_a_tensor, of_lists, visit_list, visit_table
from engine.language.literal import displayed, literal, unknown_name
from engine.language.operands import Caller, Task
from engine.language.plain import BINARY
from engine.language.refuse import refused
from engine.language.scope import (
    Constant,
    Failed,
    Follows,
    Items,
    Layer,
    Scope,
    Table,
    Value,
    Where,
)
from engine.language.syntax import Statement
from engine.ops import OPS, Op

__all__ = ["Lowering"]

_PROPERTIES = {"T": "transpose", "mT": "matrix_transpose", "H": "matrix_transpose"}
_NO_ATTRIBUTES: dict[str, Attribute] = {}
_LITERAL = (ast.Constant, ast.UnaryOp, ast.List, ast.Tuple)
_OFTEN_KNOWN = (ast.Attribute, ast.UnaryOp)
_DEEPEST = 16
"""Lists inside lists that become one tensor: no more axes are allowed."""

_MASKED = {"where": (1, 2), "masked_fill": (2,)}
"""Operands that may be infinite: they are put where nothing else is."""

_OF_LISTS = ("getitem", "add", "mul")
_DISPLAYS = (ast.List, ast.Tuple)
_COMPREHENSIONS = (ast.ListComp, ast.GeneratorExp, ast.DictComp)

Place = tuple[Span, str]


def _is_repeated(item: ast.expr) -> bool:
    """Whether this may be `[x] * 3`, which is no product of tensors."""
    return isinstance(item, ast.BinOp) and (
        type(item.left) in _DISPLAYS or type(item.right) in _DISPLAYS
    )


class Lowering:
    """The expressions of one statement. place: where the nodes stand, if not where the statement
    does (inside a block of the library). root: what gets the name, and then the place, of the
    whole statement."""

    def __init__(
        self, caller: Caller, statement: Statement, scope: Scope, place: Place | None = None
    ) -> None:
        self.caller, self.builder = caller, caller.builder
        self.statement, self.scope, self.place = statement, scope, place
        self.grad = True
        self.root: ast.expr | None = None
        self.whole: Place | None = None
        self._where: Where | None = None
        self._pure: Where | None = None

    @property
    def where(self) -> Where:
        """What may be looked up: every number that is known."""
        if self._where is None:
            self._where = Where(self.statement, self.scope, self.builder.known)
        return self._where

    @property
    def pure(self) -> Where:
        """What may be looked up where a node must stay one."""
        if self._pure is None:
            self._pure = Where(self.statement, self.scope, Shapes(self.builder.known))
        return self._pure

    def node(self, root: ast.expr) -> int:
        """Return the node of an expression."""
        return self.as_node(self.value(root), root)

    def value(self, root: ast.expr, *, whole: bool = True) -> Value:
        """Visit in post-order; `done` holds the values of finished operands. whole: whether the
        expression is all of its statement, whose group a call is then."""
        done: list[Value] = []
        pending: list[ast.expr | Task] = [root]
        names, constants = self.scope.names, self.scope.holds_constants
        while pending:
            item = pending.pop()
            if isinstance(item, tuple):
                act, expression, count, rest = item
                start = len(done) - count
                values = done[start:]
                del done[start:]
                done.append(act(expression, values, rest))
                continue
            if type(item) is ast.Name:
                found = names.get(item.id)
                done.append(found if type(found) is int else self._name(item))
                continue
            if type(item) is ast.BinOp and not constants and type(item.op) in BINARY:
                if _is_repeated(item) and (listed := displayed(item, self.where)) is not None:
                    pending.append(listed)
                    continue
                op = OPS[BINARY[type(item.op)]]
                pending += ((self.apply, item, 2, (op, _NO_ATTRIBUTES)), item.right, item.left)
                continue
            found = self._visit(item, pending, whole and item is root)
            if found is not None:
                done.append(found)
        return done[0]

    def _visit(self, item: ast.expr, pending: list[ast.expr | Task], is_root: bool) -> Value | None:
        """Put off an expression until its operands are done, or return its value at once."""
        kind = type(item)
        if isinstance(item, ast.Call):
            return visit_call(self, item, pending, is_root)
        if kind in _LITERAL or _is_repeated(item):
            value = literal(item, self.pure)
            if value is not None:
                return self.builder.const(value, *self.at(item))
        if kind in _OFTEN_KNOWN or self.scope.holds_constants:
            known = self._known(item)
            if known is not None:
                return known
        if isinstance(item, ast.List | ast.Tuple):
            visit_list(self, item, pending)
            return None
        if isinstance(item, ast.IfExp):
            test = constant(item.test, self.where)
            if test is ...:
                raise refused(item, self.where)
            pending.append(item.body if test else item.orelse)
            return None
        if isinstance(item, _COMPREHENSIONS):
            return self.caller.comprehension(self, item)
        if isinstance(item, ast.Dict):
            visit_table(self, item, pending)
            return None
        return self._visit_op(item, pending)

    def _visit_op(self, item: ast.expr, pending: list[ast.expr | Task]) -> Value | None:
        if isinstance(item, ast.Subscript) and (entry := looked_up(item, self.where)) is not None:
            return entry
        weight = weight_of(item, self.where)
        if weight is not None:
            return weight
        both = half(item, self.where) or beside(item, self.where)
        if both is not None:
            pending.append(both)
            return None
        op, operands, attrs = self._operation(item)
        pending.append((self.apply, item, len(operands), (op, attrs)))
        pending.extend(reversed(operands))
        return None

    def _known(self, item: ast.expr) -> Value | None:
        """Return what is known before anything is computed, unless it is made of numbers alone."""
        value = constant(item, self.pure)
        if value is ...:
            return None
        named = any(isinstance(each, ast.Name) for each in ast.walk(item))
        return Constant(value) if named else None

    def apply(self, item: ast.expr, values: list[Value], rest: tuple[Op, Any]) -> Value:
        op, attrs = rest
        for value in values:
            if type(value) is not int:
                return self._apply_to_any(item, values, op, attrs)
        inputs: Any = tuple(values)
        return self.builder.op(op, inputs, attrs, *self.at(item))

    def _apply_to_any(self, item: ast.expr, values: list[Value], op: Op, attrs: Any) -> Value:
        """Apply an op where some operand is a list or a constant."""
        if op.name in _OF_LISTS:
            found = of_lists(self, item, values, op, attrs)
            if found is not None:
                return found
        if op.variadic:
            listed = [value.values if isinstance(value, Items) else [value] for value in values]
            values = [each for some in listed for each in some]
            if len(values) < len(op.args):
                expected, span = "a list with tensors in it", self.where.span(item)
                told = {"op": op.name, "expected": expected, "usage": op.usage}
                raise SourceError("op.arguments", span, **told, given=len(values))
        masked = _MASKED.get(op.name, ())
        inputs = tuple(
            self.as_node(value, item, infinite=slot in masked) for slot, value in enumerate(values)
        )
        return self.builder.op(op, inputs, attrs, *self.at(item))

    def as_node(
        self, value: Value, item: ast.expr, *, infinite: bool = False, depth: int = 0
    ) -> int:
        """Return a value as a node: a constant becomes a literal, a list is stacked."""
        if type(value) is int:
            return value
        if isinstance(value, Items):
            return self._stacked(value, item, depth)
        if isinstance(value, Table | Layer):
            raise not_a_tensor(value, item, self.where)
        number: Any = value.value if isinstance(value, Constant) else None
        try:
            array = np.asarray(number, dtype=np.float64)
        except (ValueError, TypeError):
            number, array = None, np.zeros(())
        infinite = infinite or self.builder.nonfinite
        if number is None or not (infinite or np.isfinite(array).all()):
            raise SourceError(
                "literal.number", self.where.span(item), text=self.where.segment(item)
            )
        return self.builder.const(array, *self.at(item))

    def given(self, given: Given, item: ast.expr) -> Value:
        """Add a tensor that was made; one that asks for its gradient is a leaf."""
        if given.grad:
            return self.builder.const(given.value, *self.at(item), leaf=True)
        self.grad = self.grad and given.grad is not False
        return self.builder.const(given.value, *self.at(item))

    def _stacked(self, items: Items, item: ast.expr, depth: int) -> int:
        """Each use makes its own node: no statement leans on the inside of another. A list may be
        inside itself, so that its depth has no end."""
        if depth == _DEEPEST:
            told = {"asked": depth + 1, "allowed": _DEEPEST}
            raise SourceError("syntax.deep", self.where.span(item), **told)
        if not items.values:
            return self.builder.const(np.zeros(0), *self.at(item))
        nodes = tuple(self.as_node(each, item, depth=depth + 1) for each in items.values)
        return self.builder.op(OPS["stack"], nodes, {"axis": 0}, *self.at(item))

    def at(self, node: ast.expr) -> Place:
        """Return where the nodes of an expression stand."""
        if node is self.root and self.whole is not None:
            return self.whole
        return self.place or (self.statement.span(node), self.statement.segment(node))

    def _name(self, node: ast.Name) -> Value:
        found = self.scope.find(node.id)
        if isinstance(found, Failed):
            raise Follows
        if found is None:
            number = constant(node, self.where)
            if number is ...:
                raise unknown_name(node, self.where)
            return Constant(number)
        return found

    def _operation(self, node: ast.expr) -> tuple[Op, list[ast.expr], dict[str, Attribute]]:
        if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
            return OPS[BINARY[type(node.op)]], [node.left, node.right], {}
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in BINARY:
            return OPS[BINARY[type(node.ops[0])]], [node.left, node.comparators[0]], {}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return OPS["neg"], [node.operand], {}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return OPS["identity"], [node.operand], {}
        if isinstance(node, ast.Attribute) and node.attr in _PROPERTIES:
            return OPS[_PROPERTIES[node.attr]], [node.value], {}
        if isinstance(node, ast.Subscript):
            if by_tensor(node, self.where):
                return OPS["take"], [node.value, node.slice], {"axis": 0}
            return OPS["getitem"], [node.value], {"index": index(node.slice, self.where)}
        raise refused(node, self.where)
