"""The command line: backprop-lab serve | trace | check | export | import | ops | examples.

Exit status: 0 well; 1 the program is wrong; 2 the command is wrong; 3 a gradient is off; 4 the
server cannot be reached, or refuses; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]

# One thread for BLAS: our matrices are small, and requests run beside each other.
# It is read when NumPy loads, so it stands before any import of ours.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

WRONG_PROGRAM, WRONG_USAGE, NO_SERVER, INTERRUPTED = 1, 2, 4, 130
_REFUSED = (401, 403, 429)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(chosen: argparse.Namespace) -> int:
    """Run one command, and tell what went wrong."""
    from app.client.errors import ApiError, ClientError
    from app.commands.source import ProgramError, UsageError
    from app.commands.terminal import clean, tell

    try:
        status: int = chosen.run(chosen)
        return status
    except ProgramError as failure:
        tell(failure.error, failure.name, failure.source)
        refused = failure.error.status in _REFUSED or failure.error.status >= 500
        return NO_SERVER if refused else WRONG_PROGRAM
    except UsageError as error:
        print(f"backprop-lab: {clean(str(error))}", file=sys.stderr)
        return WRONG_USAGE
    except (ApiError, ClientError) as error:
        print(f"backprop-lab: {clean(str(error))}", file=sys.stderr)
        return NO_SERVER


def _parser() -> argparse.ArgumentParser:
    from app.commands import catalogue, check, export, importing, trace

    parser = argparse.ArgumentParser(
        prog="backprop-lab",
        description="Backprop Lab: computation graphs and their gradients, step by step.",
        epilog="Exit status: 0 well; 1 the program is wrong; 2 the command is wrong; 3 a gradient "
        "is off; 4 the server cannot be reached, or refuses; 130 interrupted.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="start the app and print its address")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000, help="0 takes any free one")
    serve.add_argument("--reload", action="store_true", help="start anew when a source changes")
    serve.add_argument("--workers", type=int, default=1, help="web processes behind the one port")
    serve.set_defaults(run=_serve)
    for command in (trace, check, export, importing, catalogue):
        command.add(commands)
    return parser


def _serve(chosen: argparse.Namespace) -> int:
    from app.server import serve

    return serve(chosen)


if __name__ == "__main__":
    sys.exit(main())
