"""Bodies to programs: JSON, depth, fields, limits. Runs in any process; nothing is echoed."""

from __future__ import annotations

from threading import Lock
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

import engine
from app.errors import RequestError, field_error
from app.schemas import GraphRequest
from app.settings import Settings
from engine.errors import LimitError

__all__ = ["is_deeper_than", "limits_of", "part_of", "prepared", "program_of", "read_request"]

DEEPEST = 32
_KEPT, _KEPT_BODY, _KEPT_NODES = 64, 1024, 32
_RECENT: dict[tuple[bytes, engine.Limits], engine.Program] = {}
"""The programs kept, the one asked for longest ago first: at most 120 kB each."""
_KEEPING = Lock()

Request = TypeVar("Request", bound=BaseModel)


def program_of(body: bytes, settings: Settings) -> engine.Program:
    """The program in a body, parsed and checked against every limit; nothing is evaluated yet.

    The small ones asked for last are kept, as a page asks for the graph, the values and the steps
    of the same program. A program does not change; every run of it has its own state.
    """
    if len(body) > _KEPT_BODY:
        return prepared(read_request(body, GraphRequest), settings)
    key = (body, limits_of(settings))
    program = _RECENT.get(key) or prepared(read_request(body, GraphRequest), settings)
    if len(program.run.fine) <= _KEPT_NODES:
        _keep(key, program)
    return program


def _keep(key: tuple[bytes, engine.Limits], program: engine.Program) -> None:
    with _KEEPING:
        _RECENT.pop(key, None)
        _RECENT[key] = program
        if len(_RECENT) > _KEPT:
            del _RECENT[next(iter(_RECENT))]


def part_of(
    request: GraphRequest, settings: Settings
) -> tuple[engine.Program | None, tuple[engine.EngineError, ...]]:
    """As much of a program as can be read, and what is wrong with the rest. Raises LimitError: what
    is too large is not looked at in part."""
    fields = _fields(request, settings)
    fields |= {name: tuple(fields[name]) for name in ("open", "differentiate")}
    given = {name: value for name, value in fields.items() if value is not None}
    program, errors = engine.prepare_partial(**given)
    for error in errors:
        if isinstance(error, LimitError):
            raise error
    return program, errors


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
    return engine.prepare(**_fields(request, settings))


def _fields(request: GraphRequest, settings: Settings) -> dict[str, Any]:
    """A request as the engine takes it. Raises LimitError."""
    form = request.form()
    texts = [request.source or "", *(block.text for block in (form.blocks if form else ()))]
    size = sum(len(text.encode()) for text in texts)
    if size > settings.source_bytes:
        allowed = settings.source_bytes
        raise LimitError(
            "limit.exceeded", asked=size, unit="bytes", limit="source", allowed=allowed
        )
    fields = {name: getattr(request, name) for name in GraphRequest.model_fields}
    if form is not None:
        fields["graph"] = form.model_dump()
    return {**fields, "limits": limits_of(settings)}


def limits_of(settings: Settings) -> engine.Limits:
    """The engine's part of the settings."""
    return engine.Limits(
        nodes=settings.nodes,
        rows=settings.rows,
        entries=settings.tensor_entries,
        flops=settings.flops,
        bytes=settings.memory_bytes,
    )
