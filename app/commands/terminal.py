"""What every command writes with: tables for people, lines for programs, mistakes with a caret."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from app.client.errors import ApiError
from app.client.tensors import Summary, to_array

__all__ = [
    "WIDE",
    "cell",
    "clean",
    "counted",
    "followed",
    "format_of",
    "numbers",
    "reason_of",
    "show",
    "table",
    "tell",
    "waiting",
]

WIDE = 120
"""Columns of a table that goes to no terminal."""

_INLINE = 6
_SLOW_STEPS = 2_000


def counted(number: int, thing: str) -> str:
    """Return `1 edge`, `2 edges`."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def reason_of(error: Exception) -> str:
    """Return why a file cannot be read, without the number that the system has for it."""
    told = error.strerror if isinstance(error, OSError) else None
    return told or ("it is not UTF-8 text" if isinstance(error, UnicodeError) else str(error))


def format_of(chosen: str | None, lines: str) -> str:
    """The format asked for; else a table in a terminal, and `lines` anywhere else."""
    return chosen or ("table" if sys.stdout.isatty() else lines)


def clean(text: str) -> str:
    """Text without what a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text.expandtabs(4))


def cell(text: str, style: str = "") -> Text:
    """Text as it is: square brackets are no markup."""
    return Text(clean(text), style)


def table(*columns: str) -> Table:
    """An empty table with these headings."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        made.add_column(name, overflow="fold")
    return made


def show(*parts: Table | Text) -> None:
    """Write to standard output."""
    width = None if sys.stdout.isatty() else WIDE
    console = Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)
    for part in parts:
        console.print(part)


def numbers(wire: Mapping[str, Any], shape: Iterable[int] | None = None) -> str:
    """A tensor of the wire in a few words: its entries, or its size and range.

    shape: to be seen in, if it is another.
    """
    found = to_array(wire)
    if isinstance(found, Summary):
        return f"{_size(found.shape)} from {found.min:.4g} to {found.max:.4g}"
    if shape is not None:
        found = found.reshape(tuple(shape))
    if found.size > _INLINE:
        return f"{_size(found.shape)} from {np.min(found):.4g} to {np.max(found):.4g}"
    return _spelled(found.tolist())


def _spelled(data: Any) -> str:
    if isinstance(data, list):
        return f"[{', '.join(_spelled(each) for each in data)}]"
    return f"{data:.6g}" if isinstance(data, float) else str(data)


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(str(length) for length in shape)


def followed(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same events; those of a long run move a bar, if standard error is a terminal."""
    first = next(events, None)
    if first is None:
        return
    yield first
    steps = int(first.get("steps", 0))
    if steps < _SLOW_STEPS or not sys.stderr.isatty():
        yield from events
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("events", total=steps)
        for event in events:
            bar.advance(task)
            yield event


def waiting(what: str) -> AbstractContextManager[object]:
    """Something that moves while work is done, if standard error is a terminal."""
    return Console(stderr=True).status(what) if sys.stderr.isatty() else nullcontext()


def tell(error: ApiError, name: str, source: str) -> None:
    """Each mistake: its place, the line with a caret under it, what is wrong and what helps."""
    for each in (error, *error.others):
        print(_place(each, name) + clean(each.detail), file=sys.stderr)
        if each.span is not None:
            for line in _pointed(source, each.span):
                print(f"  {line}", file=sys.stderr)
        if each.hint:
            print(f"  {clean(each.hint)}", file=sys.stderr)


def _place(error: ApiError, name: str) -> str:
    return f"{name}:{error.span['line']}:{error.span['column']}: " if error.span else f"{name}: "


def _pointed(source: str, span: Mapping[str, int]) -> Iterator[str]:
    """The first line of a span, and carets under its part of it."""
    lines = source.split("\n")
    number = span["line"]
    if not 1 <= number <= len(lines):
        return
    line = lines[number - 1].rstrip("\r")
    start = span["column"] - 1
    end = span["end_column"] - 1 if span["end_line"] == number else len(line)
    before, under = (cell_len(clean(part)) for part in (line[:start], line[start:end]))
    gutter = f"{number} | "
    yield gutter + clean(line)
    yield " " * (len(gutter) - 2) + "| " + " " * before + "^" * max(1, under)
