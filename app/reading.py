"""Bodies to programs: JSON, depth, fields, limits. Runs in any process; nothing is echoed."""

from __future__ import annotations

from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

import engine
from app.errors import RequestError, field_error
from app.schemas import GraphRequest
from app.settings import Settings
from engine.errors import LimitError

__all__ = ["is_deeper_than", "limits_of", "prepared", "program_of", "read_request"]

DEEPEST = 32
Request = TypeVar("Request", bound=BaseModel)


def program_of(body: bytes, settings: Settings) -> engine.Program:
    """The program in a body, parsed and checked against every limit; nothing is evaluated yet."""
    return prepared(read_request(body, GraphRequest), settings)


def read_request(body: bytes, kind: type[Request]) -> Request:
    """The request in a body. orjson refuses NaN, bad UTF-8 and lone surrogates by itself."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RequestError(400, "request.json") from None
    if is_deeper_than(content, DEEPEST):
        raise RequestError(400, "request.depth", allowed=DEEPEST)
    try:
        return kind.model_validate(content)
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


def prepared(request: GraphRequest, settings: Settings) -> engine.Program:
    """The program that a request means. Raises EngineError."""
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


def limits_of(settings: Settings) -> engine.Limits:
    """The engine's part of the settings."""
    return engine.Limits(
        nodes=settings.nodes,
        rows=settings.rows,
        entries=settings.tensor_entries,
        flops=settings.flops,
        bytes=settings.memory_bytes,
    )
