"""Source text → statements, each a Python syntax tree with its place; nothing is ever evaluated by
Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import SourceError, Span

__all__ = ["Statement", "statements"]

_PARTNER = {")": "(", "]": "[", "}": "{"}
_MAX_BRACKETS = 60
_UNFINISHED = ("+", "-", "*", "/", "@", "=", ",", "(", "[")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its text, the line and column it starts at (from 1), and its syntax tree."""

    text: str
    line: int
    column: int
    tree: ast.stmt

    def span(self, node: ast.AST | None = None) -> Span:
        """Return where `node` (default: the whole statement) stands in the source."""
        node = node or self.tree
        start = self._place(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        end = self._place(getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 1))
        return Span(*start, *end)

    def segment(self, node: ast.AST) -> str:
        """Return the source of `node`, cut to a readable length."""
        text = " ".join((ast.get_source_segment(self.text, node) or "").split())
        return text if len(text) <= 60 else text[:59] + "…"

    def _place(self, line: int, byte_column: int) -> tuple[int, int]:
        """Python counts columns in UTF-8 bytes; readers count code points."""
        row = self.text.split("\n")[line - 1]
        column = len(row.encode()[:byte_column].decode(errors="ignore"))
        return self.line + line - 1, column + (self.column if line == 1 else 1)


def statements(source: str) -> Iterator[Statement]:
    """Yield the statements of `source`. Raises SourceError at the first that cannot be read."""
    for text, line, column in _logical_lines(source):
        for tree in _parse(text, line, column):
            yield Statement(text, line, column, tree)


def _logical_lines(source: str) -> Iterator[tuple[str, int, int]]:
    """Join lines while a bracket is open; drop comments and blank lines."""
    open_brackets: list[tuple[str, Span]] = []
    gathered: list[str] = []
    first = 1
    for number, raw in enumerate(source.replace("\r\n", "\n").split("\n"), start=1):
        code = raw.partition("#")[0].rstrip()
        if not gathered:
            first = number
        _track_brackets(code, number, open_brackets)
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


def _track_brackets(code: str, line: int, open_brackets: list[tuple[str, Span]]) -> None:
    for column, character in enumerate(code, start=1):
        span = Span(line, column, line, column + 1)
        if character in "([{":
            open_brackets.append((character, span))
            if len(open_brackets) > _MAX_BRACKETS:
                raise SourceError("syntax.deep", span)
        elif character in _PARTNER:
            if not open_brackets or open_brackets[-1][0] != _PARTNER[character]:
                raise SourceError("syntax.bracket", span, bracket=character)
            open_brackets.pop()


def _parse(text: str, line: int, column: int) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError as error:
        raise _explained(error, text, line, column) from None
    except (MemoryError, RecursionError):
        raise SourceError("syntax.deep", _whole(text, line, column)) from None
    except ValueError:
        reason = "it contains characters that no program may contain"
        raise SourceError(
            "syntax.invalid", _whole(text, line, column), statement=_short(text), reason=reason
        ) from None


def _explained(error: SyntaxError, text: str, line: int, column: int) -> SourceError:
    lines = text.split("\n")
    if text.endswith(_UNFINISHED):
        end = len(lines[-1]) + (column if len(lines) == 1 else 1)
        span = Span(line + len(lines) - 1, end - 1, line + len(lines) - 1, end)
        return SourceError("syntax.incomplete", span, statement=_short(text))
    row = min(error.lineno or 1, len(lines))
    shift = column if row == 1 else 1
    start = min(max((error.offset or 1) - 1, 0), len(lines[row - 1]))
    stop = (error.end_offset or 0) - 1 if error.end_lineno == row else len(lines[row - 1])
    span = Span(line + row - 1, start + shift, line + row - 1, max(stop, start + 1) + shift)
    return SourceError("syntax.invalid", span, statement=_short(text), reason=error.msg)


def _whole(text: str, line: int, column: int) -> Span:
    return Span(line, column, line, column + max(1, len(text.split("\n", 1)[0])))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
