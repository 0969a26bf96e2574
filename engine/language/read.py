"""Source text → logical lines: joined while a bracket or a string is open, without comments, each
with its place. What cannot be read becomes a `Broken`, and reading goes on behind it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.errors import EngineError, SourceError, Span
from engine.language.length import depth_of

__all__ = ["Broken", "Line", "bound_names", "lines", "short"]

_PARTNER = {")": "(", "]": "[", "}": "{"}
_MAX_BRACKETS = 60
_RESUMED = 8
"""How often reading starts again behind a bracket that is never closed: each time costs a pass."""

_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u202f\u3000\ufeff"), " ")
"""Blanks of web pages and of Chinese keyboards, as wide as one of ours, so that places stay."""

_LONGEST_NOTE = 240
ENOUGH = 240
"""Characters of a node's source from which its readable length is cut."""

_TOKEN = re.compile(r"""'''|\"\"\"|'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|#.*|[()\[\]{}]|\\$""")
"""What decides where a statement ends: strings, in which nothing else counts, comments, brackets
and a backslash at the end."""

_BINDING = re.compile(
    r"\s*(?:def\s+(?P<def>\w+)|for\s+(?P<for>[\w\s,()]+?)\s+in\b|"
    r"(?P<names>[(\[]?[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*,?[)\]]?)\s*(?::[^=]*)?(?:[-+*/@%]|//|\*\*)?=(?!=))"
)
_WORD = re.compile(r"[^\W\d]\w*")
_FRESH = re.compile(r"\s*(?:(?:def|for|if)\b|[^\W\d]\w*\s*=(?!=))")


@dataclass(slots=True)
class Line:
    """A logical line: its text, where it begins, and what is remarked beside or directly above."""

    text: str
    line: int
    column: int
    note: str = ""


@dataclass(slots=True)
class Broken:
    """What cannot be read, where it stands, and the names it would have bound."""

    error: EngineError
    column: int = 1
    names: list[str] = field(default_factory=list)


def bound_names(text: str) -> list[str]:
    """Return the names that a statement looks like binding, as Python normalises them."""
    found = _BINDING.match(text[:2000])
    words = _WORD.findall(found["def"] or found["for"] or found["names"]) if found else []
    return [unicodedata.normalize("NFKC", word) for word in words]


def lines(source: str) -> Iterator[Line | Broken]:
    """Yield the logical lines of `source`, and an error for each stretch that is none."""
    plain = source.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    plain = plain if plain.isascii() else plain.translate(_BLANKS)
    yield from _Reader(plain.split("\n")).read()


class _Reader:
    """Joins lines while something is open. Only "\\n" ends a line, as for Python's parser."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.brackets: list[tuple[str, int, int]] = []
        self.quote = ""
        self.above: list[str] = []
        self.beside: list[str] = []

    def read(self) -> Iterator[Line | Broken]:
        at = resumed = 0
        while at < len(self.rows) and resumed <= _RESUMED:
            raw = self.rows[at]
            if not raw.strip():
                at += 1
                self._remark()
                continue
            if _is_whole(raw) and (text := raw.strip()):
                at += 1
                yield Line(text, at, raw.find(text[0]) + 1, self._note())
                continue
            first, gathered = at, list[str]()
            try:
                at = self._gather(at, gathered)
            except SourceError as error:
                again = error.code == "syntax.bracket" and at + len(gathered) >= len(self.rows)
                yield self._broken(error, first)
                resumed += again
                at = self._behind(first) if again else first + len(gathered) + 1
                continue
            text = "\n".join(gathered)
            if text.strip():
                lead = len(text) - len(text.lstrip())
                yield Line(text.lstrip(), first + 1, lead + 1, self._note())
            else:
                self._remark()

    def _note(self) -> str:
        """Return what is remarked about the line at hand."""
        if not (self.above or self.beside):
            return ""
        note = "\n".join([*self.above, *self.beside])[:_LONGEST_NOTE]
        self.above, self.beside = [], []
        return note

    def _remark(self) -> None:
        """Keep a comment for the line below it; an empty line parts the two."""
        if not self.beside:
            self.above = []
        self.above.extend(self.beside)
        self.beside = []

    def _gather(self, at: int, gathered: list[str]) -> int:
        """Put the rows of one logical line into `gathered`; return where the next one begins."""
        while at < len(self.rows):
            code, goes_on = self._code(self.rows[at], at + 1)
            gathered.append(code)
            at += 1
            if not (self.brackets or self.quote or goes_on):
                return at
        if self.brackets:
            bracket, *place = self.brackets[-1]
            raise SourceError("syntax.bracket", _at(*place), bracket=bracket)
        return at

    def _code(self, raw: str, line: int) -> tuple[str, bool]:
        """Return a row without its comment, and whether a backslash carries it on."""
        start = 0
        if self.quote:
            end = raw.find(self.quote)
            if end < 0:
                return raw, True
            start, self.quote = end + 3, ""
        while token := _TOKEN.search(raw, start):
            character, start = token.group()[0], token.end()
            if character == "#":
                self.beside.append(token.group()[1:].strip())
                return raw[: token.start()].rstrip(), False
            if character == "\\":
                return raw.rstrip(), True
            if token.group() in ('"""', "'''"):
                start = raw.find(token.group(), start) + 3
                if start < 3:
                    self.quote = token.group()
                    return raw, True
            elif character not in "'\"":
                self._count(character, line, start)
        return raw.rstrip(), False

    def _count(self, bracket: str, line: int, column: int) -> None:
        """Keep track of the brackets that are open."""
        if bracket in "([{":
            self.brackets.append((bracket, line, column))
            if len(self.brackets) > _MAX_BRACKETS:
                asked = len(self.brackets) + depth_of(self.rows[line - 1][column:])
                place = _at(line, column)
                raise SourceError("syntax.deep", place, asked=asked, allowed=_MAX_BRACKETS)
        elif not self.brackets or self.brackets[-1][0] != _PARTNER[bracket]:
            raise SourceError("syntax.bracket", _at(line, column), bracket=bracket)
        else:
            self.brackets.pop()

    def _broken(self, error: SourceError, first: int) -> Broken:
        self.brackets, self.quote, self.above, self.beside = [], "", [], []
        row = self.rows[first]
        return Broken(error, len(row) - len(row.lstrip()) + 1, bound_names(row))

    def _behind(self, first: int) -> int:
        """Return the next row that looks like a statement of its own, not deeper than `first`."""
        indent = len(self.rows[first]) - len(self.rows[first].lstrip())
        for at in range(first + 1, len(self.rows)):
            row = self.rows[at]
            if len(row) - len(row.lstrip()) <= indent and _FRESH.match(row):
                return at
        return len(self.rows)


def _at(line: int, column: int) -> Span:
    return Span(line, column, line, column + 1)


def _is_whole(raw: str) -> bool:
    """Whether a row surely is a logical line without a comment: most are, and this is soon seen."""
    if "#" in raw or "'" in raw or '"' in raw or "\\" in raw:
        return False
    opened = raw.count("("), raw.count("["), raw.count("{")
    closed = raw.count(")"), raw.count("]"), raw.count("}")
    few = sum(opened) <= _MAX_BRACKETS or depth_of(raw) <= _MAX_BRACKETS
    return opened == closed and few


def short(text: str) -> str:
    """Return `text` on one line, cut to a readable length."""
    line = " ".join(text[: ENOUGH + 1].split())
    return line if len(line) <= 60 and len(text) <= ENOUGH else line[:59] + "…"
