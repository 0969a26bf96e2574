"""One node → the expression that makes it: pieces of text with the operands between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.forms import written
from engine.graph import Graph, Group, Node, Ref
from engine.ops import OPS, Op
from engine.ops.block import BLOCKS

__all__ = ["ATOM", "CALL", "NEGATIVE", "NUMBER", "Operand", "Phrase", "call", "joined", "phrase"]

Operand = tuple[int, float]
"""A node by id, and how strongly its expression must bind."""

Phrase = tuple[float, list[str | Operand]]
"""How strongly an expression binds, and its pieces from left to right."""

_COMPARE, _SUM, _PRODUCT, NEGATIVE, _POWER, NUMBER, CALL = 1, 2, 3, 4, 5, 5.5, 6
ATOM = CALL

_INFIX = {
    **dict.fromkeys(("add", "sub"), (_SUM, _SUM, _PRODUCT)),
    **dict.fromkeys(
        ("mul", "div", "matmul", "floor_divide", "remainder"), (_PRODUCT, _PRODUCT, NEGATIVE)
    ),
    "pow": (_POWER, NUMBER, NEGATIVE),
    **dict.fromkeys(
        ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal"),
        (_COMPARE, _SUM, _SUM),
    ),
}
"""How strongly an operator binds, and what each side must."""

_ARGUMENT = 0.5
"""A bare list given to a block would be Python's list inside it."""

_PROPERTIES = {"transpose": "T", "matrix_transpose": "mT"}


def phrase(node: Node, is_number: Callable[[int], bool], named: Callable[[str], str]) -> Phrase:
    """Return an op over its inputs. is_number: whether an input is a number written out; named: how
    a function is called here."""
    op, inputs = OPS[node.op], node.inputs
    if not node.attrs:
        if node.op in _INFIX:
            own, left, right = _INFIX[node.op]
            return own, [(inputs[0], left), f" {op.symbol} ", (inputs[1], right)]
        if node.op == "neg" and not is_number(inputs[0]):
            return NEGATIVE, ["-", (inputs[0], NEGATIVE)]
        if node.op in _PROPERTIES:
            return CALL, [(inputs[0], CALL), f".{_PROPERTIES[node.op]}"]
    if node.op == "getitem":
        return CALL, [(inputs[0], CALL), f"[{written.index(node.attrs['index'])}]"]
    return CALL, _op_call(op, node, named(op.name))


def _op_call(op: Op, node: Node, name: str) -> list[str | Operand]:
    """By position where attributes do not stand between arguments, else by name."""
    operands: list[list[str | Operand]] = [[(i, 0.0)] for i in node.inputs]
    if op.variadic:
        fixed = len(op.args) - 1
        listed = _commas(operands[fixed:])
        operands[fixed:] = [["[", *listed, "]"]]
    elif op.order or op.absent:
        first = op.order[:1] in ((), op.args[:1])
        named = zip(op.args[first:], operands[first:], strict=False)
        operands[first:] = [[f"{key}=", *each] for key, each in named]
    settings: list[list[str | Operand]] = [
        [f"{key}={written.plain(value)}"] for key, value in node.attrs.items()
    ]
    return [f"{name}(", *_commas([*operands, *settings]), ")"]


def call(graph: Graph, group: Group, named: Callable[[str], str]) -> Phrase:
    """Return the call of a block; what stands behind `*` in its `def` is given by name, and so are
    the settings of a block of the library, where they are not the usual ones."""
    definition, settings = graph.blocks.get(group.block), {}
    if definition is None and group.block in BLOCKS:
        settings = dict(BLOCKS[group.block].signature.attrs)
    _, _, behind = " ".join(definition.parameters if definition else ()).partition("*")
    names = {*behind.split(), *settings}
    arguments = [
        [f"{name}=", *_argument(value)] if name in names else _argument(value)
        for name, value in group.arguments
        if name not in settings or value != settings[name]
    ]
    return CALL, [f"{named(group.block)}(", *_commas(arguments), ")"]


def _argument(value: Any) -> list[str | Operand]:
    if isinstance(value, Ref):
        return [(value.node, _ARGUMENT)]
    if _is_table(value):
        pairs = [[f"{key!r}: ", *_argument(each)] for key, each in value]
        return ["{", *_commas(pairs), "}"]
    if isinstance(value, tuple):
        return ["[", *_commas([_argument(each) for each in value]), "]"]
    return [written.plain(value)]


def _is_table(value: Any) -> bool:
    """A dictionary is kept as pairs; no list of a program holds strings."""
    pairs = value if isinstance(value, tuple) else ()
    keys = [each[0] for each in pairs if isinstance(each, tuple) and len(each) == 2]
    return bool(keys) and len(keys) == len(pairs) and all(type(key) is str for key in keys)


def _commas(parts: Sequence[list[str | Operand]]) -> list[str | Operand]:
    pieces: list[str | Operand] = []
    for part in parts:
        pieces += [", ", *part] if pieces else part
    return pieces


def joined(nodes: Sequence[int]) -> list[str | Operand]:
    """Return nodes with commas between them."""
    return _commas([[(i, 0.0)] for i in nodes])
