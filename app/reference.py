"""What OpenAPI says of each endpoint beyond its signature: bodies, media types, real answers.

Bodies are read by our own dependency (see deps.py), so FastAPI cannot know them. The examples are
computed by the engine when the description is first asked for: they cannot grow stale.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

import orjson

import engine
from app.encode import (
    JacobianRecord,
    encode,
    evaluation_record,
    example_records,
    graph_record,
    op_records,
)
from app.errors import problem_of
from app.framing import FRAMINGS
from app.schemas import EXAMPLE, GraphRequest
from engine import events

__all__ = ["complete", "described", "event_rows", "type_name"]

WITH_BODY = ("graph", "evaluate", "trace")

_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "params", "hint"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "params": {"type": "object"},
        "hint": {"type": "string"},
        "span": {
            "type": "object",
            "properties": {
                name: {"type": "integer", "minimum": 1}
                for name in ("line", "column", "end_line", "end_column")
            },
        },
    },
}

_REASONS = {
    "400": "The body is not JSON, or nested too deeply.",
    "406": "None of the accepted media types can be produced.",
    "413": "The body is too large.",
    "415": "The body is not declared as JSON.",
    "422": "The program cannot be read, its shapes do not fit, or a limit is exceeded.",
}


def described(name: str) -> dict[str, Any]:
    """The arguments that tell FastAPI's route decorator about one endpoint."""
    extra: dict[str, Any] = {}
    codes = ["400", "413", "415", "422"] if name in WITH_BODY else []
    if name in WITH_BODY:
        content = {"schema": GraphRequest.model_json_schema(), "example": EXAMPLE}
        extra["requestBody"] = {"required": True, "content": {"application/json": content}}
    if name == "trace":
        codes.insert(1, "406")
    problems = {code: _problem(_REASONS[code]) for code in codes}
    return {"operation_id": name, "openapi_extra": extra, "responses": problems}


def _problem(reason: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _PROBLEM_SCHEMA}}
    return {"description": reason, "content": content}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Put real answers into an OpenAPI document; the worked example gives them."""
    paths = document["paths"]
    program = engine.prepare(source=EXAMPLE["source"], output=EXAMPLE["output"])
    answers = {
        "graph": graph_record(program),
        "evaluate": evaluation_record(program.evaluate()),
        "examples": example_records(),
        "ops": op_records(),
    }
    for name, answer in answers.items():
        schema = {"type": "array" if isinstance(answer, list) else "object"}
        media = {"application/json": {"schema": schema, "example": orjson.loads(encode(answer))}}
        (operation,) = paths[f"/api/v1/{name}"].values()
        operation["responses"]["200"]["content"] = media
    paths["/api/v1/trace"]["post"]["responses"]["200"]["content"] = _trace_media(program)
    for name in WITH_BODY:
        example = paths[f"/api/v1/{name}"]["post"]["responses"]["422"]
        example["content"]["application/problem+json"]["example"] = _failure()
    return document


def _trace_media(program: engine.Program) -> dict[str, Any]:
    payloads = [(event.seq, encode(event)) for event in program.events()]
    return {
        name: {
            "schema": {"type": "array" if name == "application/json" else "string"},
            "example": b"".join(framing.frame(*payload) for payload in payloads).decode()
            + framing.end.decode(),
        }
        for name, framing in FRAMINGS.items()
    }


def _failure() -> dict[str, Any]:
    try:
        engine.prepare(source="u3 = u1 +")
    except engine.EngineError as error:
        return problem_of(error)
    raise AssertionError("an unfinished statement was accepted")


def type_name(field: dict[str, Any]) -> str:
    """A field's JSON schema in a few words, for the printed reference."""
    options = field.get("anyOf") or field.get("oneOf")
    if "title" in field and options and field["title"] == "Tensor":
        return "tensor"
    if options:
        return " | ".join(dict.fromkeys(type_name(option) for option in options))
    if "enum" in field:
        return " | ".join(f'"{value}"' for value in field["enum"])
    if "additionalProperties" in field:
        return "{name: tensor}"
    return str(field.get("type") or field.get("$ref", "any").rpartition("/")[2])


def event_rows() -> list[dict[str, Any]]:
    """Every kind of event, its fields and its meaning, from the classes themselves."""
    rows = []
    for kind in get_args(events.Event):
        wired = JacobianRecord if kind is events.JacobianEvent else kind
        known = {field.name: field for field in fields(wired)}
        names = [name for name in known if name not in ("kind", "seq")]
        meaning = " ".join((kind.__doc__ or "").split())
        rows.append({"kind": known["kind"].default, "fields": names, "meaning": meaning})
    return rows
