"""Source text → Graph: one statement a line, names bound to expressions over the op registry."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.build import Builder, check_name
from engine.call import bind, index
from engine.errors import SourceError, Span, closest, likeliest
from engine.graph import Attribute, Attributes, Graph
from engine.literal import literal
from engine.ops import ALIASES, OPS, Op
from engine.ops.block import BLOCKS
from engine.read import Statement, statements

__all__ = ["Parsed", "parse"]

_PREFIXES = {"torch", "np", "numpy", "F", "nn", "functional", "jnp", "linalg"}
_PROPERTIES = {"T": "transpose", "mT": "matrix_transpose"}
_NUMPY = {"np", "numpy", "jnp"}
_BINARY: dict[type[ast.AST], str] = {
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A graph of elementary ops, and the value of each leaf and constant by id."""

    graph: Graph
    literal_of: Mapping[int, npt.NDArray[np.float64]]


def parse(source: str, most: int | None = None) -> Parsed:
    """Read `source` into a graph of elementary ops, of which there may be `most`.

    Each node carries the name of the statement that made it; `contract` closes statements into
    single nodes. Raises SourceError with the place, or LimitError.
    """
    builder = Builder(most=most)
    for statement in statements(source):
        _Lowering(builder, statement).run()
    if not builder.names:
        raise SourceError("syntax.empty")
    return Parsed(*builder.finish())


def _assigned(statement: Statement) -> tuple[ast.expr, str]:
    """Return what a statement `name = expression` binds, and to which name."""
    tree = statement.tree
    if (
        isinstance(tree, ast.Assign)
        and len(tree.targets) == 1
        and isinstance(tree.targets[0], ast.Name)
    ):
        name = tree.targets[0].id
        check_name(name, statement.span(tree.targets[0]))
        return tree.value, name
    raise SourceError("syntax.unsupported", statement.span(tree), construct=statement.segment(tree))


class _Lowering:
    """One statement → nodes, by an explicit stack: long expressions must not exhaust Python's."""

    def __init__(
        self, builder: Builder, statement: Statement, place: tuple[Span, str] | None = None
    ) -> None:
        """place: where the nodes stand, if not where the statement does (inside a block)."""
        self.builder = builder
        self.statement = statement
        self.place = place

    def run(self) -> None:
        expression, name = _assigned(self.statement)
        span, text = self.statement.span(), self.statement.segment(self.statement.tree)
        self.builder.begin(name, span, text)
        value = literal(expression, self.statement)
        if value is not None:
            self.builder.leaf(value)
        else:
            self.builder.end(self._expression(expression))

    def _expression(self, root: ast.expr) -> int:
        """Visit in post-order; `done` holds the nodes of finished operands."""
        done: list[int] = []
        pending: list[ast.expr | tuple[ast.expr, Op, int, dict[str, Attribute]]] = [root]
        while pending:
            item = pending.pop()
            if isinstance(item, tuple):
                expression, op, count, attrs = item
                inputs = tuple(done[len(done) - count :])
                del done[len(done) - count :]
                done.append(self._apply(op, inputs, attrs, self._place(expression)))
                continue
            if isinstance(item, ast.Name):
                done.append(self._name(item))
                continue
            value = literal(item, self.statement)
            if value is not None:
                done.append(self.builder.const(value, *self._place(item)))
            else:
                op, operands, attrs = self._operation(item)
                pending.append((item, op, len(operands), attrs))
                pending.extend(reversed(operands))
        return done[0]

    def _apply(
        self, op: Op, inputs: tuple[int, ...], attrs: Attributes, place: tuple[Span, str]
    ) -> int:
        """Add an op; a block is read statement by statement, over its own names."""
        block = BLOCKS.get(op.name)
        if block is None:
            return self.builder.op(op, inputs, attrs, *place)
        outside, self.builder.names = self.builder.names, dict(zip(op.args, inputs, strict=True))
        for statement in statements(block.body):
            value, name = _assigned(statement)
            lowering = _Lowering(self.builder, statement, place)
            self.builder.names[name] = last = lowering._expression(value)
        self.builder.names = outside
        return last

    def _place(self, node: ast.expr) -> tuple[Span, str]:
        if self.place is not None:
            return self.place
        return self.statement.span(node), self.statement.segment(node)

    def _name(self, node: ast.Name) -> int:
        found = self.builder.names.get(node.id)
        if found is not None:
            return found
        span, guess = self.statement.span(node), closest(node.id, self.builder.names)
        if guess:
            raise SourceError("name.misspelled", span, name=node.id, suggestion=guess)
        raise SourceError("name.unknown", span, name=node.id)

    def _operation(self, node: ast.expr) -> tuple[Op, list[ast.expr], dict[str, Attribute]]:
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return OPS[_BINARY[type(node.op)]], [node.left, node.right], {}
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _BINARY:
            return OPS[_BINARY[type(node.ops[0])]], [node.left, node.comparators[0]], {}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return OPS["neg"], [node.operand], {}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return OPS["identity"], [node.operand], {}
        if isinstance(node, ast.Attribute) and node.attr in _PROPERTIES:
            return OPS[_PROPERTIES[node.attr]], [node.value], {}
        if isinstance(node, ast.Subscript):
            op = OPS["getitem"]
            return op, [node.value], {"index": index(op, node.slice, self.statement)}
        if isinstance(node, ast.Call):
            return self._call(node)
        raise self._unsupported(node)

    def _call(self, node: ast.Call) -> tuple[Op, list[ast.expr], dict[str, Attribute]]:
        """A function, perhaps behind a prefix such as `torch.`, or a method of a tensor."""
        arguments = list(node.args)
        function = node.func
        if isinstance(function, ast.Attribute):
            name = function.attr
            if not self._is_prefix(function.value):
                arguments.insert(0, function.value)
        elif isinstance(function, ast.Name):
            name = function.id
        else:
            raise self._unsupported(function)
        op = self._op(name, function)
        operands, attrs = bind(op, arguments, node.keywords, self.statement, node)
        numpy = self._is_numpy(function) and op.numpy_attrs
        return op, operands, {**op.numpy_attrs, **attrs} if numpy else attrs

    def _is_numpy(self, node: ast.expr) -> bool:
        """Whether a function is written with NumPy's prefix, and so means NumPy's defaults."""
        root = node.value if isinstance(node, ast.Attribute) else node
        return isinstance(root, ast.Name) and root.id in _NUMPY and self._is_prefix(root)

    def _is_prefix(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute) and node.attr in _PREFIXES:
            node = node.value
        return (
            isinstance(node, ast.Name)
            and node.id in _PREFIXES
            and node.id not in self.builder.names
        )

    def _op(self, name: str, node: ast.expr) -> Op:
        op = OPS.get(ALIASES.get(name, name))
        if op is not None:
            return op
        if name in BLOCKS:
            return BLOCKS[name].signature
        span, guess = self.statement.span(node), closest(name, [*OPS, *ALIASES, *BLOCKS])
        if guess:
            raise SourceError("op.misspelled", span, name=name[:60], suggestion=guess)
        raise SourceError(
            "op.unknown", span, name=name[:60], ops=likeliest(name, OPS), count=len(OPS)
        )

    def _unsupported(self, node: ast.AST) -> SourceError:
        return SourceError(
            "syntax.unsupported", self.statement.span(node), construct=self.statement.segment(node)
        )
