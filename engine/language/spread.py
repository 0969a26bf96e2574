"""`*hs` in a call or a list → its entries, written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from engine.errors import LimitError
from engine.language.literal import check_length
from engine.language.scope import Constant, Items, Where

__all__ = ["LONGEST", "opened", "spread"]

_DISPLAYS = (ast.List, ast.Tuple)
LONGEST = 20_000
"""Of a list."""

OPERANDS = 1_000
"""Of a call: an op takes no more."""


def spread(nodes: Sequence[ast.expr], where: Where, most: int = OPERANDS) -> list[ast.expr]:
    """Write `*hs` out as `hs[0], hs[1], …` where the length of `hs` is known. most: entries of
    `hs`. Raises LimitError for more."""
    if not any(isinstance(node, ast.Starred) for node in nodes):
        return list(nodes)
    written = chain.from_iterable(_spread(node, where, most) for node in nodes)
    found = list(islice(written, LONGEST + 1))
    check_length(len(found), nodes[0], where)
    return found


def _spread(node: ast.expr, where: Where, most: int) -> Iterator[ast.expr]:
    inner = node.value if isinstance(node, ast.Starred) else None
    if inner is None:
        yield node
        return
    if isinstance(inner, _DISPLAYS):
        yield from spread(inner.elts, where, most)
        return
    length = _length(inner, where)
    if length is None:
        yield node
        return
    if length > most:
        told = {"unit": "operands", "limit": "an op"}
        raise LimitError("limit.exceeded", where.span(node), asked=length, **told, allowed=most)
    for place in range(length):
        at = ast.copy_location(ast.Constant(place), inner)
        yield ast.copy_location(ast.Subscript(inner, at, ast.Load()), inner)


def _length(node: ast.expr, where: Where) -> int | None:
    """Return how many entries a list that has a name has, or None."""
    held = where.scope.find(node.id) if isinstance(node, ast.Name) else None
    if isinstance(held, Items):
        return len(held.values)
    if isinstance(held, Constant) and isinstance(held.value, tuple):
        return len(held.value)
    listed = type(held) is int and where.facts.is_listed(held)
    return where.facts.shape(held)[0] if listed and type(held) is int else None


def opened(nodes: Sequence[ast.expr], where: Where) -> list[ast.expr]:
    """Write `f(*xs)` and `f([*xs, y])` out, where the length of `xs` is known."""
    return [_opened(each, where) for each in spread(nodes, where)]


def _opened(node: ast.expr, where: Where) -> ast.expr:
    inside = node.elts if isinstance(node, _DISPLAYS) else []
    if not any(isinstance(each, ast.Starred) for each in inside):
        return node
    return ast.copy_location(ast.List(spread(inside, where), ast.Load()), node)
