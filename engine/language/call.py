"""The arguments of a call → operands and attributes of an op, by NumPy's and PyTorch's habits."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from engine.errors import SourceError
from engine.graph import Attribute
from engine.language.literal import attribute
from engine.language.scope import Where
from engine.ops import Op

__all__ = ["KEYWORDS", "POSITIONS", "bind", "keyword_of"]

KEYWORDS = {
    "dim": ("axis",),
    "keepdim": ("keepdims",),
    "dims": ("axes", "axis", "reps"),
    "axis": ("axes", "dim"),
    "axes": ("dims",),
    "ddof": ("correction",),
    "unbiased": ("correction",),
    "ord": ("p",),
    "a_min": ("min",),
    "a_max": ("max",),
    "dim0": ("axis1",),
    "size": ("shape",),
    "shifts": ("shift",),
    "indices_or_sections": ("sections",),
    "chunks": ("sections",),
    "indices": ("index",),
    "k": ("diagonal",),
    "dim1": ("axis2", "axis1"),
    "dim2": ("axis2",),
    "weight_size": ("shape",),
}
"""Other names of attributes: the first that the op has is meant."""

_UNHEARD = ("inplace", "dtype", "device")
"""What changes neither values nor derivatives here: precision and device are the request's."""

POSITIONS = {
    "input": 0,
    "self": 0,
    "other": 1,
    "exponent": 1,
    "tensor1": 0,
    "tensor2": 1,
    "tensors": 0,
}

Bound = tuple[list[ast.expr], dict[str, Attribute]]


def bind(
    op: Op,
    positional: Sequence[ast.expr],
    keywords: Sequence[ast.keyword],
    where: Where,
    call: ast.expr,
) -> Bound:
    """Return the operands of a call in order, and its attributes by name.

    Operands come first, then attributes in the order of the registry; either may be named. A
    string given by position is an attribute. Raises SourceError when something is missing, unknown
    or too much.
    """
    if op.order and len(positional) <= len(op.order):
        positional, keywords = [], _by_order(op, positional, keywords)
    operands, attrs = _by_position(op, positional, where, call)
    named: dict[int, ast.expr] = {}
    for keyword in keywords:
        name = keyword.arg or "**"
        if name in _UNHEARD and name not in op.attrs:
            continue
        if name in op.args or (name in POSITIONS and name not in op.attrs):
            named[op.args.index(name) if name in op.args else POSITIONS[name]] = keyword.value
        else:
            key = keyword_of(op, name)
            attrs[key] = attribute(op, key, keyword.value, where)
    if not (_insert(op, operands, named, call) and _complete(op, len(operands), attrs)):
        raise _wrong_count(op, len(positional) + len(keywords), where, call)
    return operands, attrs


def keyword_of(op: Op, name: str) -> str:
    """Return the attribute of an op that a keyword means."""
    others = (key for key in KEYWORDS.get(name, ()) if key in op.attrs)
    return name if name in op.attrs else next(others, name)


def _by_position(op: Op, positional: Sequence[ast.expr], where: Where, call: ast.expr) -> Bound:
    """Return what is given without a name."""
    attrs: dict[str, Attribute] = {}
    texts = [each for each in positional if _is_text(each)]
    rest = [each for each in positional if not _is_text(each)]
    operands, extra = _operands(op, rest)
    free = [key for key in op.attrs if key not in attrs]
    if op.collects and len(extra) > 1 and free:
        attrs[free[0]] = attribute(op, free[0], _tuple(extra), where)
        extra = []
    if len(texts) + len(extra) > len(free) or (op.order and positional):
        raise _wrong_count(op, len(positional), where, call)
    for key, value in zip(free, [*texts, *extra], strict=False):
        attrs[key] = attribute(op, key, value, where)
    return operands, attrs


def _by_order(
    op: Op, positional: Sequence[ast.expr], keywords: Sequence[ast.keyword]
) -> list[ast.keyword]:
    """Name what is given by position; None for an argument that may be left out says nothing."""
    by_position = [
        ast.keyword(arg=name, value=value)
        for name, value in zip(op.order, positional, strict=False)
    ]
    return [
        each
        for each in (*by_position, *keywords)
        if not (each.arg in op.absent and _is_none(each.value))
    ]


def _insert(
    op: Op, operands: list[ast.expr], named: Mapping[int, ast.expr], call: ast.expr
) -> bool:
    """Put operands given by name in their places; False where one before them is missing."""
    for slot in sorted(named):
        value = named[slot]
        _fill(op, operands, slot, call)
        if slot > len(operands):
            return False
        operands[slot:slot] = (
            value.elts if isinstance(value, ast.List | ast.Tuple) and op.variadic else [value]
        )
    while op.optional and operands and _is_none(operands[-1]):
        del operands[-1]
    _fill(op, operands, len(op.args), call)
    return True


def _fill(op: Op, operands: list[ast.expr], count: int, call: ast.expr) -> None:
    """Put the usual numbers in the places of arguments that are left out, up to `count`; they stand
    nowhere, so behind the call."""
    missing = [name for name in op.args[len(operands) : count] if name in op.absent]
    numbers = [ast.Constant(op.absent[name]) for name in missing]
    for number in numbers:
        number.lineno = number.end_lineno = call.end_lineno or 1
        number.col_offset = number.end_col_offset = call.end_col_offset or 0
    operands.extend(numbers)


def _operands(op: Op, given: Sequence[ast.expr]) -> tuple[list[ast.expr], list[ast.expr]]:
    """Split positional arguments into operands and the rest; a variadic op takes a list, or all."""
    if not op.variadic:
        return list(given[: len(op.args)]), list(given[len(op.args) :])
    fixed = len(op.args) - 1
    listed = given[fixed] if len(given) > fixed else None
    if isinstance(listed, ast.List | ast.Tuple):
        return [*given[:fixed], *listed.elts], list(given[fixed + 1 :])
    return list(given), []


def _complete(op: Op, given: int, attrs: Mapping[str, Attribute]) -> bool:
    fixed = len(op.args) - op.variadic
    missing = any(default is ... and key not in attrs for key, default in op.attrs.items())
    enough = given >= max(fixed - op.optional, 1)
    return enough and not missing and (op.variadic or given <= fixed)


def _tuple(entries: list[ast.expr]) -> ast.Tuple:
    """The entries as one, in the place where they stand."""
    first, last = entries[0], entries[-1]
    made = ast.copy_location(ast.Tuple(elts=entries, ctx=ast.Load()), first)
    made.end_lineno, made.end_col_offset = last.end_lineno, last.end_col_offset
    return made


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _wrong_count(op: Op, given: int, where: Where, call: ast.expr) -> SourceError:
    needed = [*op.args, *(key for key, default in op.attrs.items() if default is ...)]
    expected = f"{len(needed)} argument" + ("" if len(needed) == 1 else "s")
    return SourceError(
        "op.arguments", where.span(call), op=op.name, expected=expected, given=given, usage=op.usage
    )
