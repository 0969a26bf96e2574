"""Bodies to programs: JSON, depth, fields, limits. Runs in any process; nothing is echoed."""

from __future__ import annotations

from hashlib import blake2b
from threading import Lock
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

import engine
from app.bulk import check_bulk
from app.errors import RequestError, field_error
from app.schemas import GraphRequest
from app.settings import Settings
from engine.errors import LimitError
from engine.prepare import with_inputs

__all__ = ["is_deeper_than", "limits_of", "part_of", "prepared", "program_of", "read_request"]

DEEPEST = 32
Key = tuple[bytes, engine.Limits]
_SHORT_BODY = 1024
_KEPT, _KEPT_NODES, _KEPT_BYTES = 128, 10_000, 2**24
_KEEPING = Lock()


class _Programs(dict[Key, engine.Program]):
    """The programs kept, the one asked for longest ago first: as many as have so many nodes, of
    some 9 kB each, but at least one. Each is named by what was asked for but for values of leaves,
    a short one by the whole body as well.

    nodes: of all of them, as to count them takes longer than to find one.
    """

    nodes = 0

    def keep(self, key: Key, program: engine.Program) -> None:
        """Make a program the one asked for last."""
        known = self.pop(key, None)
        self[key] = program
        self.nodes += len(program.run.fine) - (0 if known is None else len(known.run.fine))
        while (self.nodes > _KEPT_NODES or len(self) > _KEPT) and len(self) > 1:
            self.nodes -= len(self.pop(next(iter(self))).run.fine)


_RECENT = _Programs()

Request = TypeVar("Request", bound=BaseModel)


def program_of(body: bytes, settings: Settings) -> engine.Program:
    """The program in a body, parsed and checked against every limit; nothing is evaluated yet.

    The ones asked for last are kept, as a page asks for the graph, the values and the steps of the
    same program, and then for other values. A program does not change; every run of it has its own
    state.
    """
    limits = limits_of(settings)
    whole = (body, limits)
    found = _RECENT.get(whole)
    if found is None:
        request = read_request(body, GraphRequest, settings.nodes)
        alike = (_alike(request), limits)
        known = _RECENT.get(alike)
        if known is not None:
            found = with_inputs(known, request.inputs or {})
        found = found or prepared(request, settings)
        _keep(alike, found)
    if len(body) <= _SHORT_BODY:
        _keep(whole, found)
    return found


def _alike(request: GraphRequest) -> bytes:
    """What of a request is not values of leaves, as a short name."""
    content = request.model_dump(exclude={"inputs"})
    return blake2b(orjson.dumps(content), digest_size=16).digest()


def _keep(key: Key, program: engine.Program) -> None:
    if program.run.bytes <= _KEPT_BYTES:
        with _KEEPING:
            _RECENT.keep(key, program)


def part_of(
    request: GraphRequest, settings: Settings
) -> tuple[engine.Program | None, tuple[engine.EngineError, ...]]:
    """As much of a program as can be read, and what is wrong with the rest. Raises LimitError: what
    is too large is not looked at in part; and OptionError where there is no program."""
    fields = _fields(request, settings)
    fields |= {name: tuple(fields[name]) for name in ("open", "differentiate")}
    given = {name: value for name, value in fields.items() if value is not None}
    program, errors = engine.prepare_partial(**given)
    for error in errors:
        if isinstance(error, LimitError) or error.code == "option.source":
            raise error
    return program, errors


def read_request(body: bytes, kind: type[Request], most: int | None = None) -> Request:
    """The request in a body. orjson refuses NaN, bad UTF-8 and lone surrogates by itself. most: how
    many nodes a graph may have."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RequestError(400, "request.json") from None
    if is_deeper_than(content, DEEPEST):
        raise RequestError(400, "request.depth", allowed=DEEPEST)
    check_bulk(content, kind, most)
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
            if child and isinstance(child, list | dict)
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
