"""Everything that goes wrong is answered with its problem (`app/errors.py`)."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.errors import MESSAGES, SHORT, Problem, Refused, RequestError, field_error, problem_of
from engine import EngineError

__all__ = ["MESSAGES", "Problem", "RequestError", "add_handlers", "answer", "problem_of"]

MEDIA_TYPE = "application/problem+json"

Page = Callable[[Request], Response]


def answer(error: BaseException, headers: dict[str, str] | None = None) -> Response:
    """The whole response that stands for any exception, with a time to come back if it has one."""
    problem = problem_of(error)
    given = {**(headers or {}), "Cache-Control": "no-store"}
    if problem["status"] in (429, 503) and "seconds" in problem["params"]:
        given["Retry-After"] = str(problem["params"]["seconds"])
    if problem["code"] == "request.encoding":
        given["Accept-Encoding"] = "identity"
    return Response(orjson.dumps(problem, default=str), problem["status"], given, MEDIA_TYPE)


def _told(request: Request, error: RequestError, headers: dict[str, str] | None = None) -> Response:
    """A problem; or a page, where a person looks for one that is not there."""
    page: Page | None = getattr(request.app.state, "nowhere", None)
    wanted = "text/html" in request.headers.get("accept", "")
    elsewhere = request.url.path.startswith(("/api/", "/static/"))
    if page and error.code == "request.path" and wanted and not elsewhere:
        return page(request)
    return answer(error, headers)


async def _on_known(_: Request, error: Exception) -> Response:
    return answer(error)


async def _on_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    return _told(request, error)


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
        known = RequestError(405, "request.method", method=request.method[:SHORT], allowed=allowed)
    else:
        reason = str(error.detail)[:SHORT]
        known = RequestError(error.status_code, "request.refused", reason=reason)
    return _told(request, known, headers)


async def _on_unforeseen(_: Request, error: Exception) -> Response:
    """The error goes on from here, to where it is logged (`app.watch.observe`)."""
    return answer(error)


def add_handlers(app: FastAPI, nowhere: Page | None = None) -> None:
    """Answer every error of `app` with a problem, a page that is not there with `nowhere`."""
    app.state.nowhere = nowhere
    app.add_exception_handler(EngineError, _on_known)
    app.add_exception_handler(RequestError, _on_request)
    app.add_exception_handler(Refused, _on_known)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unforeseen)
