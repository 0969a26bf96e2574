"""Logical lines → statements, nested by indentation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import SourceError
from engine.language.plain import plain
from engine.language.read import Broken, Line, bound_names, lines, short
from engine.language.syntax import Block, Plain, Statement, Text, parsed, whole

__all__ = ["statements"]

_DEEPEST = 30
"""Levels of indentation."""

_HEADER = re.compile(r"(?:def|for|if|elif|else|while|with|try|except|finally|class|async)\b|@")
_QUIET = re.compile(r"@(?:jax\.)?jit\b|@torch\.(?:compile|jit\.script)\b")
"""Decorators that change no number."""

_REFUSED = {
    "while": "syntax.while",
    "with": "syntax.with",
    "try": "syntax.try",
    "except": "syntax.try",
    "finally": "syntax.try",
    "async": "syntax.async",
    "@": "syntax.decorator",
}


def statements(source: str) -> Iterator[Statement | Broken]:
    """Yield the statements of `source`, one that is indented under another inside it. What cannot
    be read is yielded as `Broken`."""
    outline = _Outline()
    for line in lines(source):
        outline.add(line)
        if len(outline.top) > 1:
            yield from outline.top[:-1]
            del outline.top[:-1]
    outline.close(0)
    yield from outline.top


@dataclass(slots=True)
class _Level:
    """An open header: its column, what gathers under it, the column of that, and the `if` that an
    `else` of that column may continue. swallowed: where the header could not be read."""

    header: int
    block: Block
    column: int = 0
    owner: Statement | None = None
    chain: Statement | None = None
    swallowed: Broken | None = None


class _Outline:
    """Puts lines where their indentation says. At the top any indentation will do."""

    def __init__(self) -> None:
        self.top: Block = []
        self.levels = [_Level(0, self.top)]
        self.trees: dict[str, list[tuple[ast.stmt, Plain | None]]] = {}

    def add(self, line: Line | Broken) -> None:
        self.close(line.column)
        level = self.levels[-1]
        if level.swallowed is not None:
            names = line.names if isinstance(line, Broken) else bound_names(line.text)
            level.swallowed.names.extend(names)
            return
        if level.column == 0:
            level.column = line.column
        if isinstance(line, Line) and level.column != line.column and len(self.levels) > 1:
            line = _broken("syntax.indent", line)
        if isinstance(line, Broken):
            level.block.append(line)
        elif _QUIET.match(line.text):
            return
        elif _HEADER.match(line.text):
            self._header(level, line)
        else:
            level.chain = None
            level.block.extend(self._simple(line))

    def close(self, column: int) -> None:
        """End the headers that stand at `column` or behind it."""
        while len(self.levels) > 1 and column <= self.levels[-1].header:
            level = self.levels.pop()
            if level.owner is not None and not level.block:
                place = level.owner.span()
                error = SourceError("syntax.body", place, statement=level.owner.text)
                level.block.append(Broken(error))

    def _header(self, level: _Level, line: Line) -> None:
        found = _HEADER.match(line.text)
        assert found is not None
        word = found.group()
        made: Statement | Broken
        if word in _REFUSED:
            made = _broken(_REFUSED[word], line)
        elif len(self.levels) > _DEEPEST:
            made = _broken("syntax.deep", line, asked=len(self.levels), allowed=_DEEPEST)
        elif word == "else":
            self._else(level, line)
            return
        else:
            made = _compound(line, word)
        block = level.block
        if word == "elif":
            if level.chain is None:
                made = made if isinstance(made, Broken) else _broken("syntax.else", line)
            else:
                block = level.chain.otherwise
        block.append(made)
        if isinstance(made, Broken):
            level.chain = None
            if word != "@":
                self.levels.append(_Level(line.column, [], swallowed=made))
            return
        level.chain = made if word in ("if", "elif") else None
        if not made.body:
            self.levels.append(_Level(line.column, made.body, owner=made))

    def _else(self, level: _Level, line: Line) -> None:
        chain, level.chain = level.chain, None
        rest = re.fullmatch(r"else\s*:\s*(.*)", line.text, re.DOTALL)
        if chain is None or rest is None:
            broken = _broken("syntax.else", line)
            level.block.append(broken)
            self.levels.append(_Level(line.column, [], swallowed=broken))
        elif rest[1]:
            inner = Line(rest[1], line.line, line.column + rest.start(1), line.note)
            chain.otherwise.extend(self._simple(inner))
        else:
            self.levels.append(_Level(line.column, chain.otherwise, owner=chain))

    def _simple(self, line: Line) -> Block:
        """Return the statements of a line without a header. Lines that are alike share their trees,
        which nobody changes."""
        trees = self.trees.get(line.text)
        if trees is None:
            try:
                made = parsed(line.text, line.line, line.column)
            except SourceError as error:
                return [Broken(error, line.column, bound_names(line.text))]
        within = Text(line.text, line.line, line.column)
        if trees is None:
            read = [plain(tree, line.text) if within.plain else None for tree in made]
            trees = self.trees[line.text] = list(zip(made, read, strict=True))
        return [Statement(within, tree, line.note, plain=known) for tree, known in trees]


def _broken(code: str, line: Line, **told: int) -> Broken:
    place = whole(line.text, line.line, line.column)
    error = SourceError(code, place, statement=short(line.text), **told)
    return Broken(error, line.column, bound_names(line.text))


def _compound(line: Line, word: str) -> Statement | Broken:
    """Return a header, with what follows it on its own line as its body."""
    cut = 2 if word == "elif" else 0
    text, column = line.text[cut:], line.column + cut
    alone = text.endswith(":")
    try:
        (tree,) = parsed(f"{text} pass" if alone else text, line.line, column)
    except SourceError as error:
        return Broken(error, line.column, bound_names(line.text))
    except ValueError:
        return _broken("syntax.else", line)
    within = Text(f"{text} pass" if alone else text, line.line, column)
    if alone:
        tree.end_col_offset = (tree.end_col_offset or 0) - len(" pass")
    made = Statement(within, tree, line.note, headed=alone)
    if not alone:
        made.body.extend(Statement(within, each) for each in getattr(tree, "body", ()))
    return made
