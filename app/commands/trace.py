"""backprop-lab trace: every step of a program, as a table or as lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import orjson
from rich.table import Table
from rich.text import Text

from app.client.errors import ApiError
from app.commands.source import ProgramError, add_program, fields_of, lab_of, read
from app.commands.terminal import cell, counted, followed, format_of, numbers, show, table

__all__ = ["add", "run"]


_COUNTED = [("nodes", "node"), ("edges", "edge"), ("events", "event")]
_COUNTED += [("flops", "floating-point operation")]


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("trace", help="run a program, forward and backward")
    add_program(parser)
    parser.add_argument("--format", choices=["table", "jsonl"], help="default: by where it goes")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the trace. Raises ProgramError, UsageError, Unreachable."""
    source = read(chosen.file)
    with closing(lab_of(chosen)) as lab:
        try:
            events = followed(lab.trace(source, **fields_of(chosen)))
            if format_of(chosen.format, "jsonl") == "jsonl":
                _lines(events)
            else:
                show(*_tables(events))
        except ApiError as error:
            raise ProgramError(error, chosen.file, source) from None
    return 0


def _lines(events: Iterator[dict[str, Any]]) -> None:
    for event in events:
        sys.stdout.buffer.write(orjson.dumps(event) + b"\n")
    sys.stdout.buffer.flush()


def _tables(events: Iterator[dict[str, Any]]) -> Iterator[Table | Text]:
    """One row a node: what it is, its value, its local Jacobians, its P or tangent."""
    graph = next(events)
    shape_of = {node["name"]: node["shape"] for node in graph["nodes"]}
    told: dict[str, dict[str, str]] = {name: {} for name in graph["order"]}
    last: dict[str, Any] = {}
    for event in events:
        kind = event["kind"]
        if kind in ("value", "tangent"):
            told[event["node"]][kind] = numbers(event["value"])
        elif kind == "adjoint":
            seen = shape_of[event["node"]] if graph["m"] == 1 else None
            told[event["node"]][kind] = numbers(event["value"], seen)
        elif kind == "jacobian":
            row = told[event["edge"]["to"]]
            row[kind] = f"{row.get(kind, '')}{_jacobian(event)}\n"
        last = event
    yield _nodes(graph, told)
    counts = ", ".join(counted(last[key], thing) for key, thing in _COUNTED)
    yield cell(f"\n{counts}", "dim")


def _jacobian(event: dict[str, Any]) -> str:
    name, (rows, cols) = event["edge"]["from"], event["shape"]
    kink = ", kink" if event["kink"] else ""
    return f"{name}: {event['structure'].replace('_', ' ')} {rows}×{cols}{kink}"


def _nodes(graph: dict[str, Any], told: dict[str, dict[str, str]]) -> Table:
    last = "P" if graph["mode"] == "reverse" else "tangent"
    key = "adjoint" if last == "P" else "tangent"
    made = table("node", "statement", "value", "J by input", last)
    for node in graph["nodes"]:
        row = told[node["name"]]
        made.add_row(
            cell(node["name"], "bold"),
            cell(node["source"]),
            cell(row.get("value", ""), "cyan"),
            cell(row.get("jacobian", "").rstrip()),
            cell(row.get(key, "–"), "magenta"),
        )
    return made
