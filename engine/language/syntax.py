"""One logical line → Python syntax trees with their places.

Only ever one logical line is given to Python's parser, so how deep it may go is known; nothing is
ever evaluated by Python.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from engine.errors import SourceError, Span
from engine.frozen import frozen
from engine.language.length import check_length, operators_in
from engine.language.misread import explained
from engine.language.read import ENOUGH, Broken, short
from engine.ops import Op

__all__ = ["Block", "Plain", "Statement", "Step", "Text", "parsed", "whole"]

warnings.filterwarnings("ignore", category=SyntaxWarning, module="<unknown>")
"""Python warns of what a stranger writes, such as `1if x else y`: that is no matter for our log."""

_DEEPEST = 2_900
"""Parts of an expression inside one another, of which Python's parser reads a few more."""

_PARSING = Lock()
"""CPython 3.11 counts the depth of the trees it builds in one place for all threads."""


class Text:
    """Lines of source that are parsed together; places in them are found without a search.

    Python counts columns in UTF-8 bytes, readers count code points: a line that is not ASCII has a
    table from one to the other.
    """

    __slots__ = ("column", "columns", "line", "plain", "rows")

    def __init__(self, text: str, line: int, column: int) -> None:
        self.line, self.column = line, column
        self.plain = text.isascii() and "\n" not in text
        self.rows = [text] if self.plain else text.split("\n")
        self.columns = [None if row.isascii() else _columns_of(row) for row in self.rows]

    def offset(self, line: int, byte_column: int) -> int:
        """Return a column of a line, both as the parser counts, in code points from 0."""
        columns = self.columns[line - 1]
        return byte_column if columns is None else columns[byte_column]

    def place(self, line: int, byte_column: int) -> tuple[int, int]:
        """Return line and column in the whole source, from 1."""
        shift = self.column if line == 1 else 1
        return self.line + line - 1, self.offset(line, byte_column) + shift

    def stretch(self, start: int, stop: int) -> Span:
        """Return where a part of a text of one row of ASCII stands in the source."""
        return Span(self.line, self.column + start, self.line, self.column + stop)

    def cut(self, first: int, start: int, last: int, stop: int) -> str:
        """Return what stands between two places, or its beginning where that is long."""
        begin, end = self.offset(first, start), self.offset(last, stop)
        if first == last:
            return self.rows[first - 1][begin : min(end, begin + ENOUGH)]
        parts = [self.rows[first - 1][begin : begin + ENOUGH]]
        length = len(parts[0])
        for line in range(first + 1, last + 1):
            if length >= ENOUGH:
                break
            parts.append(self.rows[line - 1][: end if line == last else ENOUGH])
            length += len(parts[-1]) + 1
        return "\n".join(parts)


def _columns_of(row: str) -> list[int]:
    """Return the code point each UTF-8 byte of a line belongs to, and the end."""
    columns = [at for at, each in enumerate(row) for _ in each.encode(errors="replace")]
    return [*columns, len(row)]


@frozen
class Step:
    """One part of a plain statement. op: None for a number, else what is done with `inputs`: places
    among the names, then the steps. start, stop, text: where it stands in the logical line."""

    op: Op | None
    inputs: tuple[int, ...]
    number: float
    start: int
    stop: int
    text: str


@frozen
class Plain:
    """A statement that is arithmetic of names and numbers alone. target: the name it binds; names:
    those it reads; functions: what it calls, none of which the program may define."""

    target: str
    text: str
    names: tuple[str, ...]
    functions: tuple[str, ...]
    steps: tuple[Step, ...]


Block = list["Statement | Broken"]


@dataclass(slots=True)
class Statement:
    """One statement: the lines it stands in, its syntax tree, its note, and, under a header, what
    is indented: in `body`, and in `otherwise` behind `else`. headed: whether it is a header with
    nothing behind it, whose tree has no body of its own. plain: what it computes, where that is
    mere arithmetic."""

    within: Text
    tree: ast.stmt
    note: str = ""
    body: Block = field(default_factory=list)
    otherwise: Block = field(default_factory=list)
    headed: bool = False
    plain: Plain | None = None

    def span(self, node: ast.AST | None = None) -> Span:
        """Return where `node` (default: the whole statement) stands in the source."""
        within, each = self.within, node or self.tree
        start, stop = _extent(each)
        if within.plain:
            return within.stretch(start[1], stop[1])
        return Span(*within.place(*start), *within.place(*stop))

    def segment(self, node: ast.AST) -> str:
        """Return the source of `node`, cut to a readable length."""
        start, stop = _extent(node)
        return short(self.within.cut(*start, *stop))

    @property
    def text(self) -> str:
        """The whole logical line, on one row."""
        whole = " ".join(row.strip().removesuffix("\\").rstrip() for row in self.within.rows)
        return whole.removesuffix(" pass") if self.headed else whole


def _extent(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a node begins and ends, as the parser counts."""
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def parsed(text: str, line: int, column: int) -> list[ast.stmt]:
    """Parse the text of a logical line that begins at `line` and `column`. Raises SourceError."""
    check_length(text, whole(text, line, column))
    try:
        return _tree(text)
    except SyntaxError as error:
        raise explained(error, text, line, column) from None
    except (MemoryError, RecursionError, SystemError):
        asked, place = operators_in(text), whole(text, line, column)
        raise SourceError("syntax.deep", place, asked=asked, allowed=_DEEPEST) from None
    except ValueError:
        unsendable = next((each for each in text if not _is_sendable(each)), "\0")
        shown = f"U+{ord(unsendable):04X}"
        raise SourceError("syntax.stray", whole(text, line, column), character=shown) from None


def _is_sendable(character: str) -> bool:
    return character != "\0" and not "\ud800" <= character <= "\udfff"


def _tree(text: str) -> list[ast.stmt]:
    """Parse one text at a time; another part of the process may parse meanwhile, so try twice."""
    with _PARSING:
        try:
            return ast.parse(text).body
        except SystemError:
            return ast.parse(text).body


def whole(text: str, line: int, column: int) -> Span:
    """Return where the first row of a text stands."""
    return Span(line, column, line, column + max(1, len(text.split("\n", 1)[0])))
