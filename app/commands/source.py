"""Where a command's program comes from, and who works on it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from app.client.errors import ApiError
from app.commands.terminal import reason_of

__all__ = ["Lab", "ProgramError", "UsageError", "add_program", "add_server", "lab_of", "read"]


class UsageError(Exception):
    """The command cannot be carried out as it was given; the text says why."""


class ProgramError(Exception):
    """A program is wrong. name, source: of the program, to point into it."""

    def __init__(self, error: ApiError, name: str, source: str) -> None:
        self.error = error
        self.name = name
        self.source = source
        super().__init__(str(error))


class Lab(Protocol):
    """Who works: `app.client.Client`, or the engine here."""

    def graph(self, program: str, **fields: Any) -> dict[str, Any]: ...

    def trace(self, program: str, **fields: Any) -> Iterator[dict[str, Any]]: ...

    def check(self, program: str, **fields: Any) -> dict[str, Any]: ...

    def ops(self) -> list[dict[str, Any]]: ...

    def op(self, name: str) -> dict[str, Any]: ...

    def examples(self) -> list[dict[str, Any]]: ...

    def example(self, name: str) -> dict[str, Any]: ...

    def close(self) -> None: ...


def add_server(parser: argparse.ArgumentParser) -> None:
    """The option that names a server."""
    parser.add_argument("--server", metavar="URL", help="let this server work; default: here")


def add_program(parser: argparse.ArgumentParser) -> None:
    """The arguments that name a program and how it is run."""
    parser.add_argument("file", help="a program's file, or - for standard input")
    parser.add_argument("--output", help="the node to differentiate; default: the last computed")
    parser.add_argument("--granularity", default="statement", choices=["statement", "op"])
    parser.add_argument("--dtype", default="float64", choices=["float64", "float32"])
    parser.add_argument("--device", default="cpu", help="cpu or cuda:N")
    add_server(parser)


def fields_of(chosen: argparse.Namespace) -> Mapping[str, Any]:
    """The fields of a request that `add_program` gave."""
    names = ("output", "granularity", "dtype", "device")
    return {name: getattr(chosen, name) for name in names if getattr(chosen, name) is not None}


def read(name: str) -> str:
    """A program's source. Raises UsageError."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {reason_of(error)}") from None


def lab_of(chosen: argparse.Namespace) -> Lab:
    """The server that `--server` names, or the engine here. Raises UsageError."""
    if chosen.server is not None:
        from app.client import Client

        if not chosen.server.startswith(("http://", "https://")):
            raise UsageError(f"{chosen.server} is no address: it begins with http:// or https://")
        return Client(chosen.server)
    from app.commands.local import Local
    from app.settings import Settings, SettingsError

    try:
        return Local(Settings.from_environment())
    except SettingsError as error:
        raise UsageError(str(error)) from None
