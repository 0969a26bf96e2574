"""Statements that change something instead of naming a value: `hs.append(h)`, `h += x`,
`loss.backward()`, `torch.manual_seed(0)`, `x.requires_grad = True`."""

from __future__ import annotations

import ast

from engine.errors import SourceError
from engine.language.aside import clears_grad, is_aside, without_effect
from engine.language.assign import assign
from engine.language.bind import begin, element
from engine.language.constant import constant
from engine.language.create import generator
from engine.language.layers import called
from engine.language.lower import Lowering
from engine.language.refuse import refused
from engine.language.scope import Constant, Draws, Failed, Follows, Function, Items, Value
from engine.language.store import store
from engine.ops import OPS

__all__ = ["augmented", "effect", "handed_back", "set_or_assign"]

_OF_LAYERS = ("train", "eval", "to", "double", "float", "zero_grad")
"""Methods of an object of `torch.nn` that change no number here."""

_SEEDS = ("seed", "manual_seed")


def augmented(lowering: Lowering, tree: ast.AugAssign) -> None:
    target = tree.target
    held = lowering.scope.find(target.id) if isinstance(target, ast.Name) else None
    if isinstance(held, Items) and isinstance(tree.op, ast.Add):
        if not isinstance(tree.value, ast.List | ast.Tuple):
            raise refused(tree, lowering.where)
        for each in tree.value.elts:
            append(lowering, target, each)
        return
    if isinstance(target, ast.Subscript):
        part = ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
        store(lowering, target, ast.copy_location(ast.BinOp(part, tree.op, tree.value), tree))
        return
    loaded = ast.copy_location(ast.Name(getattr(target, "id", ""), ast.Load()), target)
    whole = ast.copy_location(ast.BinOp(loaded, tree.op, tree.value), tree)
    assign(lowering, [target], whole)
    if type(held) is int and isinstance(target, ast.Name):
        _follow(lowering, held, target.id)


def _follow(lowering: Lowering, held: int, name: str) -> None:
    """Behind `y = x`, `y += 1` changes `x` as well: both are names of one array."""
    known, names = lowering.builder.known, lowering.scope.names
    first = _object(lowering, held)
    same = [
        other
        for other, value in names.items()
        if other != name and type(value) is int and _object(lowering, value) == first
    ]
    if same and known.shape(held) and not known.is_listed(first):
        names.update(dict.fromkeys(same, names[name]))


def _object(lowering: Lowering, node: int) -> int:
    """Return the first node that a node is another name of."""
    known = lowering.builder.known
    while (before := known.shares(node, {"identity"})) is not None:
        node = before
    return node


def append(lowering: Lowering, target: ast.expr, item: ast.expr) -> None:
    """Only the scope that made a list may change it: a block has no effects on its caller."""
    where = lowering.where
    held = lowering.scope.find(target.id) if isinstance(target, ast.Name) else None
    if isinstance(held, Failed):
        raise Follows
    if not isinstance(held, Items) or held.owner is not lowering.scope:
        raise SourceError("flow.list", where.span(target), name=where.segment(target))
    name = f"{where.segment(target)}_{len(held.values)}"
    held.append(element(lowering, name, item))


def effect(lowering: Lowering, tree: ast.Expr) -> None:
    """A call for its effect, a docstring or `...`."""
    node, where = tree.value, lowering.where
    if is_aside(node, where):
        lowering.builder.known.swept &= not clears_grad(node)
        return
    if not isinstance(node, ast.Call):
        raise refused(tree, where)
    function = node.func
    name = getattr(function, "attr", getattr(function, "id", ""))
    if name in _OF_LAYERS and _is_object(lowering, getattr(function, "value", node)):
        return
    held = where.scope.find(name) if isinstance(function, ast.Name) else None
    if name in _SEEDS and held is None:
        seeded = generator(_seed(lowering, node))
        drawn = lowering.scope.find(getattr(getattr(function, "value", None), "id", ""))
        if isinstance(drawn, Draws):
            drawn.generator = seeded
        else:
            lowering.caller.maker.seeded = seeded
    elif name == "append" and isinstance(function, ast.Attribute) and len(node.args) == 1:
        append(lowering, function.value, node.args[0])
    elif name == "backward" and isinstance(function, ast.Attribute):
        _backward(lowering, function.value, node)
    elif name == "requires_grad_" and isinstance(function, ast.Attribute):
        value = constant(node.args[0], where) if node.args else True
        _require(lowering, function.value, value is not False)
    else:
        raise without_effect(tree, node, where)


def _is_object(lowering: Lowering, node: ast.expr) -> bool:
    """Whether this is an object of `torch.nn`, or of a class of the program."""
    held = lowering.scope.find(node.id) if isinstance(node, ast.Name) else None
    return isinstance(held, Function) or called(lowering, node) is not None


def _seed(lowering: Lowering, node: ast.Call) -> int:
    seed = constant(node.args[0], lowering.where) if len(node.args) == 1 else ...
    if type(seed) is not int or not 0 <= seed < 2**63:
        text, span = lowering.where.segment(node), lowering.where.span(node)
        raise SourceError("create.arguments", span, call=text, usage="seed(0)")
    return seed


def _backward(lowering: Lowering, node: ast.expr, call: ast.Call) -> None:
    """The node that a program differentiates is its output; weighted, it is the sum of its entries
    so weighted, whose gradients are the same."""
    where, builder = lowering.where, lowering.builder
    given = [*call.args[:1], *(each.value for each in call.keywords if each.arg == "gradient")]
    weights = next((each for each in given if constant(each, where) is not None), None)
    if lowering.scope.outer is not None:
        raise SourceError("syntax.backward", where.span(call), construct=where.segment(call))
    if builder.known.swept:
        raise SourceError("syntax.again", where.span(call), construct=where.segment(call))
    name = "output" if where.scope.find("output") is None else "output_"
    if weights is not None:
        found: Value = _weighted(lowering, name, node, weights)
    else:
        if not isinstance(node, ast.Name):
            assign(lowering, [ast.copy_location(ast.Name(name, ast.Store()), node)], node)
            node = ast.copy_location(ast.Name(name, ast.Load()), node)
        found = lowering.value(node)
    if type(found) is not int:
        raise SourceError("syntax.backward", where.span(call), construct=where.segment(call))
    builder.output = builder.name(found)
    builder.known.swept = True


def _weighted(lowering: Lowering, name: str, node: ast.expr, weights: ast.expr) -> int:
    """`Q.backward(gradient=v)` sums `v * Q`. Raises SourceError where the shapes differ."""
    builder, where = lowering.builder, lowering.where
    begin(lowering, name)
    at = lowering.at(node)
    scale, of = lowering.node(weights), lowering.node(node)
    shape, expected = builder.known.shape(scale), builder.known.shape(of)
    if shape != expected:
        told = {"option": "gradient", "name": where.segment(node), "given": str(shape)}
        raise SourceError("option.shape", where.span(weights), **told, expected=str(expected))
    product = builder.op(OPS["mul"], (scale, of), {}, *at)
    return builder.end(builder.op(OPS["sum"], (product,), {}, *at), fold=False)


def _require(lowering: Lowering, node: ast.expr, grad: bool) -> None:
    found = lowering.value(node) if isinstance(node, ast.Name) else None
    if type(found) is not int or not lowering.builder.differentiate(found, grad):
        text, span = lowering.where.segment(node), lowering.where.span(node)
        raise SourceError("leaf.grad", span, name=text)


def set_or_assign(lowering: Lowering, tree: ast.Assign) -> None:
    """`x.requires_grad = True` speaks of a leaf, `x.label = "x"` of how it would be drawn; all else
    binds names."""
    (target, *others) = tree.targets
    if not others and isinstance(target, ast.Attribute) and target.attr == "requires_grad":
        value = constant(tree.value, lowering.where)
        if isinstance(value, bool):
            _require(lowering, target.value, value)
            return
    if not others and isinstance(target, ast.Attribute) and target.attr == "label":
        return
    if not others and isinstance(target, ast.Subscript):
        store(lowering, target, tree.value)
        return
    assign(lowering, tree.targets, tree.value)


def handed_back(lowering: Lowering, tree: ast.Return) -> Value:
    """Return what a block returns: a node of its own for each value that was there before it."""
    value, statement, builder = tree.value, lowering.statement, lowering.builder
    if value is None:
        return Constant(None)
    if isinstance(value, ast.List | ast.Tuple):
        items = [_own(lowering, element(lowering, "return", e), e) for e in value.elts]
        return Items(items, lowering.scope)
    builder.begin("return", statement.span(), statement.segment(tree), statement.note)
    found = lowering.value(value)
    builder.close(found if type(found) is int else 0)
    return _own(lowering, found, value)


def _own(lowering: Lowering, found: Value, node: ast.expr) -> Value:
    if type(found) is not int or found > lowering.scope.first:
        return found
    statement, builder = lowering.statement, lowering.builder
    builder.begin("return", statement.span(), statement.segment(node), statement.note)
    own = builder.op(OPS["identity"], (found,), {}, *lowering.at(node))
    builder.close(own)
    return own
