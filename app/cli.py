"""The command line: backprop-lab serve | trace | ops."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["main"]

# One thread for BLAS: our matrices are small, and requests run beside each other.
# It is read when NumPy loads, so it stands before any import of ours.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    chosen = _parser().parse_args(arguments)
    status: int = chosen.run(chosen)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backprop-lab", description="Backprop Lab")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="start the app and print its address")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000, help="0 takes any free one")
    serve.add_argument("--reload", action="store_true", help="start anew when a source changes")
    serve.add_argument("--workers", type=int, default=1, help="web processes behind the one port")
    serve.set_defaults(run=_serve)
    trace = commands.add_parser("trace", help="print the trace of a program, one event a line")
    trace.add_argument("file", help="a program's file, or - for standard input")
    trace.add_argument("--output", help="the node to differentiate; default: the last computed")
    trace.add_argument("--granularity", default="statement", choices=["statement", "op"])
    trace.set_defaults(run=_trace)
    ops = commands.add_parser("ops", help="list the ops of the language")
    ops.set_defaults(run=_ops)
    return parser


def _serve(chosen: argparse.Namespace) -> int:
    from app.server import serve

    return serve(chosen)


def _trace(chosen: argparse.Namespace) -> int:
    import engine
    from app.encode import encode

    try:
        text = sys.stdin.read() if chosen.file == "-" else Path(chosen.file).read_text("utf-8")
        program = engine.prepare(source=text, output=chosen.output, granularity=chosen.granularity)
    except engine.EngineError as error:
        place = f"{error.span.line}:{error.span.column}: " if error.span else ""
        print(f"{chosen.file}:{place} {error.detail} {error.hint}", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"backprop-lab: {chosen.file} cannot be read: {error}", file=sys.stderr)
        return 1
    for event in program.events():
        sys.stdout.write(encode(event).decode() + "\n")
    return 0


def _ops(_: argparse.Namespace) -> int:
    import engine

    for op in engine.OPS.values():
        print(f"{op.usage:24} {op.doc.splitlines()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
