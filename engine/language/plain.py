"""Statements that are arithmetic of names and numbers alone, `y = a * tanh(b) + 1`: read once, and
carried out straight away wherever all the names are nodes.

Most lines of a long program are such, and lines that are alike, or stand in a loop, share what was
read. All else goes the way of `lower`, which would make the same nodes.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from engine.errors import Span
from engine.language.build import Builder
from engine.language.given import is_op
from engine.language.read import short
from engine.language.scope import Scope
from engine.language.syntax import Plain, Statement, Step
from engine.ops import ALIASES, OPS, Op

__all__ = ["BINARY", "carried_out", "plain"]

BINARY: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}
"""The op of each operator between two operands."""

_LARGEST = 2**53
"""Beyond it a whole number may not be exact, which is told elsewhere."""

_LONGEST_NAME = 60
"""Of what is bound here; a longer one is looked at elsewhere."""


@dataclass(slots=True)
class _Reading:
    """Gathers what a statement takes: the place of each name among the operands, what is called,
    and each step with its op, none for a number. An operand that is itself a step is told by its
    place from behind, -1 for the first of them."""

    place_of: dict[str, int] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    steps: list[tuple[ast.expr, Op | None, tuple[int, ...], float]] = field(default_factory=list)

    def add(self, node: ast.expr, op: Op | None, inputs: tuple[int, ...], number: float) -> int:
        self.steps.append((node, op, inputs, number))
        return -len(self.steps)


def plain(tree: ast.stmt, text: str) -> Plain | None:
    """Return what a statement computes, or None where it is no such arithmetic. text: the logical
    line that it stands in, one row of ASCII."""
    if type(tree) is not ast.Assign or len(tree.targets) > 1:
        return None
    target, reading = tree.targets[0], _Reading()
    if type(target) is not ast.Name or len(target.id) > _LONGEST_NAME:
        return None
    if not _is_read(reading, tree.value) or not reading.place_of:
        return None
    if not reading.steps or reading.steps[-1][1] is None:
        return None
    names, steps = tuple(reading.place_of), list[Step]()
    for node, op, inputs, number in reading.steps:
        start, stop = node.col_offset, node.end_col_offset or 0
        sources = tuple([i if i >= 0 else len(names) - 1 - i for i in inputs])
        steps.append(Step(op, sources, number, start, stop, short(text[start:stop])))
    whole = short(text[tree.col_offset : tree.end_col_offset])
    return Plain(target.id, whole, names, tuple(reading.functions), tuple(steps))


def _is_read(reading: _Reading, value: ast.expr) -> bool:
    """Gather the steps of an expression, operands first; return whether it is arithmetic alone."""
    done: list[int] = []
    pending: list[ast.expr | tuple[ast.expr, Op, int]] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, tuple):
            node, op, count = item
            inputs = tuple(done[-count:])
            done[-count:] = (reading.add(node, op, inputs, 0.0),)
        elif type(item) is ast.Name:
            done.append(reading.place_of.setdefault(item.id, len(reading.place_of)))
        elif (number := _number(item)) is not None:
            done.append(reading.add(item, None, (), number))
        else:
            name, operands = _operation(item, reading.functions)
            if not operands:
                return False
            pending.append((item, OPS[name], len(operands)))
            pending.extend(reversed(operands))
    return True


def _number(node: ast.expr) -> float | None:
    """Return a number that is written out, with its sign; None for one that is not exact."""
    sign = -1.0 if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else 1.0
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    value = inner.value if isinstance(inner, ast.Constant) else None
    if type(value) is int and abs(value) <= _LARGEST:
        return sign * value
    return sign * value if type(value) is float and isfinite(value) else None


def _operation(node: ast.expr, functions: set[str]) -> tuple[str, list[ast.expr]]:
    """Return an op by name and its operands, none of them for what is no arithmetic. functions:
    gathers what is called, as the program may define it."""
    if isinstance(node, ast.BinOp):
        name = BINARY.get(type(node.op), "")
        return name, [node.left, node.right] if name else []
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return "neg", [node.operand]
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords:
        return "", []
    name = ALIASES.get(node.func.id, node.func.id)
    op = OPS.get(name)
    if op is None or not op.elementwise or op.attrs or op.optional or not is_op(node):
        return "", []
    functions.add(node.func.id)
    return name, node.args if len(node.args) == len(op.args) else []


def carried_out(
    statement: Statement, scope: Scope, builder: Builder, place: tuple[Span, str] | None
) -> bool:
    """Add the nodes of a plain statement and bind its name; return whether it is one here: all that
    it reads are nodes, and its functions are no names of the program. place: where the nodes stand,
    if not where the statement does. Raises LimitError for too many nodes."""
    known = statement.plain
    if known is None:
        return False
    find = scope.find
    nodes: list[int] = []
    for name in known.names:
        found = find(name)
        if type(found) is not int:
            return False
        nodes.append(found)
    for name in known.functions:
        if find(name) is not None:
            return False
    span, text = place or (statement.span(), known.text)
    builder.begin(known.target, span, text, statement.note)
    end = known.steps[-1]
    for step in known.steps:
        own = place or (statement.within.stretch(step.start, step.stop), step.text)
        if step.op is None:
            nodes.append(builder.const(np.asarray(step.number), *own))
            continue
        inputs = tuple([nodes[i] for i in step.inputs])
        if step is end:
            builder.op(step.op, inputs, {}, span, text, True)
        else:
            nodes.append(builder.op(step.op, inputs, {}, *own))
    return True
