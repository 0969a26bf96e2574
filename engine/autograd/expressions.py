"""The value of an expression: one function for each kind of part, found by its class."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from engine.autograd import operators
from engine.autograd.attributes import attribute, subscript
from engine.autograd.call import called, items_of
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised
from engine.autograd.scope import Scope
from engine.autograd.text import formatted
from engine.autograd.values import Closure

__all__ = ["closure", "evaluate", "truth"]


def evaluate(machine: Machine, node: ast.expr) -> Any:
    """Return the value of an expression."""
    machine.budget.spend()
    return _RULES[type(node)](machine, node)


def truth(value: Any) -> bool:
    """Return whether a value counts as true. Raises as PyTorch does for several entries."""
    return bool(value)


def _constant(machine: Machine, node: ast.Constant) -> Any:
    return node.value


def _name(machine: Machine, node: ast.Name) -> Any:
    home = machine.scope.home(node.id)
    if home is not None:
        return home.names[node.id]
    if node.id in machine.builtins:
        return machine.builtins[node.id]
    raise Raised("NameError", f"name '{node.id}' is not defined")


def _binary(machine: Machine, node: ast.BinOp) -> Any:
    left, right = evaluate(machine, node.left), evaluate(machine, node.right)
    return operators.binary(machine.budget, type(node.op), left, right)


def _unary(machine: Machine, node: ast.UnaryOp) -> Any:
    value = evaluate(machine, node.operand)
    if isinstance(node.op, ast.Not):
        return not truth(value)
    return operators.unary(type(node.op), value)


def _bool(machine: Machine, node: ast.BoolOp) -> Any:
    stops = isinstance(node.op, ast.Or)
    value = None
    for each in node.values:
        value = evaluate(machine, each)
        if truth(value) is stops:
            return value
    return value


def _compare(machine: Machine, node: ast.Compare) -> Any:
    left, value = evaluate(machine, node.left), None
    for operator, each in zip(node.ops, node.comparators, strict=True):
        right = evaluate(machine, each)
        value = operators.compare(machine.budget, type(operator), left, right)
        if each is not node.comparators[-1] and not truth(value):
            return value
        left = right
    return value


def _several(machine: Machine, nodes: list[ast.expr]) -> list[Any]:
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            found.extend(items_of(machine, evaluate(machine, node.value)))
        else:
            found.append(evaluate(machine, node))
    machine.budget.items(len(found))
    return found


def _set(machine: Machine, node: ast.Set) -> Any:
    return {operators.same_key(each) for each in _several(machine, node.elts)}


def _dict(machine: Machine, node: ast.Dict) -> Any:
    made: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        found = evaluate(machine, value)
        if key is None:
            made.update(found)
        else:
            made[operators.same_key(evaluate(machine, key))] = found
    return machine.budget.sized(made)


def _slice(machine: Machine, node: ast.Slice) -> Any:
    ends = (node.lower, node.upper, node.step)
    return slice(*(None if each is None else evaluate(machine, each) for each in ends))


def _choice(machine: Machine, node: ast.IfExp) -> Any:
    return evaluate(machine, node.body if truth(evaluate(machine, node.test)) else node.orelse)


def _lambda(machine: Machine, node: ast.Lambda) -> Any:
    return closure(machine, "<lambda>", node.args, node.body)


def closure(machine: Machine, name: str, args: ast.arguments, body: Any) -> Closure:
    """Return a function of the snippet, with its usual values."""
    defaults = [evaluate(machine, each) for each in args.defaults]
    named = {
        key.arg: evaluate(machine, each)
        for key, each in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if each is not None
    }
    return Closure(name, args, body, machine.scope, defaults, named)


def _joined(machine: Machine, node: ast.JoinedStr) -> Any:
    return machine.budget.sized("".join(evaluate(machine, each) for each in node.values))


def _formatted(machine: Machine, node: ast.FormattedValue) -> Any:
    value = evaluate(machine, node.value)
    spec = "" if node.format_spec is None else evaluate(machine, node.format_spec)
    conversion = "" if node.conversion < 0 else chr(node.conversion)
    return formatted(machine.budget, value, spec, conversion)


def _turns(machine: Machine, generators: list[ast.comprehension]) -> Iterator[None]:
    """Go through the loops of a comprehension, its names bound each time."""
    if not generators:
        yield
        return
    first, *rest = generators
    for each in items_of(machine, evaluate(machine, first.iter)):
        machine.assign(first.target, each)
        if all(truth(evaluate(machine, test)) for test in first.ifs):
            yield from _turns(machine, rest)


def _comprehension(machine: Machine, node: Any) -> Any:
    outside, machine.scope = machine.scope, Scope(machine.scope)
    pair = isinstance(node, ast.DictComp)
    try:
        made: Any = {} if pair else []
        for _ in _turns(machine, node.generators):
            if pair:
                key = operators.same_key(evaluate(machine, node.key))
                made[key] = evaluate(machine, node.value)
            else:
                made.append(evaluate(machine, node.elt))
    finally:
        machine.scope = outside
    machine.budget.sized(made)
    if isinstance(node, ast.SetComp):
        return {operators.same_key(each) for each in made}
    return iter(made) if isinstance(node, ast.GeneratorExp) else made


def _walrus(machine: Machine, node: ast.NamedExpr) -> Any:
    value = evaluate(machine, node.value)
    machine.assign(node.target, value)
    return value


def _attribute(machine: Machine, node: ast.Attribute) -> Any:
    return attribute(machine, evaluate(machine, node.value), node)


def _subscript(machine: Machine, node: ast.Subscript) -> Any:
    return subscript(machine, evaluate(machine, node.value), evaluate(machine, node.slice))


def _call(machine: Machine, node: ast.Call) -> Any:
    function = evaluate(machine, node.func)
    args = _several(machine, node.args)
    named: dict[str, Any] = {}
    for keyword in node.keywords:
        value = evaluate(machine, keyword.value)
        named.update(value if keyword.arg is None else {keyword.arg: value})
    return called(machine, function, args, named)


_RULES: dict[type, Callable[[Machine, Any], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool,
    ast.Compare: _compare,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.List: lambda machine, node: _several(machine, node.elts),
    ast.Tuple: lambda machine, node: tuple(_several(machine, node.elts)),
    ast.Dict: _dict,
    ast.Set: _set,
    ast.IfExp: _choice,
    ast.Lambda: _lambda,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.NamedExpr: _walrus,
}
