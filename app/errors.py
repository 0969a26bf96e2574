"""What goes wrong becomes one small RFC 9457 problem; nothing a client sent is echoed.

The engine's errors bring their own sentences; `app/messages.py` has those of the web side. Nothing
here knows the web, so that workers can use it; `app/problems.py` answers with it.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import orjson

from app.messages import MESSAGES, TITLES
from engine import EngineError

__all__ = ["MESSAGES", "SHORT", "Problem", "Refused", "RequestError", "field_error", "problem_of"]

Problem = dict[str, Any]

SHORT = 80
"""Longest piece of anything from outside that a problem may carry: a field's name, a path."""

MOST_ERRORS, MOST_BYTES = 8, 7_500
"""Errors that one problem tells of, and how long it may be."""


class RequestError(Exception):
    """A problem of the web side: a status, a code of `MESSAGES` and its parameters."""

    def __init__(self, status: int, code: str, **params: str | int | float) -> None:
        self.status = status
        self.code = code
        self.params = params
        super().__init__(code)


class Refused(Exception):
    """A problem that was made elsewhere, by a worker."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.code: str = problem["code"]
        super().__init__(self.code)


def problem_of(error: BaseException) -> Problem:
    """The problem that stands for any exception; an unforeseen one says nothing of its inside."""
    if isinstance(error, EngineError):
        return _of_engine(error)
    if isinstance(error, RequestError):
        return _problem(error.status, error.code, error.params)
    if isinstance(error, Refused):
        return error.problem
    return _problem(500, "server.error", {})


def _of_engine(error: EngineError) -> Problem:
    """The first error that was found, and a list of all where there are several."""
    problem = _one(error)
    others: tuple[EngineError, ...] = getattr(error, "others", ())
    if others:
        found = [_one(each) for each in (error, *others)[:MOST_ERRORS]]
        while len(orjson.dumps([problem, found])) > MOST_BYTES:
            found.pop()
        if len(found) > 1:
            problem["errors"] = found
    return problem


def _one(error: EngineError) -> Problem:
    problem: Problem = {
        "type": f"/problems/{error.code}",
        "title": TITLES[422],
        "status": 422,
        "detail": error.detail,
        "code": error.code,
        "params": {name: _portable(value) for name, value in error.params.items()},
        "hint": error.hint,
    }
    if error.span is not None:
        problem["span"] = dataclasses.asdict(error.span)
    return problem


def _portable(value: str | int | float) -> str | int | float:
    """A whole number too large for a reader's float travels as text, as JSON cannot hold it."""
    return str(value) if isinstance(value, int) and abs(value) >= 2**53 else value


def _problem(status: int, code: str, params: dict[str, str | int | float]) -> Problem:
    message = MESSAGES[code]
    return {
        "type": f"/problems/{code}",
        "title": TITLES.get(status, "The request cannot be answered"),
        "status": status,
        "detail": message["detail"].format(**params),
        "code": code,
        "params": params,
        "hint": message["hint"].format(**params),
    }


def field_error(errors: list[Any]) -> RequestError:
    """The first thing Pydantic found wrong, named by a JSON pointer, without the value itself."""
    first = errors[0]
    path = [str(part) for part in first.get("loc", ()) if part != "body"]
    pointer = "/" + "/".join(path) if path else "/"
    reason = str(first.get("msg", "")).rstrip(".")
    return RequestError(422, "request.field", field=pointer[:SHORT], reason=reason[: 2 * SHORT])
