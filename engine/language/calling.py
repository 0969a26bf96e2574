"""A call in an expression → the op, block, number or list that it means."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Protocol

from engine.errors import SourceError, Span
from engine.language.build import Builder
from engine.language.call import bind
from engine.language.constant import constant
from engine.language.create import Maker, generator
from engine.language.given import Given, creation, is_op, unwrapped
from engine.language.habits import check_norm, visit_split
from engine.language.refuse import unknown_op
from engine.language.scope import (
    Constant,
    Draws,
    Failed,
    Follows,
    Function,
    Items,
    Scope,
    Value,
    Where,
)
from engine.language.target import Target, side_by_side, target_of
from engine.ops import ALIASES, OPS, Op
from engine.ops.block import BLOCKS

__all__ = ["Caller", "Operands", "Task", "visit_call"]

Task = tuple[Callable[..., Value], ast.expr, int, Any]
"""What is to be done with the values of the last few operands."""


class Operands(Protocol):
    """The expression that a call stands in."""

    builder: Builder
    caller: Caller
    scope: Scope

    @property
    def where(self) -> Where:
        """What may be looked up."""

    @property
    def pure(self) -> Where:
        """What may be looked up where a node must stay one."""

    def at(self, node: ast.expr) -> tuple[Span, str]:
        """Return where the nodes of an expression stand."""

    def as_node(self, value: Value, item: ast.expr) -> int:
        """Return a value as a node."""

    def apply(self, item: ast.expr, values: list[Value], rest: tuple[Op, Any]) -> Value:
        """Add an op."""

    def given(self, given: Given, item: ast.expr) -> Value:
        """Add a tensor that was made."""


class Caller(Protocol):
    """The program that an expression stands in."""

    builder: Builder
    maker: Maker

    def call(
        self,
        function: Function,
        arguments: dict[str, Value],
        within: Any,
        node: ast.Call,
        whole: bool,
    ) -> Value:
        """Read the body of a block in the place of its call."""

    def block(self, name: str) -> Function:
        """Return a block of the library."""


def visit_call(
    within: Operands, node: ast.Call, pending: list[ast.expr | Task], whole: bool
) -> Value | None:
    """Put a call off until its arguments are done, or return its value at once.

    whole: whether it is all of a statement. Raises SourceError or LimitError.
    """
    if not is_op(node):
        inner, grad = unwrapped(node, within.where)
        made = creation(inner, within.where, within.caller.maker)
        if made is not None:
            return within.given(Given(made.value, made.grad if grad is None else grad), inner)
        if inner is not node:
            pending.append(inner)
            return None
    target = target_of(node, within.where)
    if isinstance(target.bound, Failed):
        raise Follows
    if isinstance(target.bound, Function):
        _visit_block(within, node, target.bound, pending, whole)
        return None
    if target.bound is not None:
        raise side_by_side(node, within.where)
    if target.receiver is not None and target.name in _COUNTS:
        known = constant(node, within.where)
        if known is not ...:
            return Constant(known)
    if target.receiver is None and target.name in _SPECIAL:
        done, value = _SPECIAL[target.name](within, node, target, pending)
        if done:
            return value
    if target.name != "split" or not visit_split(within, node, target, pending):
        _visit_op(within, node, target, pending, whole)
    return None


def _visit_op(
    within: Operands, node: ast.Call, target: Target, pending: list[ast.expr | Task], whole: bool
) -> None:
    """A function of the registry, or a method of a tensor, which is its first argument."""
    name = target.name
    if name == "norm":
        check_norm(within, node)
    op = OPS.get(ALIASES.get(name, name))
    if name == "repeat" and target.module == "torch":
        op = OPS["tile"]
    arguments = list(node.args) if target.receiver is None else [target.receiver, *node.args]
    if op is None:
        if name not in BLOCKS:
            raise unknown_op(name, node.func, within.where)
        signature = BLOCKS[name].signature
        operands, _ = bind(signature, arguments, node.keywords, within.where, node)
        rest: Any = (within.caller.block(name), signature.args, {}, whole)
        pending.append((_called(within), node, len(operands), rest))
    else:
        operands, attrs = bind(op, arguments, node.keywords, within.where, node)
        if target.module == "numpy" and op.numpy_attrs:
            attrs = {**op.numpy_attrs, **attrs}
        pending.append((within.apply, node, len(operands), (op, attrs)))
    pending.extend(reversed(operands))


def _visit_block(
    within: Operands,
    node: ast.Call,
    function: Function,
    pending: list[ast.expr | Task],
    whole: bool,
) -> None:
    """A `def` of the program: its arguments by position and by name."""
    given = dict(zip(function.parameters, node.args, strict=False))
    wrong = len(node.args) > len(function.parameters)
    for keyword in node.keywords:
        wrong = wrong or keyword.arg not in function.parameters or keyword.arg in given
        given[keyword.arg or ""] = keyword.value
    missing = [p for p in function.parameters if p not in given and p not in function.defaults]
    if wrong or missing or any(isinstance(each, ast.Starred) for each in node.args):
        raise _wrong_arguments(within, node, function)
    fixed: dict[str, Value] = dict(function.defaults)
    for parameter, value in given.items():
        known = constant(value, within.pure)
        if known is not ...:
            fixed[parameter] = Constant(known)
    names = tuple(name for name in given if not _is_fixed(given[name], within))
    fixed = {name: value for name, value in fixed.items() if name not in names}
    pending.append((_called(within), node, len(names), (function, names, fixed, whole)))
    pending.extend(reversed([given[name] for name in names]))


def _is_fixed(value: ast.expr, within: Operands) -> bool:
    return constant(value, within.pure) is not ...


def _wrong_arguments(within: Operands, node: ast.Call, function: Function) -> SourceError:
    count = len(function.parameters)
    return SourceError(
        "op.arguments",
        within.where.span(node),
        op=function.name,
        expected=f"{count} argument" + ("" if count == 1 else "s"),
        given=len(node.args) + len(node.keywords),
        usage=function.usage,
    )


def _called(within: Operands) -> Callable[..., Value]:
    """Return what calls a block once its arguments are done."""

    def call(node: ast.Call, values: list[Value], rest: Any) -> Value:
        function, names, fixed, whole = rest
        if not function.own:
            values = [within.as_node(value, node) for value in values]
        arguments = {**fixed, **dict(zip(names, values, strict=True))}
        ordered = {name: arguments[name] for name in function.parameters}
        return within.caller.call(function, ordered, within, node, whole)

    return call


_COUNTS = ("numel", "dim", "nelement")
"""Methods that tell a size."""

Special = tuple[bool, Value | None]


def _number(within: Operands, node: ast.Call, _: Target, pending: Any) -> Special:
    """`len(x)`, `int(n / 2)`; `float(x)` of a tensor is the tensor."""
    value = constant(node, within.where)
    if value is not ...:
        return True, Constant(value)
    for each in node.args:
        if isinstance(each, ast.Name) and isinstance(within.scope.find(each.id), Failed):
            raise Follows
    raise SourceError("flow.constant", within.where.span(node), text=within.where.segment(node))


def _larger(within: Operands, node: ast.Call, target: Target, pending: Any) -> Special:
    """PyTorch's `max(a, b)` compares two tensors; Python's name alone would mean an axis."""
    two = len(node.args) == 2 and not node.keywords and _is_tensor(node.args[1], within)
    if not two:
        return False, None
    name = {"max": "maximum", "min": "minimum"}[target.name]
    if target.module != "torch":
        text, span = within.where.segment(node), within.where.span(node)
        raise SourceError("op.larger", span, call=text, name=target.name, suggestion=name)
    pending.append((within.apply, node, 2, (OPS[name], {})))
    pending.extend(reversed(node.args))
    return True, None


def _is_tensor(node: ast.expr, within: Operands) -> bool:
    """An axis is a number that is written out, or has a name of its own."""
    return constant(node, within.where) is ... or isinstance(node, ast.Name)


def _total(within: Operands, node: ast.Call, target: Target, pending: Any) -> Special:
    """Python's `sum` of a list of tensors adds them up."""
    if len(node.args) != 1 or node.keywords or target.module:
        return False, None
    first = node.args[0]
    listed = isinstance(first, ast.List) and constant(first, within.pure) is ...
    held = within.scope.find(first.id) if isinstance(first, ast.Name) else None
    if not (listed or isinstance(held, Items)):
        return False, None

    def add(item: ast.expr, values: list[Value], _: Any) -> Value:
        (items,) = values
        each = items.values if isinstance(items, Items) else [items]
        total: Value = each[0] if each else Constant(0)
        for value in each[1:]:
            total = within.apply(item, [total, value], (OPS["add"], {}))
        return total

    pending.append((add, node, 1, None))
    pending.append(node.args[0])
    return True, None


def _draws(within: Operands, node: ast.Call, _: Target, pending: Any) -> Special:
    seed = constant(node.args[0], within.where) if node.args else 0
    if type(seed) is not int or not 0 <= seed < 2**63:
        text, span = within.where.segment(node), within.where.span(node)
        raise SourceError("create.arguments", span, call=text, usage="default_rng(0)")
    return True, Draws(generator(seed))


_SPECIAL: dict[str, Callable[[Operands, ast.Call, Target, Any], Special]] = {
    **dict.fromkeys(("len", "int", "float", "bool", "device", "is_available"), _number),
    **dict.fromkeys(("max", "min"), _larger),
    "sum": _total,
    "default_rng": _draws,
}
"""Functions that mean something of their own in Python."""
