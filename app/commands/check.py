"""backprop-lab check: gradients compared with finite differences."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import Any

import orjson

from app.client.errors import ApiError
from app.commands.source import ProgramError, add_program, fields_of, lab_of, read
from app.commands.terminal import cell, format_of, show, table, waiting

__all__ = ["FAILED", "add", "run"]

FAILED = 3
"""The exit status when a gradient is off."""

_STYLES = {"ok": "green", "off": "bold red"}


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("check", help="compare gradients with finite differences")
    add_program(parser)
    parser.add_argument("--wrt", action="append", metavar="NODE", help="to vary; may be repeated")
    parser.add_argument("--format", choices=["table", "json"], help="default: by where it goes")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write what was found. Raises ProgramError, UsageError, Unreachable."""
    source = read(chosen.file)
    varied = {"wrt": chosen.wrt} if chosen.wrt else {}
    with closing(lab_of(chosen)) as lab:
        try:
            with waiting("comparing with finite differences"):
                found = lab.check(source, **fields_of(chosen), **varied)
        except ApiError as error:
            raise ProgramError(error, chosen.file, source) from None
    if format_of(chosen.format, "json") == "json":
        sys.stdout.buffer.write(orjson.dumps(found) + b"\n")
        sys.stdout.buffer.flush()
    else:
        _show(found)
    return FAILED if found["verdict"] == "off" else 0


def _show(found: dict[str, Any]) -> None:
    made = table(
        "node", "verdict", "compared", "absolute error", "relative", "P there", "differences"
    )
    for node in found["nodes"]:
        worst = node["worst"] or {}
        made.add_row(
            cell(node["node"], "bold"),
            cell(node["verdict"], _STYLES.get(node["verdict"], "yellow")),
            cell(f"{node['compared']} of {node['entries']}"),
            *(cell(_short(node[name])) for name in ("absolute", "relative")),
            *(cell(_short(worst.get(name, ""))) for name in ("analytic", "numeric")),
        )
    verdict = f"\n{found['output']}: {found['verdict']}"
    show(made, cell(verdict, _STYLES.get(found["verdict"], "yellow")))


def _short(told: Any) -> str:
    return f"{told:.6g}" if isinstance(told, float) else str(told)
