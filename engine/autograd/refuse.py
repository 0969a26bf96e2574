"""What lies outside the subset: a code, the place, and the nearest supported way."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from engine.errors import EngineError, SourceError, Span, likeliest

__all__ = ["Raised", "refused", "span_of", "unknown"]


class Raised(Exception):
    """An error that is the snippet's own: it may catch it. type: the name of its class."""

    def __init__(self, type: str, message: str, value: object = None) -> None:
        super().__init__(message)
        self.type, self.message, self.value = type, message, value


def span_of(node: ast.AST) -> Span:
    """Return where a part of the snippet stands; of a block, its first line."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
    if isinstance(getattr(node, "body", None), list):
        return Span(line, column, line, column + 1)
    end = getattr(node, "end_lineno", None) or line
    return Span(line, column, end, (getattr(node, "end_col_offset", None) or column) + 1)


def refused(construct: str, remedy: str, node: ast.AST | None = None) -> EngineError:
    """Return the error of something that is not part of the Python that runs here."""
    span = None if node is None else span_of(node)
    return SourceError("autograd.syntax", span, construct=construct, remedy=remedy)


def unknown(
    owner: str, name: str, known: Iterable[str], node: ast.AST | None = None
) -> EngineError:
    """Return the error of a name that `owner` does not have here, with those that look like it."""
    span = None if node is None else span_of(node)
    if name.startswith("_"):
        return SourceError("autograd.private", span, name=name, owner=owner)
    nearest = likeliest(name, [each for each in known if not each.startswith("_")], most=5)
    return SourceError("autograd.attribute", span, name=name, owner=owner, nearest=nearest)
