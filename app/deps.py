"""Everything that may fail before the first byte: after these, a response can only succeed.

The slow parts (JSON, parsing, shapes) run in one hop to a thread and never stop the event loop.
A hop takes as long as an empty reply, so a program of a few lines is read where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Request
from pydantic import ValidationError

import engine
from app.engine_room import EngineRoom
from app.problems import RequestError, field_error
from app.schemas import GraphRequest
from app.settings import Settings
from app.stream import Chunks, Framing, choose_framing
from engine.errors import LimitError

__all__ = ["Body", "Prepared", "PreparedTrace", "RoomDep", "SettingsDep", "StartedTrace"]

DEEPEST = 32
SHORT_BODY = 512
Result = TypeVar("Result")


async def current_settings(request: Request) -> Settings:
    """The settings that this app was created with."""
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(current_settings)]


async def read_body(request: Request, settings: SettingsDep) -> bytes:
    """The request's body, refused as soon as it is known to be too large or no JSON."""
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise RequestError(415, "request.media")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > settings.body_bytes:
        raise RequestError(413, "request.size", allowed=settings.body_bytes)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > settings.body_bytes:
            raise RequestError(413, "request.size", allowed=settings.body_bytes)
    return bytes(body)


Body = Annotated[bytes, Depends(read_body)]


def read_request(body: bytes) -> GraphRequest:
    """The request in a body. orjson refuses NaN, bad UTF-8 and lone surrogates by itself."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RequestError(400, "request.json") from None
    if is_deeper_than(content, DEEPEST):
        raise RequestError(400, "request.depth", allowed=DEEPEST)
    try:
        return GraphRequest.model_validate(content)
    except ValidationError as error:
        raise field_error(error.errors(include_input=False, include_url=False)) from None


def is_deeper_than(content: Any, limit: int) -> bool:
    """Whether lists and objects are nested more than `limit` levels; without recursion."""
    level = [content] if isinstance(content, list | dict) else []
    for _ in range(limit):
        if not level:
            return False
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, list | dict)
        ]
    return bool(level)


async def current_room(request: Request) -> EngineRoom:
    """Where this app's engine works."""
    room: EngineRoom = request.app.state.engine_room
    return room


RoomDep = Annotated[EngineRoom, Depends(current_room)]


async def read_in(room: EngineRoom, body: bytes, work: Callable[[], Result]) -> Result:
    """Do work whose length grows with the body: in the engine room, unless the body is short."""
    return work() if len(body) <= SHORT_BODY else await room.enter(work)


def program_of(body: bytes, settings: Settings) -> engine.Program:
    """The program, parsed and checked against every limit; nothing is evaluated yet."""
    request = read_request(body)
    size = len((request.source or "").encode())
    if size > settings.source_bytes:
        allowed = settings.source_bytes
        raise LimitError(
            "limit.exceeded", asked=size, unit="bytes", limit="source", allowed=allowed
        )
    fields = {name: getattr(request, name) for name in GraphRequest.model_fields}
    if request.graph is not None:
        fields["graph"] = [node.model_dump() for node in request.nodes()]
    return engine.prepare(**fields, limits=limits_of(settings))


async def prepare(body: Body, settings: SettingsDep, room: RoomDep) -> engine.Program:
    """The program in a request."""
    return await read_in(room, body, lambda: program_of(body, settings))


Prepared = Annotated[engine.Program, Depends(prepare)]


def limits_of(settings: Settings) -> engine.Limits:
    """The engine's part of the settings."""
    return engine.Limits(
        nodes=settings.nodes,
        rows=settings.rows,
        entries=settings.tensor_entries,
        flops=settings.flops,
        bytes=settings.memory_bytes,
    )


async def framing_of(request: Request) -> Framing:
    """How the client wants its events."""
    return choose_framing(request.headers.get("accept"))


@dataclass(frozen=True, slots=True)
class StartedTrace:
    """A trace whose first event is written and can be sent without waiting."""

    first: bytes
    chunks: Chunks
    framing: Framing
    room: EngineRoom


async def start_trace(
    framing: Annotated[Framing, Depends(framing_of)],
    body: Body,
    settings: SettingsDep,
    room: RoomDep,
) -> StartedTrace:
    """Prepare the program and write its first event, all in one hop."""

    def start() -> StartedTrace:
        chunks = Chunks(program_of(body, settings).events(), framing, settings)
        return StartedTrace(chunks.first(), chunks, framing, room)

    return await read_in(room, body, start)


PreparedTrace = Annotated[StartedTrace, Depends(start_trace)]
