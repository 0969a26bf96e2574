"""What NumPy and PyTorch call by one name and mean differently: `split`, `repeat`, `norm`, and
PyTorch's pairs `values, indices = x.max(dim=1)`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from engine.errors import LimitError, SourceError
from engine.language.constant import constant
from engine.language.operands import Operands
from engine.language.scope import Items, Value, Where
from engine.language.target import Target, target_of
from engine.ops import OPS

__all__ = [
    "CUTS",
    "check_dropout",
    "check_norm",
    "even",
    "half",
    "is_off",
    "pair",
    "pieces",
    "visit_pad",
    "visit_split",
]

_MOST = 1000
"""Pieces of one `split` that are not equal."""

_PLACES = {name: f"arg{name}" for name in ("max", "min", "median", "sort", "topk")}
_PARTS = ("values", "indices")
_SIZES = ("split_size_or_sections", "split_size", "indices_or_sections", "chunks", "sections")
_UNEVEN = ("chunk", "array_split")
CUTS = ("split", *_UNEVEN)
"""Calls that cut a tensor into pieces."""


def pair(node: ast.expr, where: Where) -> tuple[ast.expr, ast.expr] | None:
    """Return the calls for values and for indices that PyTorch's `x.max(dim=1)`, `x.sort()` mean
    together, or None where `node` is no such call."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    name = node.func.attr
    if name not in _PLACES:
        return None
    target = target_of(node, where)
    rest = node.args if target.receiver is not None else node.args[1:]
    along = bool(rest) or any(each.arg in ("dim", "axis") for each in node.keywords)
    tensor = bool(rest) and constant(rest[0], where) is ...
    if target.module != "torch" or tensor or not (along or name in ("sort", "topk")):
        return None
    function = ast.copy_location(
        ast.Attribute(node.func.value, _PLACES[name], ast.Load()), node.func
    )
    return node, ast.copy_location(ast.Call(function, node.args, node.keywords), node)


def half(item: ast.expr, where: Where) -> ast.expr | None:
    """Return the call that `x.max(dim=1)[0]` or `x.max(dim=1).values` means, or None."""
    place: Any
    if isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Constant):
        place = item.slice.value
    elif isinstance(item, ast.Attribute) and item.attr in _PARTS:
        place = _PARTS.index(item.attr)
    else:
        return None
    both = pair(item.value, where) if type(place) is int and place in (0, 1) else None
    return both and both[place]


def even(count: int, length: int, torch: bool) -> list[int]:
    """Return the sizes of `count` pieces that are as equal as can be: NumPy's first ones have one
    entry more, PyTorch's `chunk` cuts off whole ones, so there may be fewer."""
    if torch:
        size = max(1, -(-length // count))
        return [min(size, length - at) for at in range(0, length, size)]
    least, more = divmod(length, count)
    return [least + 1] * more + [least] * (count - more)


def visit_split(within: Operands, node: ast.Call, target: Target, pending: Any) -> bool:
    """Put off a `split` that is not into equal pieces of a given number: PyTorch's says how long
    they are, a list gives NumPy where to cut, and `chunk` and `array_split` need not be equal.
    Return whether it is one."""
    given = list(node.args) if target.receiver is None else [target.receiver, *node.args]
    named = {each.arg: each.value for each in node.keywords}
    sized = next((named[each] for each in _SIZES if each in named), None)
    if sized is None and len(given) > 1:
        sized = given[1]
    sizes: Any = ... if sized is None else constant(sized, within.where)
    along = given[2] if len(given) > 2 else named.get("dim", named.get("axis"))
    axis: Any = 0 if along is None else constant(along, within.where)
    torch = target.module == "torch"
    listed = isinstance(sizes, tuple) and all(type(each) is int for each in sizes)
    uneven = target.name in _UNEVEN
    one = (torch or uneven) and type(sizes) is int and sizes > 0
    if type(axis) is not int or not given or not (listed or one):
        return False
    count = sizes if uneven and not listed else 0
    pending.append((_cut(within, torch or target.name == "chunk", count), node, 1, (sizes, axis)))
    pending.append(given[0])
    return True


def _cut(within: Operands, torch: bool, count: int) -> Any:
    """Return what cuts a tensor once it is there. count: of pieces that need not be equal."""

    def cut(node: ast.expr, values: list[Value], rest: tuple[Any, int]) -> Value:
        sizes, axis = rest
        source = within.as_node(values[0], node)
        shape = within.builder.known.shape(source)
        if not -len(shape) <= axis < len(shape):
            return within.apply(node, [source], (OPS["split"], {"sections": 1, "axis": axis}))
        length = shape[axis]
        if count and length % count == 0 and length:
            return within.apply(node, [source], (OPS["split"], {"sections": count, "axis": axis}))
        if count:
            _check_pieces(within, node, (0,) * min(count, _MOST + 1), 0, torch)
            sizes = tuple(even(count, length, torch))
        if type(sizes) is int and length % sizes == 0 and length:
            attrs = {"sections": length // sizes, "axis": axis}
            return within.apply(node, [source], (OPS["split"], attrs))
        _check_pieces(within, node, sizes, length, torch and not count)
        whole = (("slice", None, None, None),) * (axis % len(shape))
        parts: list[Value] = []
        for start, stop in pieces(sizes, length, torch or bool(count)):
            index = (*whole, ("slice", start, stop, None))
            parts.append(within.apply(node, [source], (OPS["getitem"], {"index": index})))
        return Items(parts, within.scope)

    return cut


def _check_pieces(
    within: Operands, node: ast.expr, sizes: int | Sequence[int], length: int, torch: bool
) -> None:
    """Raise LimitError for too many pieces, and SourceError for pieces that do not add up."""
    span = within.where.span(node)
    count = -(-length // sizes) if isinstance(sizes, int) else len(sizes)
    if count > _MOST:
        told = {"unit": "entries", "limit": "a list"}
        raise LimitError("limit.exceeded", span, asked=count, **told, allowed=_MOST)
    if torch and not isinstance(sizes, int) and (sum(sizes) != length or min(sizes) < 0):
        text, reason = within.where.segment(node), f"The sizes must add up to {length}."
        told = {"op": "split", "attribute": "split_size", "value": text, "reason": reason}
        raise SourceError("op.attribute", span, **told)


def pieces(sizes: int | Sequence[int], length: int, torch: bool) -> list[tuple[int, int]]:
    """Return where each piece of `length` entries begins and ends. sizes: of every piece; of each
    of them, for PyTorch; else where to cut, for NumPy."""
    if isinstance(sizes, int):
        return [(start, min(start + sizes, length)) for start in range(0, length, sizes)]
    if torch:
        return list(pairwise([0, *accumulate(sizes)]))
    return list(pairwise([0, *sizes, length]))


def check_norm(within: Operands, node: ast.Call) -> None:
    """`np.linalg.norm(A, 2)` of a matrix is its largest singular value: no norm of its entries.
    Raises SourceError."""
    prefix = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    linalg = "linalg" in (getattr(prefix, "attr", ""), getattr(prefix, "id", ""))
    named = {each.arg: each.value for each in node.keywords}
    order = node.args[1] if len(node.args) > 1 else named.get("ord")
    if not linalg or order is None or not {"axis", "dim"}.isdisjoint(named) or not node.args:
        return
    tensor, kind = node.args[0], constant(order, within.where)
    found = within.scope.find(tensor.id) if isinstance(tensor, ast.Name) else None
    matrix = type(found) is int and len(within.builder.known.shape(found)) == 2
    if matrix and kind not in (None, "fro"):
        text, span = within.where.segment(node), within.where.span(node)
        raise SourceError("op.matrix", span, call=text)


def is_off(within: Operands, node: ast.Call) -> bool:
    """Whether this is `F.dropout(x, training=False)`, which hands on what it is given."""
    told = [each.value for each in node.keywords if each.arg == "training"]
    return bool(told) and constant(told[0], within.where) is False and len(node.args) in (1, 2)


def check_dropout(within: Operands, node: ast.Call, target: Target) -> None:
    """PyTorch's `F.dropout(x, 0.5)` draws what is given here; without a prefix, as programs are
    printed, a number is the mask. Raises SourceError."""
    given = len(node.args) + (target.receiver is not None)
    second = node.args[1 - (target.receiver is not None)] if given > 1 else None
    number = second is not None and type(constant(second, within.pure)) in (int, float)
    number = number and target.module == "torch"
    keywords = {each.arg for each in node.keywords}
    if number or keywords & {"training", "inplace"} or (given == 1 and "mask" not in keywords):
        text, span = within.where.segment(node), within.where.span(node)
        raise SourceError("op.random", span, call=text)


_MODES = {"constant": "constant", "edge": "replicate", "wrap": "circular", "reflect": "reflect"}


def visit_pad(within: Operands, node: ast.Call, pending: Any) -> None:
    """Put off `np.pad(x, ((1, 1), (2, 2)))`: NumPy counts from the first axis, and one pair is for
    every axis. Raises SourceError."""
    named = {each.arg: constant(each.value, within.where) for each in node.keywords}
    given = [constant(each, within.where) for each in node.args[1:3]]
    width: Any = given[0] if given else named.get("pad_width", ...)
    mode = given[1] if len(given) > 1 else named.get("mode", "constant")
    value = named.get("constant_values", 0)
    pairs = width if isinstance(width, tuple) else (width,)
    numbers = [each for some in pairs for each in (some if isinstance(some, tuple) else (some,))]
    known = all(type(each) is int for each in numbers) and mode in _MODES and node.args
    if not known or type(value) not in (int, float) or len(node.args) > 3:
        text, span = within.where.segment(node), within.where.span(node)
        usage = 'np.pad(x, ((1, 1), (2, 2)), mode="constant", constant_values=0)'
        raise SourceError("create.arguments", span, call=text, usage=usage)
    settings = {"mode": _MODES[mode], "value": float(value)}
    pending.append((_pad(within), node, 1, (width, settings)))
    pending.append(node.args[0])


def _pad(within: Operands) -> Any:
    """Return what pads a tensor once it is there."""

    def pad(node: ast.expr, values: list[Value], rest: tuple[Any, dict[str, Any]]) -> Value:
        width, settings = rest
        source = within.as_node(values[0], node)
        rank = len(within.builder.known.shape(source))
        flat = isinstance(width, tuple) and not any(isinstance(each, tuple) for each in width)
        pairs = [(width, width)] if not isinstance(width, tuple) else [width] if flat else [*width]
        pairs = [each if isinstance(each, tuple) else (each, each) for each in pairs]
        pairs = [(*each, *each)[:2] for each in pairs]
        pairs = pairs * rank if len(pairs) == 1 else pairs
        if len(pairs) != rank:
            told = {"statement": within.where.segment(node), "pad": str(width)}
            shape = str(within.builder.known.shape(source))
            raise SourceError("shape.pad", within.where.span(node), **told, shape=shape)
        borders = tuple(each for some in reversed(pairs) for each in some)
        kept = {key: each for key, each in settings.items() if each not in ("constant", 0.0)}
        return within.apply(node, [source], (OPS["pad"], {"pad": borders, **kept}))

    return pad
