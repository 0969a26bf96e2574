"""What can go wrong for a client.

ClientError
├── ApiError      the server answered with a problem
├── Unreachable   no answer, or one that is not ours
└── CutStream     a trace ended before its last event, and could not be continued
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ApiError", "ClientError", "CutStream", "Unreachable"]


class ClientError(Exception):
    """Any failure of a call."""


class ApiError(ClientError):
    """A problem, as docs/wire.md has it.

    status: of the answer; code: stable, for programs; detail, hint: sentences; span: `line`,
    `column`, `end_line`, `end_column` in the source, or None; params: the numbers and names in the
    sentences; others: further mistakes of the same program.
    """

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.status = int(problem.get("status", 0))
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail", ""))
        self.hint = str(problem.get("hint", ""))
        self.params: Mapping[str, Any] = problem.get("params", {})
        self.span: Mapping[str, int] | None = problem.get("span")
        self.others = tuple(ApiError(each) for each in problem.get("errors", ())[1:])
        place = f"line {self.span['line']}: " if self.span else ""
        super().__init__(f"{place}{self.detail} {self.hint}".strip())


class Unreachable(ClientError):
    """Nobody answered at the address, or somebody else did."""


class CutStream(ClientError):
    """received: how many events came before the cut."""

    def __init__(self, received: int) -> None:
        self.received = received
        super().__init__(f"the stream was cut after {received} events")
