"""Source text → statements, each a Python syntax tree with its place; nothing is ever evaluated by
Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from engine.errors import SourceError, Span

__all__ = ["Statement", "short", "statements"]

_PARTNER = {")": "(", "]": "[", "}": "{"}
_MAX_BRACKETS = 60
_ENOUGH = 240
"""Characters of a node's source from which its readable length is cut."""

_TOKEN = re.compile(r"""'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|#.*|[()\[\]{}]""")
"""What decides where a statement ends: strings, in which nothing else counts, comments and
brackets."""

_PARSING = Lock()
"""CPython 3.11 counts the depth of the trees it builds in one place for all threads."""

_UNFINISHED = ("+", "-", "*", "/", "@", "=", ",", "(", "[")


class _Text:
    """Lines of source that are parsed together; places in them are found without a search.

    Python counts columns in UTF-8 bytes, readers count code points: a line that is not ASCII has a
    table from one to the other.
    """

    __slots__ = ("column", "columns", "line", "plain", "rows")

    def __init__(self, text: str, line: int, column: int) -> None:
        self.line, self.column, self.rows = line, column, text.split("\n")
        self.plain = text.isascii() and len(self.rows) == 1
        self.columns = [None if row.isascii() else _columns_of(row) for row in self.rows]

    def offset(self, line: int, byte_column: int) -> int:
        """Return a column of a line, both as the parser counts, in code points from 0."""
        columns = self.columns[line - 1]
        return byte_column if columns is None else columns[byte_column]

    def place(self, line: int, byte_column: int) -> tuple[int, int]:
        """Return line and column in the whole source, from 1."""
        shift = self.column if line == 1 else 1
        return self.line + line - 1, self.offset(line, byte_column) + shift

    def cut(self, first: int, start: int, last: int, stop: int) -> str:
        """Return what stands between two places, or its beginning where that is long."""
        begin, end = self.offset(first, start), self.offset(last, stop)
        if first == last:
            return self.rows[first - 1][begin : min(end, begin + _ENOUGH)]
        parts = [self.rows[first - 1][begin : begin + _ENOUGH]]
        length = len(parts[0])
        for line in range(first + 1, last + 1):
            if length >= _ENOUGH:
                break
            parts.append(self.rows[line - 1][: end if line == last else _ENOUGH])
            length += len(parts[-1]) + 1
        return "\n".join(parts)


def _columns_of(row: str) -> list[int]:
    """Return the code point each UTF-8 byte of a line belongs to, and the end."""
    columns = [at for at, each in enumerate(row) for _ in each.encode(errors="replace")]
    return [*columns, len(row)]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: the lines it stands in, and its syntax tree."""

    within: _Text
    tree: ast.stmt

    def span(self, node: ast.AST | None = None) -> Span:
        """Return where `node` (default: the whole statement) stands in the source."""
        within, each = self.within, node or self.tree
        start, stop = _extent(each)
        if within.plain:
            line, column = within.line, within.column
            return Span(line, start[1] + column, line, stop[1] + column)
        return Span(*within.place(*start), *within.place(*stop))

    def segment(self, node: ast.AST) -> str:
        """Return the source of `node`, cut to a readable length."""
        start, stop = _extent(node)
        return short(self.within.cut(*start, *stop))


def _extent(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a node begins and ends, as the parser counts."""
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def statements(source: str) -> Iterator[Statement]:
    """Yield the statements of `source`. Raises SourceError at the first that cannot be read."""
    for text, line, column in _logical_lines(source):
        trees = _parse(text, line, column)
        within = _Text(text, line, column)
        for tree in trees:
            yield Statement(within, tree)


def _logical_lines(source: str) -> Iterator[tuple[str, int, int]]:
    """Join lines while a bracket is open; drop comments and blank lines.

    Only "\\n" is left to end a line, so that lines count here as they do for the parser.
    """
    open_brackets: list[tuple[str, Span]] = []
    gathered: list[str] = []
    first = 1
    plain = source.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    for number, raw in enumerate(plain.split("\n"), start=1):
        code = _code(raw, number, open_brackets)
        if not gathered:
            first = number
        gathered.append(code)
        if open_brackets:
            continue
        text = "\n".join(gathered)
        gathered = []
        if text.strip():
            lead = len(text) - len(text.lstrip())
            yield text.lstrip(), first, lead + 1
    if open_brackets:
        bracket, span = open_brackets[-1]
        raise SourceError("syntax.bracket", span, bracket=bracket)


def _code(raw: str, line: int, open_brackets: list[tuple[str, Span]]) -> str:
    """Return a line without its comment, and keep track of the brackets it opens and closes."""
    for token in _TOKEN.finditer(raw):
        character = token.group()[0]
        if character == "#":
            return raw[: token.start()].rstrip()
        if character in "([{":
            open_brackets.append((character, _span_of(token, line)))
            if len(open_brackets) > _MAX_BRACKETS:
                raise SourceError("syntax.deep", _span_of(token, line))
        elif character in _PARTNER:
            if not open_brackets or open_brackets[-1][0] != _PARTNER[character]:
                raise SourceError("syntax.bracket", _span_of(token, line), bracket=character)
            open_brackets.pop()
    return raw.rstrip()


def _span_of(token: re.Match[str], line: int) -> Span:
    return Span(line, token.start() + 1, line, token.start() + 2)


def _parse(text: str, line: int, column: int) -> list[ast.stmt]:
    try:
        return _tree(text)
    except SyntaxError as error:
        raise _explained(error, text, line, column) from None
    except (MemoryError, RecursionError, SystemError):
        raise SourceError("syntax.deep", _whole(text, line, column)) from None
    except ValueError:
        reason = "it contains characters that no program may contain"
        raise SourceError(
            "syntax.invalid", _whole(text, line, column), statement=short(text), reason=reason
        ) from None


def _tree(text: str) -> list[ast.stmt]:
    """Parse one text at a time; another part of the process may parse meanwhile, so try twice."""
    with _PARSING:
        try:
            return ast.parse(text).body
        except SystemError:
            return ast.parse(text).body


def _explained(error: SyntaxError, text: str, line: int, column: int) -> SourceError:
    lines = text.split("\n")
    if text.endswith(_UNFINISHED):
        end = len(lines[-1]) + (column if len(lines) == 1 else 1)
        span = Span(line + len(lines) - 1, end - 1, line + len(lines) - 1, end)
        return SourceError("syntax.incomplete", span, statement=short(text))
    row = min(error.lineno or 1, len(lines))
    shift = column if row == 1 else 1
    start = min(max((error.offset or 1) - 1, 0), len(lines[row - 1]))
    stop = (error.end_offset or 0) - 1 if error.end_lineno == row else len(lines[row - 1])
    span = Span(line + row - 1, start + shift, line + row - 1, max(stop, start + 1) + shift)
    return SourceError("syntax.invalid", span, statement=short(text), reason=error.msg)


def _whole(text: str, line: int, column: int) -> Span:
    return Span(line, column, line, column + max(1, len(text.split("\n", 1)[0])))


def short(text: str) -> str:
    """Return `text` on one line, cut to a readable length."""
    line = " ".join(text[: _ENOUGH + 1].split())
    return line if len(line) <= 60 and len(text) <= _ENOUGH else line[:59] + "…"
