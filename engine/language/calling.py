"""A call in an expression → the op, block, number or list that it means."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from engine.errors import SourceError
from engine.language.builtins import special_of
from engine.language.call import bind
from engine.language.constant import constant
from engine.language.given import Given, creation, is_op, unwrapped
from engine.language.habits import CUTS, check_dropout, check_norm, is_off, visit_pad, visit_split
from engine.language.layers import called, visit_layer
from engine.language.lists import entries_of, named
from engine.language.literal import literal
from engine.language.operands import Operands, Task
from engine.language.placing import visit_at
from engine.language.refuse import unknown_op
from engine.language.scope import (
    Constant,
    Failed,
    Follows,
    Function,
    Value,
)
from engine.language.spread import opened
from engine.language.target import Target, side_by_side, target_of
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS

__all__ = ["visit_call"]


def visit_call(
    within: Operands, node: ast.Call, pending: list[ast.expr | Task], whole: bool
) -> Value | None:
    """Put a call off until its arguments are done, or return its value at once.

    whole: whether it is all of a statement. Raises SourceError or LimitError.
    """
    if not is_op(node):
        inner, value = _unwrapped(within, node)
        if value is not None:
            return value
        if inner is not node:
            pending.append(inner)
            return None
    if _visit_object(within, node, pending):
        return None
    target = target_of(node, within.where)
    if isinstance(target.bound, Failed):
        raise Follows
    if isinstance(target.bound, Function):
        _visit_block(within, node, target.bound, pending, whole)
        return None
    if target.bound is not None:
        raise side_by_side(node, within.where)
    told = _told(within, node, target)
    if told is not None:
        return told
    if special := special_of(node, target):
        done, value = special(within, node, target, pending)
        if done:
            return value
    if target.name not in CUTS or not visit_split(within, node, target, pending):
        _visit_op(within, node, target, pending, whole)
    return None


def _unwrapped(within: Operands, node: ast.Call) -> tuple[ast.expr, Value | None]:
    """Return what a call hands on, and the tensor where it makes one."""
    inner, grad = unwrapped(node, within.where)
    made = creation(inner, within.where, within.caller.maker)
    if made is not None:
        return inner, within.given(Given(made.value, made.grad if grad is None else grad), inner)
    written = literal(inner, within.pure) if grad else None
    return inner, None if written is None else within.given(Given(written, True), inner)


def _visit_object(within: Operands, node: ast.Call, pending: list[ast.expr | Task]) -> bool:
    """Put off the call of an object of `torch.nn`, or JAX's `x.at[i].set(v)`."""
    layer = called(within, node.func)
    if layer is not None:
        visit_layer(within, node, layer, pending)
    return layer is not None or visit_at(within, node, pending)


def _told(within: Operands, node: ast.Call, target: Target) -> Value | None:
    """Return what a dictionary holds, or a size, where a method tells that."""
    if target.receiver is None:
        return None
    known = constant(node, within.where) if target.name in _COUNTS else ...
    return entries_of(node, within.where) if known is ... else Constant(known)


def _visit_habit(
    within: Operands, node: ast.Call, target: Target, pending: list[ast.expr | Task]
) -> bool:
    """Put off a call that means something of its own in the library it is from."""
    name = target.name
    if name == "norm":
        check_norm(within, node)
    elif name == "dropout" and target.receiver is None and is_off(within, node):
        pending += [(within.apply, node, 1, (OPS["identity"], {})), node.args[0]]
        return True
    elif name == "dropout":
        check_dropout(within, node, target)
    elif name == "pad" and target.module == "numpy":
        visit_pad(within, node, pending)
        return True
    return False


def _visit_op(
    within: Operands, node: ast.Call, target: Target, pending: list[ast.expr | Task], whole: bool
) -> None:
    """A function of the registry, or a method of a tensor, which is its first argument."""
    name = target.name
    if _visit_habit(within, node, target, pending):
        return
    op = OPS.get(ALIASES.get(name, name))
    if name == "repeat" and target.module == "torch":
        op = OPS["tile"]
    positional = opened(node.args, within.where)
    arguments = positional if target.receiver is None else [target.receiver, *positional]
    if op is None:
        if name not in BLOCKS:
            raise unknown_op(name, node.func, within.where)
        signature = BLOCKS[name].signature
        operands, attrs = bind(signature, arguments, node.keywords, within.where, node)
        function = within.caller.block(name)
        fixed = {**function.defaults, **{key: Constant(each) for key, each in attrs.items()}}
        rest: Any = (function, signature.args, fixed, whole)
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
    arguments = opened(node.args, within.where)
    given = dict(zip(function.positional, arguments, strict=False))
    wrong = len(arguments) > len(function.positional)
    by_name = function.parameters[function.unnamed :]
    for keyword in named(node.keywords, within.where):
        wrong = wrong or keyword.arg not in by_name or keyword.arg in given
        given[keyword.arg or ""] = keyword.value
    missing = [p for p in function.parameters if p not in given and p not in function.defaults]
    if wrong or missing or any(isinstance(each, ast.Starred) for each in arguments):
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
        usage=_usage(function),
    )


def _usage(function: Function) -> str:
    """Return how a block is called."""
    positional = function.positional
    by_name = function.defaults.keys() - positional[: function.unnamed]
    parts = [f"{p}=…" if p in by_name else p for p in positional]
    parts += [f"{p}=…" for p in function.parameters[len(positional) :]]
    return f"{function.name}({', '.join(parts)})"


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
