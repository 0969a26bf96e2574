"""Tensors that a program writes out or makes: `np.array([…])`, `torch.randn(3, 4)`, `param(2)`, and
whether they are differentiated."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import EngineError, SourceError
from engine.language.constant import constant
from engine.language.create import CREATIONS, Maker
from engine.language.scope import Draws, Failed, Follows, Where
from engine.ops import ALIASES, OPS

__all__ = ["COPIES", "WRITTEN", "Given", "creation", "is_op", "planned", "unwrapped"]

_WRAPPERS: dict[str, bool | None] = {
    **dict.fromkeys(("array", "asarray", "float64", "float32", "single", "double")),
    **dict.fromkeys(("tensor", "as_tensor", "Tensor", "FloatTensor", "DoubleTensor")),
    **dict.fromkeys(("Parameter", "param", "parameter", "Value"), True),
    **dict.fromkeys(("const", "constant", "Variable"), False),
}
"""Functions that hand on what they are given, and what they say of its gradient."""

_HANDED_ON = {
    *("float", "double", "to", "cpu", "cuda", "clone", "contiguous", "numpy", "astype", "copy"),
    *("type", "requires_grad_"),
}
COPIES = ("clone", "copy", "deepcopy", "array", "tensor", "astype", "contiguous")
"""Of these and the like, those behind which a tensor has numbers of its own."""

"""Methods that change neither values nor derivatives: precision and device are the request's."""


_OPS = {*OPS, *ALIASES} - {*_WRAPPERS, *_HANDED_ON, *CREATIONS, "identity"}

WRITTEN = frozenset((*_WRAPPERS, *CREATIONS))
"""Functions that write a tensor out."""


def is_op(node: ast.Call) -> bool:
    """Whether a call can only be an op, a block or a `def`: most are, and this is soon seen."""
    function = node.func
    return (function.id if isinstance(function, ast.Name) else _attr(function)) in _OPS


@dataclass(frozen=True, slots=True)
class Given:
    """A tensor, and whether it is differentiated; None where the program does not say."""

    value: npt.NDArray[np.float64]
    grad: bool | None


def unwrapped(node: ast.expr, where: Where) -> tuple[ast.expr, bool | None]:
    """Return what stands inside calls that only hand a tensor on, and whether the outermost of
    them that says so has it differentiated."""
    grad: bool | None = None
    while isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute) and where.scope.module(function.value) is None:
            if function.attr not in _HANDED_ON:
                break
            said = _method_grad(node, where) if function.attr == "requires_grad_" else None
            inner: ast.expr = function.value
        else:
            name = function.id if isinstance(function, ast.Name) else _attr(function)
            if name not in _WRAPPERS or len(node.args) != 1 or _is_bound(function, where):
                break
            _hear(function, where)
            said = _said(node, where, _WRAPPERS[name] is None) if node.keywords else None
            if said is None:
                said = False if _is_torch(function, where) else None
                said = said if _WRAPPERS[name] is None else _WRAPPERS[name]
            inner = node.args[0]
        grad = said if grad is None else grad
        node = inner
    return node, grad


def _attr(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _is_bound(function: ast.expr, where: Where) -> bool:
    return isinstance(function, ast.Name) and where.scope.find(function.id) is not None


def _hear(function: ast.expr, where: Where) -> None:
    """Remember whose function made a tensor: its methods are theirs."""
    module = where.scope.module(function.value) if isinstance(function, ast.Attribute) else None
    if module in ("numpy", "torch"):
        where.scope.made.add(module)


def _is_torch(function: ast.expr, where: Where) -> bool:
    return _is_of(function, where, "torch")


def _is_of(function: ast.expr, where: Where, module: str) -> bool:
    return isinstance(function, ast.Attribute) and where.scope.module(function.value) == module


def _said(node: ast.Call, where: Where, heard: bool = True) -> bool | None:
    """Return what the keyword `requires_grad` says."""
    for keyword in node.keywords:
        if keyword.arg == "requires_grad" and heard:
            value = constant(keyword.value, where)
            return value if isinstance(value, bool) else None
    return None


def _method_grad(node: ast.Call, where: Where) -> bool:
    value = constant(node.args[0], where) if node.args else True
    return value is not False


def creation(node: ast.expr, where: Where, maker: Maker) -> Given | None:
    """Return the tensor that a call such as `torch.randn(3, 4)` or `np.zeros_like(x)` makes; None
    where `node` is no such call. Raises SourceError or LimitError."""
    if not isinstance(node, ast.Call):
        return None
    function, rng = node.func, None
    name = function.id if isinstance(function, ast.Name) else _attr(function)
    plain = "eye" if _is_matrix(function, where) else name.removesuffix("_like")
    if plain not in CREATIONS or _is_bound(function, where):
        return None
    if isinstance(function, ast.Attribute) and where.scope.module(function.value) is None:
        held = where.scope.find(function.value.id) if isinstance(function.value, ast.Name) else None
        if not isinstance(held, Draws):
            return None
        rng = held.generator
    positional = _positional(node, where, like=name.endswith("_like"))
    named = {each.arg or "**": _setting(each, node, where) for each in node.keywords}
    rng = rng or _drawn_by(node, where)
    place = where.span(node), where.segment(node)
    value = maker.make(plain, positional, named, rng or maker.rng, place)
    said = _said(node, where)
    _hear(function, where)
    return Given(value, False if said is None and _is_torch(function, where) else said)


def _is_matrix(function: ast.expr, where: Where) -> bool:
    """Whether this is `np.identity`, which makes a matrix; `identity` is an op."""
    return _attr(function) == "identity" and _is_of(function, where, "numpy")


def planned(tree: ast.AST, where: Where) -> int:
    """Return how many entries the tensors that a statement makes are sure to have; where a size is
    not known yet, they count for nothing."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return sum(_planned(call, where) for call in calls)


def _planned(call: ast.Call, where: Where) -> int:
    function = call.func
    plain = function.id if isinstance(function, ast.Name) else _attr(function)
    if plain not in CREATIONS or _is_bound(function, where):
        return 0
    if isinstance(function, ast.Attribute) and where.scope.module(function.value) is None:
        return 0
    try:
        given = [constant(each, where) for each in call.args]
        named = {each.arg or "**": constant(each.value, where) for each in call.keywords}
        return prod(CREATIONS[plain].shape(CREATIONS[plain].settings(given, named)))
    except (ValueError, TypeError, KeyError, ArithmeticError, EngineError, Follows):
        return 0


def _drawn_by(node: ast.Call, where: Where) -> np.random.Generator | None:
    """Return the generator that `torch.randn(2, generator=g)` names."""
    for each in node.keywords:
        if each.arg == "generator" and isinstance(each.value, ast.Name):
            held = where.scope.find(each.value.id)
            return held.generator if isinstance(held, Draws) else None
    return None


_UNHEARD = ("dtype", "device", "generator", "out", "layout")


def _setting(keyword: ast.keyword, call: ast.Call, where: Where) -> Any:
    value = constant(keyword.value, where)
    if value is ... and keyword.arg not in _UNHEARD:
        raise _misfit(call, where)
    return value


def _positional(node: ast.Call, where: Where, like: bool) -> list[Any]:
    values: list[Any] = []
    for position, each in enumerate(node.args):
        if like and position == 0:
            values.append(_shape(each, node, where))
            continue
        starred = isinstance(each, ast.Starred)
        value = constant(each.value if isinstance(each, ast.Starred) else each, where)
        if value is ... or (starred and not isinstance(value, tuple)):
            raise _misfit(node, where)
        values.extend(value if starred else [value])
    return values


def _shape(node: ast.expr, call: ast.Call, where: Where) -> Any:
    found = where.scope.find(node.id) if isinstance(node, ast.Name) else None
    if isinstance(found, Failed):
        raise Follows
    if type(found) is not int:
        raise _misfit(call, where)
    return where.facts.shape(found)


def _misfit(call: ast.Call, where: Where) -> SourceError:
    return SourceError(
        "create.arguments",
        where.span(call),
        call=where.segment(call),
        usage="zeros(2, 3)",
    )
