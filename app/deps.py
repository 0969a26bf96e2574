"""Everything that may fail before the first byte: after these, a response can only succeed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from app.errors import SHORT, RequestError
from app.evaluators import Evaluator, Started
from app.operations import BINARY, JSON, Job
from app.wire.framing import choose_framing
from app.wire.negotiation import choose

__all__ = ["AsJson", "Direct", "as_events", "as_json", "as_tensor", "begin"]


async def read_body(request: Request) -> bytes:
    """The request's body, refused as soon as it is known to be too large or no JSON."""
    allowed = request.app.state.settings.body_bytes
    headers = request.headers
    media = headers.get("content-type", "").split(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise RequestError(415, "request.media")
    if headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
        raise RequestError(415, "request.encoding")
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > allowed:
        raise RequestError(413, "request.size", allowed=allowed)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > allowed:
            raise RequestError(413, "request.size", allowed=allowed)
    return bytes(body)


def as_json(request: Request) -> str:
    """JSON, if the client takes it."""
    return choose(request.headers.get("accept"), (JSON,))


def as_tensor(request: Request) -> str:
    """JSON, or the bytes of a tensor."""
    return choose(request.headers.get("accept"), (JSON, BINARY))


def as_events(request: Request) -> str:
    """How the client wants its events."""
    return choose_framing(request.headers.get("accept")).media_type


async def json_only(request: Request) -> str:
    """JSON, if the client takes it; for what has no body to read."""
    return as_json(request)


AsJson = Annotated[str, Depends(json_only)]


def last_event(request: Request) -> int:
    """The number of the last event that the client has, or -1. Raises RequestError."""
    told = request.headers.get("last-event-id")
    if told is None:
        return -1
    told = told.strip()
    if not (told.isascii() and told.isdigit() and len(told) < 10):
        raise RequestError(400, "request.resume", given=told[:SHORT])
    return int(told)


class Direct(APIRoute):
    """A route whose endpoint takes the request as it is. FastAPI has nothing to read or to solve
    for it, which would take as much time as a small program does."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint itself."""
        return self.endpoint


async def begin(request: Request, operation: str, media_of: Callable[[Request], str]) -> Started:
    """Begin an operation and return its answer, whose first chunk is made.

    media_of: chooses the media type of the answer. Raises EngineError, RequestError, Refused.
    """
    media = media_of(request)
    after = last_event(request) if media_of is as_events else -1
    job = Job(operation, await read_body(request), media, after)
    evaluator: Evaluator = request.app.state.evaluator
    return await evaluator.start(job)
