"""backprop-lab export: a program as a PyTorch script, as data, or printed anew."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import Any

import orjson

from app.client.errors import ApiError
from app.commands.source import (
    ProgramError,
    UsageError,
    add_program,
    fields_of,
    lab_of,
    read,
)

__all__ = ["add", "run"]

_FIELD_OF = {"torch": "torch", "json": "graph", "source": "source"}


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("export", help="write a program as a PyTorch script, or as data")
    add_program(parser)
    parser.add_argument(
        "--to", default="torch", choices=[*_FIELD_OF], help="default: a PyTorch script"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the program in another form. Raises ProgramError, UsageError, Unreachable."""
    source = read(chosen.file)
    asked = {"torch": True} if chosen.to == "torch" else {}
    with closing(lab_of(chosen)) as lab:
        try:
            found = lab.graph(source, **fields_of(chosen), **asked)[_FIELD_OF[chosen.to]]
        except ApiError as error:
            raise ProgramError(error, chosen.file, source) from None
    if found is None:
        raise UsageError(f"{chosen.file} has no such form: it is too large")
    text = found if isinstance(found, str) else orjson.dumps(found).decode()
    sys.stdout.write(text.rstrip("\n") + "\n")
    return 0
