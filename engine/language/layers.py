"""Objects of `torch.nn` that a program makes once and calls: `nn.Linear(4, 3)`, `nn.ReLU()`,
`nn.Sequential(…)`, `nn.CrossEntropyLoss()`. Their weights are leaves of the program."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import sqrt
from typing import Any

from engine.errors import SourceError
from engine.graph import Shape
from engine.language.call import bind, keyword_of
from engine.language.constant import constant
from engine.language.given import unwrapped
from engine.language.lists import root
from engine.language.literal import attribute, literal
from engine.language.operands import Operands
from engine.language.refuse import op_of
from engine.language.scope import Class, Layer, Value, Where
from engine.language.spread import opened
from engine.ops import OPS

__all__ = ["called", "layer_of", "visit_layer", "weight_of"]

Draw = tuple[str, list[Any], Shape]
"""A function that makes a tensor, what it is given before the shape, and the shape."""


def _linear(sizes: Sequence[Any], biased: bool) -> dict[str, Draw]:
    within, without = sizes
    bound = 1 / sqrt(within)
    weights = {"weight": ("uniform", [-bound, bound], (without, within))}
    return _with_bias(weights, bound, without, biased)


def _convolution(sizes: Sequence[Any], biased: bool) -> dict[str, Draw]:
    within, without, kernel = sizes
    tall, wide = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    bound = 1 / sqrt(within * tall * wide)
    weights = {"weight": ("uniform", [-bound, bound], (without, within, tall, wide))}
    return _with_bias(weights, bound, without, biased)


def _with_bias(found: dict[str, Any], bound: float, size: int, biased: bool) -> dict[str, Draw]:
    return found | ({"bias": ("uniform", [-bound, bound], (size,))} if biased else {})


def _embedding(sizes: Sequence[Any], biased: bool) -> dict[str, Draw]:
    return {"weight": ("standard_normal", [], tuple(sizes))}


def _norm(sizes: Sequence[Any], biased: bool) -> dict[str, Draw]:
    (size,) = sizes
    shape = size if isinstance(size, tuple) else (size,)
    return {"weight": ("ones", [], shape), "bias": ("zeros", [], shape)}


_WEIGHTED: dict[str, tuple[str, tuple[str, ...], Callable[..., dict[str, Draw]]]] = {
    "Linear": ("linear", ("in_features", "out_features"), _linear),
    "Conv2d": ("conv2d", ("in_channels", "out_channels", "kernel_size"), _convolution),
    "Embedding": ("embedding", ("num_embeddings", "embedding_dim"), _embedding),
    "LayerNorm": ("layer_norm", ("normalized_shape",), _norm),
}
"""By class: the op, the sizes that its constructor is given first, and its weights."""

_WEIGHED = ("cross_entropy", "nll_loss")
"""Losses that may be given weights of the classes when they are made."""

_DEFAULTS = {"Flatten": {"start_dim": 1}}
_REFUSED = ("BatchNorm1d", "BatchNorm2d", "LSTM", "GRU", "RNN", "MultiheadAttention")


def layer_of(lowering: Operands, name: str, node: ast.expr) -> Layer | None:
    """Return the object that a call makes, its weights bound to leaves called `name_weight`; None
    where it makes none. Raises SourceError for sizes that are not known."""
    if not isinstance(node, ast.Call):
        return None
    kind = _kind(node.func, lowering.where)
    if kind == "Sequential":
        return Layer("", {}, {}, tuple(_parts(lowering, name, node)))
    if kind in _WEIGHTED:
        return _weighted(lowering, name, node, kind)
    if kind == "Dropout":
        raise SourceError("op.random", lowering.where.span(node), call=lowering.where.segment(node))
    op = None if kind in _REFUSED else op_of(kind)
    if op is None:
        return None
    weights, rest = _classes(lowering, name, op, node) if op in _WEIGHED else ({}, node)
    settings = _settings(op, rest, 0, lowering.where)
    return Layer(op, weights, {**_DEFAULTS.get(kind, {}), **settings})


def _classes(
    lowering: Operands, name: str, op: str, node: ast.Call
) -> tuple[dict[str, int], ast.Call]:
    """Return the weights of classes that a loss is given, as a node, and the call without them: a
    tensor with a name, or one that is written out, which becomes a leaf, or a constant where the
    loss is called at once. Raises SourceError."""
    named = [each for each in node.keywords if each.arg == "weight"]
    given = [*node.args[:1], *(each.value for each in named)]
    kept = [each for each in node.keywords if each.arg != "weight"]
    rest = ast.copy_location(ast.Call(node.func, node.args[1:], kept), node)
    if not given or constant(given[0], lowering.where) is None:
        return {}, rest
    held = lowering.scope.find(given[0].id) if isinstance(given[0], ast.Name) else None
    if type(held) is int:
        return {"weight": held}, rest
    value = literal(unwrapped(given[0], lowering.where)[0], lowering.where)
    if value is None:
        usage = "nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0]))"
        raise _wrong(given[0], lowering.where, usage)
    builder, place = lowering.builder, (lowering.where.span(node), lowering.where.segment(node))
    if not name:
        return {"weight": builder.const(value, *place)}, rest
    builder.begin(f"{name}_weight", *place, lowering.statement.note)
    builder.leaf(value, False)
    return {"weight": int(builder.names[f"{name}_weight"])}, rest


def _kind(function: ast.expr, where: Where) -> str:
    """Return the class that is called: `nn.Linear`, or `Linear` where that is no name of ours."""
    if isinstance(function, ast.Attribute):
        return function.attr if where.scope.module(function.value) == "torch" else ""
    known = isinstance(function, ast.Name) and where.scope.find(function.id) is None
    name = function.id if isinstance(function, ast.Name) and known else ""
    return name if name[:1].isupper() else ""


def _parts(lowering: Operands, name: str, node: ast.Call) -> list[Layer]:
    found: list[Layer] = []
    for place, each in enumerate(opened(node.args, lowering.where)):
        part = layer_of(lowering, f"{name}_{place}", each)
        held = lowering.value(each) if part is None else part
        if not isinstance(held, Layer):
            raise _wrong(each, lowering.where, "nn.Sequential(nn.Linear(2, 3), nn.ReLU())")
        found.append(held)
    return found


def _weighted(lowering: Operands, name: str, node: ast.Call, kind: str) -> Layer:
    op, sizes, draws = _WEIGHTED[kind]
    where, builder, maker = lowering.where, lowering.builder, lowering.caller.maker
    named = {each.arg: each.value for each in node.keywords}
    given = [*node.args[: len(sizes)], *(named[size] for size in sizes if size in named)]
    values = [constant(each, where) for each in given]
    biased = constant(named["bias"], where) if "bias" in named else True
    usage = f"nn.{kind}({', '.join(sizes)})"
    if len(values) != len(sizes) or not all(map(_is_size, values)) or type(biased) is not bool:
        raise _wrong(node, where, usage)
    weights: dict[str, int] = {}
    statement = lowering.statement
    place = statement.span(), statement.segment(node)
    for part, (function, before, shape) in draws(values, biased).items():
        builder.begin(f"{name}_{part}", *place, statement.note)
        tensor = maker.make(function, [*before, shape], {}, maker.rng, place)
        builder.leaf(tensor)
        weights[part] = builder.names[f"{name}_{part}"]
    kept = [each for each in node.keywords if each.arg not in ("bias", *sizes)]
    rest = ast.Call(node.func, node.args[len(sizes) :], kept)
    return Layer(op, weights, _settings(op, ast.copy_location(rest, node), 0, where))


def _is_size(value: object) -> bool:
    sizes = value if isinstance(value, tuple) else (value,)
    return bool(sizes) and all(type(size) is int and size > 0 for size in sizes)


def _wrong(node: ast.expr, where: Where, usage: str) -> SourceError:
    text, span = where.segment(node), where.span(node)
    return SourceError("create.arguments", span, call=text, usage=usage)


def _settings(name: str, node: ast.Call, skipped: int, where: Where) -> dict[str, Any]:
    """Return the attributes that a constructor is given, by position and by name."""
    op = OPS[name]
    free = [key for key in op.attrs if key != "normalized_shape"]
    found: dict[str, Any] = {}
    if len(node.args) > len(free):
        raise _wrong(node, where, op.usage)
    for key, value in zip(free, node.args, strict=False):
        found[key] = attribute(op, key, value, where)
    for each in node.keywords:
        key = keyword_of(op, each.arg or "**")
        if key not in ("inplace", "dtype", "device"):
            found[key] = attribute(op, key, each.value, where)
    return found


def called(within: Operands, function: ast.expr) -> Layer | None:
    """Return the object that `net(x)`, `layers[0](x)` or `nn.ReLU()(x)` calls, or None."""
    held: Value | None = None
    if isinstance(function, ast.Name):
        held = within.scope.find(function.id)
    elif isinstance(function, ast.Subscript):
        inside = _parts_of(function, within.where)
        listed = inside is None and root(function, within.where) is not None
        held = within.value(function) if listed else inside
    elif isinstance(function, ast.Call):
        held = _fresh(within, function)
    if isinstance(held, Class):
        raise SourceError("syntax.instance", within.where.span(function), name=held.name)
    return held if isinstance(held, Layer) else None


def _fresh(within: Operands, call: ast.Call) -> Value | None:
    """Return the object without weights that a call makes, or the class of the program."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    held = within.scope.find(name)
    if isinstance(held, Class) or _kind(call.func, within.where) in _WEIGHTED:
        return held
    return layer_of(within, "", call)


def _parts_of(node: ast.Subscript, where: Where) -> Layer | None:
    """Return the object that `net[0]` is of an `nn.Sequential`, or None."""
    held = where.scope.find(node.value.id) if isinstance(node.value, ast.Name) else None
    place = constant(node.slice, where) if isinstance(held, Layer) else None
    if not isinstance(held, Layer) or type(place) is not int:
        return None
    inside = -len(held.parts) <= place < len(held.parts)
    return held.parts[place] if inside else None


def visit_layer(within: Operands, node: ast.Call, layer: Layer, pending: Any) -> None:
    """Put off the call of an object until its arguments are done."""
    if layer.parts or not layer.op or (layer.weights and layer.op not in _WEIGHED):
        if len(node.args) != 1 or node.keywords:
            raise _wrong(node, within.where, "net(x)")
        operands: list[ast.expr] = list(node.args)
        attrs: dict[str, Any] = {}
    else:
        op = replace(OPS[layer.op], attrs={**OPS[layer.op].attrs, **layer.attrs})
        operands, attrs = bind(op, node.args, node.keywords, within.where, node)
    pending.append((_called(within), node, len(operands), (layer, attrs)))
    pending.extend(reversed(operands))


def _called(within: Operands) -> Callable[..., Value]:
    """Return what applies an object to its arguments once they are there."""

    def call(node: ast.expr, values: list[Value], rest: tuple[Layer, dict[str, Any]]) -> Value:
        layer, attrs = rest
        if not layer.op:
            for part in layer.parts:
                values = [call(node, values, (part, {}))]
            return values[0]
        op, settings = OPS[layer.op], {**layer.attrs, **attrs}
        inputs: list[Value] = [*values, *layer.weights.values()]
        if layer.op == "layer_norm":
            settings["normalized_shape"] = within.builder.known.shape(layer.weights["weight"])
        return within.apply(node, inputs, (op, settings))

    return call


def weight_of(node: ast.expr, where: Where) -> int | None:
    """Return the node that `fc.weight` or `net[0].bias` stands for, or None."""
    if not isinstance(node, ast.Attribute):
        return None
    layer: Value | None = None
    if isinstance(node.value, ast.Subscript):
        layer = _parts_of(node.value, where)
    elif isinstance(node.value, ast.Name):
        layer = where.scope.find(node.value.id)
    elif isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name):
        layer = where.scope.find(f"{node.value.value.id}_{node.value.attr}")
    return layer.weights.get(node.attr) if isinstance(layer, Layer) else None
