"""Everything that may fail before the first byte: after these, a response can only succeed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from app.errors import SHORT, RequestError
from app.evaluators import Evaluator
from app.framing import Framing, choose_framing
from app.negotiation import choose
from app.operations import BINARY, JSON
from app.settings import Settings

__all__ = [
    "Accepted",
    "AsJson",
    "AsTensor",
    "Body",
    "EvaluatorDep",
    "LastEvent",
    "SettingsDep",
]


async def current_settings(request: Request) -> Settings:
    """The settings that this app was created with."""
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(current_settings)]


async def read_body(request: Request) -> bytes:
    """The request's body, refused as soon as it is known to be too large or no JSON."""
    allowed = request.app.state.settings.body_bytes
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise RequestError(415, "request.media")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > allowed:
        raise RequestError(413, "request.size", allowed=allowed)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > allowed:
            raise RequestError(413, "request.size", allowed=allowed)
    return bytes(body)


Body = Annotated[bytes, Depends(read_body)]


async def current_evaluator(request: Request) -> Evaluator:
    """Where this app's engine works."""
    evaluator: Evaluator = request.app.state.evaluator
    return evaluator


EvaluatorDep = Annotated[Evaluator, Depends(current_evaluator)]


async def framing_of(request: Request) -> Framing:
    """How the client wants its events."""
    return choose_framing(request.headers.get("accept"))


Accepted = Annotated[Framing, Depends(framing_of)]


async def json_only(request: Request) -> str:
    """JSON, if the client takes it."""
    return choose(request.headers.get("accept"), (JSON,))


async def json_or_bytes(request: Request) -> str:
    """JSON, or the bytes of a tensor."""
    return choose(request.headers.get("accept"), (JSON, BINARY))


AsJson = Annotated[str, Depends(json_only)]
AsTensor = Annotated[str, Depends(json_or_bytes)]


async def last_event(request: Request) -> int:
    """The number of the last event that the client has, or -1. Raises RequestError."""
    told = request.headers.get("last-event-id", "").strip()
    if not told:
        return -1
    if not (told.isascii() and told.isdigit() and len(told) < 10):
        raise RequestError(400, "request.resume", given=told[:SHORT])
    return int(told)


LastEvent = Annotated[int, Depends(last_event)]
