"""backprop-lab ops, examples: the registries."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from difflib import get_close_matches
from typing import Any

import orjson

from app.client.errors import ApiError
from app.commands.source import UsageError, add_server, lab_of
from app.commands.terminal import cell, format_of, show, table

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the commands."""
    for name, help_text, run in (
        ("ops", "list the ops of the language, or tell of one", _ops),
        ("examples", "list the example programs, or print one", _examples),
    ):
        parser = commands.add_parser(name, help=help_text)
        parser.add_argument("name", nargs="?", help="only this one")
        parser.add_argument("--format", choices=["table", "text", "json"])
        add_server(parser)
        parser.set_defaults(run=run)


def _ops(chosen: argparse.Namespace) -> int:
    kind = format_of(chosen.format, "text")
    found = _found(chosen, "op")
    if kind == "json":
        return _json(found)
    if chosen.name is not None:
        show(cell(_about(found)))
    elif kind == "text":
        for op in found:
            print(f"{op['usage']:24} {_first_line(op)}")
    else:
        made = table("op", "meaning")
        for op in found:
            made.add_row(cell(op["usage"], "bold"), cell(_first_line(op)))
        show(made)
    return 0


def _examples(chosen: argparse.Namespace) -> int:
    kind = format_of(chosen.format, "text")
    found = _found(chosen, "example")
    if kind == "json":
        return _json(found)
    if chosen.name is not None:
        sys.stdout.write(found["source"].rstrip("\n") + "\n")
    elif kind == "text":
        for example in found:
            print(f"{example['name']:24} {example['title']['en']}")
    else:
        made = table("example", "title", "chapter")
        for example in found:
            title, chapter = example["title"]["en"], example["chapter"]
            made.add_row(cell(example["name"], "bold"), cell(title), cell(chapter))
        show(made)
    return 0


def _found(chosen: argparse.Namespace, what: str) -> Any:
    """All entries, or the one that was named. Raises UsageError where there is none."""
    with closing(lab_of(chosen)) as lab:
        if chosen.name is None:
            return lab.ops() if what == "op" else lab.examples()
        try:
            return lab.op(chosen.name) if what == "op" else lab.example(chosen.name)
        except ApiError as error:
            if error.status != 404:
                raise
            listed = lab.ops() if what == "op" else lab.examples()
            near = get_close_matches(chosen.name, [each["name"] for each in listed], n=1)
            guess = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"there is no {what} called {chosen.name}{guess}") from None


def _json(found: Any) -> int:
    sys.stdout.buffer.write(orjson.dumps(found) + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _first_line(op: dict[str, Any]) -> str:
    return str(op["doc"]).splitlines()[0]


def _about(op: dict[str, Any]) -> str:
    """An op in a few lines: what it means, what it is derived by, an example."""
    lines = [op["usage"], "", *op["doc"].splitlines()]
    if op.get("aliases"):
        lines += ["", f"Also called {', '.join(op['aliases'])}."]
    rules = [f"∂/∂{each['argument']} = {each['rule']}" for each in op.get("derivatives", ())]
    lines += ["", *rules] if rules else []
    lines += ["", *op["example"].splitlines()] if op.get("example") else []
    return "\n".join(lines)
