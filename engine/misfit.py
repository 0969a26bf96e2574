"""An op that does not fit its inputs → an error in the statement's own words, with what was likely
meant, where that is sure to fit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from engine.errors import ShapeError, SourceError
from engine.graph import Graph, Node, Shape
from engine.language.syntax import parsed
from engine.ops import OPS, Misfit
from engine.shapes import op_shape

__all__ = ["misfit_error"]

_SUGGESTED = {"shape.inner": "shape.transpose", "shape.broadcast": "shape.align"}
_ATOM = re.compile(r"[^\W\d]\w*(\.\w+)*(\([^()]*\)|\[[^\[\]]*\])?")

Change = tuple[str, Shape]
"""How an operand is written anew, and the shape it then has."""


def misfit_error(
    graph: Graph, node: Node, misfit: Misfit, shape_of: Mapping[int, Shape] | None = None
) -> ShapeError:
    """Return the error of an op that does not fit its inputs, with the statement and its place.

    shape_of: of the nodes before it, where a suggestion is wanted.
    """
    span, text = graph.places.get(node.id, (node.span, node.text))
    written = _operand_words(text)
    words = written or [_name(graph[i]) for i in node.inputs]
    known = dict(zip(("left_text", "right_text"), words, strict=False))
    if node.id not in graph.places and node.path:
        text = graph[graph.id_of.get(node.path[-1], node.id)].text
    params = known | misfit.params | {"statement": text or node.name}
    meant = None
    if written and shape_of is not None and misfit.code in _SUGGESTED and len(node.inputs) == 2:
        meant = _meant(graph, node, written, shape_of)
    if meant is None:
        return ShapeError(misfit.code, span, **params)
    return ShapeError(_SUGGESTED[misfit.code], span, **params, suggestion=meant)


def _name(node: Node) -> str:
    """A node in the words of the source: its own text inside a statement, else its name."""
    named = node.is_leaf or not node.text or node.name in node.path
    return node.name.rpartition(".")[2].partition("@")[0] if named else node.text


def _operand_words(text: str) -> list[str] | None:
    """Return how the two operands are written in `a @ b`, or `c = a @ b`, or `c += b`."""
    try:
        trees = parsed(text, 1, 1) if text and not text.endswith("…") else []
    except SourceError:
        return None
    tree = trees[0] if trees else None
    if isinstance(tree, ast.AugAssign):
        parts: list[ast.expr] = [tree.target, tree.value]
    else:
        value = getattr(tree, "value", None)
        parts = [value.left, value.right] if isinstance(value, ast.BinOp) else []
    words = [ast.get_source_segment(text, part) for part in parts]
    return [word for word in words if word] if len(parts) == 2 else None


def _meant(graph: Graph, node: Node, words: list[str], shape_of: Mapping[int, Shape]) -> str | None:
    """Return what fits in place of the op; what fits the rest of the statement too comes first."""
    op = OPS[node.op]
    fitting: list[str] = []
    for left, right in _changes(node, words, shape_of):
        try:
            shape = op_shape(op, [left[1], right[1]], node.attrs)
        except Misfit:
            continue
        text = f"{left[0]} {op.symbol} {right[0]}"
        if _fits_on(graph, node, {**shape_of, node.id: shape}):
            return text
        fitting.append(text)
    return fitting[0] if fitting else None


def _changes(
    node: Node, words: list[str], shape_of: Mapping[int, Shape]
) -> Iterator[tuple[Change, Change]]:
    first, second = (shape_of[i] for i in node.inputs)
    (a, b) = (word if _ATOM.fullmatch(word) else f"({word})" for word in words)
    left, right = (a, first), (b, second)
    turned = [(f"{text}.T", shape[::-1]) for text, shape in (left, right)]
    if OPS[node.op].symbol == "@":
        if len(first) == 2:
            yield turned[0], right
        if len(second) == 2:
            yield left, turned[1]
        yield right, left
    elif OPS[node.op].symbol and max(len(first), len(second)) > 1:
        if len(second) == 1:
            yield left, (f"{b}[:, None]", (*second, 1))
        if len(first) == 1:
            yield (f"{a}[:, None]", (*first, 1)), right
        if len(second) == 2:
            yield left, turned[1]
        if len(first) == 2:
            yield turned[0], right


def _fits_on(graph: Graph, node: Node, shape_of: dict[int, Shape]) -> bool:
    """Whether the rest of the statement can be inferred."""
    for each in graph.nodes[node.id :]:
        if each.path != node.path:
            break
        try:
            shapes = [shape_of[i] for i in each.inputs]
            shape_of[each.id] = op_shape(OPS[each.op], shapes, each.attrs)
        except (Misfit, KeyError):
            return False
    return True
