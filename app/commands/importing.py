"""backprop-lab import: an ONNX file as a program, as data, or as a page or picture of the lab."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson

from app.commands.source import UsageError
from app.commands.terminal import reason_of

__all__ = ["add", "run"]


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("import", help="read an ONNX file into the laboratory")
    parser.add_argument("file", help="an ONNX file")
    parser.add_argument("--inputs", metavar="NPZ", help="values of its inputs, by name")
    parser.add_argument(
        "--to",
        default="source",
        choices=["source", "json", "html", "svg"],
        help="a program (default), the body of a request, a page to open, or a picture",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the model in the form asked for. Raises UsageError."""
    from engine import EngineError
    from engine.interop import load_onnx

    try:
        found = load_onnx(_bytes(chosen.file), _inputs(chosen.inputs))
        sys.stdout.write(_text(found, chosen.to).rstrip("\n") + "\n")
    except EngineError as error:
        raise UsageError(f"{chosen.file}: {error.detail} {error.hint}") from None
    return 0


def _text(found: Any, form: str) -> str:
    if form == "source":
        return str(found.source)
    if form == "json":
        return orjson.dumps(found.request()).decode()
    from app.notebook import show

    shown = show(found)
    return shown.html if form == "html" else shown.svg


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {reason_of(error)}") from None


def _inputs(name: str | None) -> dict[str, Any]:
    import numpy as np

    if name is None:
        return {}
    try:
        with np.load(name) as known:
            return dict(known)
    except (OSError, ValueError) as error:
        raise UsageError(f"{name} is no .npz file: {reason_of(error)}") from None
