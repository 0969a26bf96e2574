"""Everything that goes wrong becomes one small RFC 9457 problem; nothing a client sent is echoed.

The engine's errors bring their own sentences; `MESSAGES` has those of the web side in that form.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from engine import EngineError

__all__ = ["MESSAGES", "Problem", "RequestError", "add_handlers", "problem_of"]

Problem = dict[str, Any]

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("app")
_SHORT = 80
"""Longest piece of anything from outside that a problem may carry: a field's name, a path."""

MESSAGES: dict[str, dict[str, str]] = {
    "request.json": {
        "detail": "The request body is not valid JSON.",
        "hint": "Send one JSON object in UTF-8; NaN and Infinity are not JSON numbers.",
    },
    "request.depth": {
        "detail": "The request body is nested more than {allowed} levels deep.",
        "hint": "Send flatter lists.",
    },
    "request.size": {
        "detail": "The request body is larger than {allowed} bytes.",
        "hint": "Make it smaller, or raise the limit on your own server.",
    },
    "request.media": {
        "detail": "The request body is not declared as JSON.",
        "hint": "Send the header `Content-Type: application/json`.",
    },
    "request.field": {
        "detail": "The field `{field}` cannot be used: {reason}.",
        "hint": "The fields and their types are listed at /docs.",
    },
    "request.accept": {
        "detail": "None of the media types in `Accept` can be produced.",
        "hint": "Accept one of: {choices}.",
    },
    "request.path": {
        "detail": "There is nothing at this address.",
        "hint": "The addresses are listed at /docs.",
    },
    "request.method": {
        "detail": "This address does not answer to {method}.",
        "hint": "It answers to: {allowed}.",
    },
    "request.refused": {
        "detail": "The request cannot be answered: {reason}.",
        "hint": "The addresses and their fields are listed at /docs.",
    },
    "pages.missing": {
        "detail": "The pages of this server are not built.",
        "hint": "Run `make serve`, which builds them.",
    },
    "limit.seconds": {
        "detail": "The computation took longer than {allowed} seconds and was stopped.",
        "hint": "Make the tensors or the graph smaller, or raise the limit on your own server.",
    },
    "server.busy": {
        "detail": "The server has too much to do at the moment.",
        "hint": "Try again in {seconds} seconds.",
    },
    "server.error": {
        "detail": "The server failed while it worked on this request.",
        "hint": "This is a fault of ours, not of the request; the server's log has the details.",
    },
}

_TITLES = {
    400: "The request cannot be read",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    413: "The request is too large",
    415: "Not JSON",
    422: "The request cannot be carried out",
    500: "Server error",
    503: "Not now",
}


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
        "title": _TITLES[422],
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
        "title": _TITLES.get(status, "The request cannot be answered"),
        "status": status,
        "detail": message["detail"].format(**params),
        "code": code,
        "params": params,
        "hint": message["hint"].format(**params),
    }


def _answer(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    body = orjson.dumps(problem, default=str)
    return Response(
        body, problem["status"], {**(headers or {}), "Cache-Control": "no-store"}, MEDIA_TYPE
    )


async def _on_known(_: Request, error: Exception) -> Response:
    headers = None
    if isinstance(error, RequestError) and error.code == "server.busy":
        headers = {"Retry-After": str(error.params["seconds"])}
    return _answer(problem_of(error), headers)


async def _on_invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _answer(problem_of(field_error(list(error.errors()))))


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
    return _answer(problem_of(known), headers)


async def _on_unforeseen(request: Request, error: Exception) -> Response:
    _LOG.error("unforeseen error at %s", request.url.path, exc_info=error)
    return _answer(problem_of(error))


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
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unforeseen)
