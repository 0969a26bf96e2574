"""Everything that goes wrong becomes one small RFC 9457 problem; nothing a client sent is echoed.

The engine's errors bring their own sentences; `app/messages.py` has those of the web side.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.messages import MESSAGES, TITLES
from engine import EngineError

__all__ = ["MESSAGES", "Problem", "RequestError", "add_handlers", "answer", "problem_of"]

Problem = dict[str, Any]

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("app")
_SHORT = 80
"""Longest piece of anything from outside that a problem may carry: a field's name, a path."""


class RequestError(Exception):
    """A problem of the web side: a status, a code of `MESSAGES` and its parameters."""

    def __init__(self, status: int, code: str, **params: str | int | float) -> None:
        self.status = status
        self.code = code
        self.params = params
        super().__init__(code)


def problem_of(error: BaseException) -> Problem:
    """The problem that stands for any exception; an unforeseen one says nothing of its inside."""
    if isinstance(error, EngineError):
        return _of_engine(error)
    if isinstance(error, RequestError):
        return _problem(error.status, error.code, error.params)
    return _problem(500, "server.error", {})


def _of_engine(error: EngineError) -> Problem:
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


def answer(error: BaseException, headers: dict[str, str] | None = None) -> Response:
    """The whole response that stands for any exception, with a time to come back if it has one."""
    problem = problem_of(error)
    given = {**(headers or {}), "Cache-Control": "no-store"}
    if problem["status"] in (429, 503) and "seconds" in problem["params"]:
        given["Retry-After"] = str(problem["params"]["seconds"])
    return Response(orjson.dumps(problem, default=str), problem["status"], given, MEDIA_TYPE)


async def _on_known(_: Request, error: Exception) -> Response:
    return answer(error)


async def _on_gone(_: Request, __: Exception) -> Response:
    """The client left before its request was whole: nobody reads this answer, only the log."""
    return Response(status_code=499)


async def _on_invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(field_error(list(error.errors())))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 404:
        known = RequestError(404, "request.path")
    elif error.status_code == 405:
        allowed = headers.get("Allow", headers.get("allow", "other methods"))
        known = RequestError(405, "request.method", method=request.method[:_SHORT], allowed=allowed)
    else:
        reason = str(error.detail)[:_SHORT]
        known = RequestError(error.status_code, "request.refused", reason=reason)
    return answer(known, headers)


async def _on_unforeseen(request: Request, error: Exception) -> Response:
    _LOG.error("unforeseen error at %s", request.url.path, exc_info=error)
    return answer(error)


def field_error(errors: list[Any]) -> RequestError:
    """The first thing Pydantic found wrong, named by a JSON pointer, without the value itself."""
    first = errors[0]
    path = [str(part) for part in first.get("loc", ()) if part != "body"]
    pointer = "/" + "/".join(path) if path else "/"
    reason = str(first.get("msg", "")).rstrip(".")
    return RequestError(422, "request.field", field=pointer[:_SHORT], reason=reason[: 2 * _SHORT])


def add_handlers(app: FastAPI) -> None:
    """Answer every error of `app` with a problem."""
    app.add_exception_handler(EngineError, _on_known)
    app.add_exception_handler(RequestError, _on_known)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unforeseen)
