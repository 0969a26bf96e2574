"""The OpenAPI document: bodies, media types, headers, problems, and answers that are real.

Bodies are read by our own dependency (see deps.py), so FastAPI cannot know them. The examples are
computed by the engine when the document is first asked for: they cannot grow stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_args

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

import engine
from app.errors import RequestError, problem_of
from app.lessons import lessons
from app.operations import BINARY, JSON, Job, perform
from app.schemas import AutogradRequest, CheckRequest, DraftRequest, GraphRequest, WindowRequest
from app.settings import Settings
from app.snippets import CASES, LANGUAGES, STREAMS, Case, label, snippet
from app.wire.encode import JacobianRecord, encode, example_records, op_records
from app.wire.framing import FRAMINGS
from app.wire.record_schemas import like
from app.wire.wire_schemas import COMPONENTS, ref
from engine import autograd, events

__all__ = ["Described", "complete", "described", "event_rows", "type_name"]

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Described:
    """One endpoint. request: the class of its body, None for GET. answer: the component that it
    answers; many: whether a list of it."""

    request: type[BaseModel] | None
    answer: str
    many: bool = False


ENDPOINTS = {
    "graph": Described(DraftRequest, "GraphAnswer"),
    "evaluate": Described(GraphRequest, "EvaluateAnswer"),
    "trace": Described(GraphRequest, "TraceEvent", many=True),
    "autograd": Described(AutogradRequest, "AutogradEvent", many=True),
    "window": Described(WindowRequest, "WindowAnswer"),
    "check": Described(CheckRequest, "CheckAnswer"),
    "examples": Described(None, "Example", many=True),
    "example": Described(None, "Example"),
    "lessons": Described(None, "Lesson", many=True),
    "ops": Described(None, "Op", many=True),
    "op": Described(None, "Op"),
}

_UNIONS: dict[str, Any] = {"trace": events.Event, "autograd": autograd.Event}

_DEFAULTS = Settings.model_validate({})

_SHOWN = 2
"""How many entries of a long list an example shows."""

_PROBLEMS = {
    400: RequestError(400, "request.json"),
    404: RequestError(404, "request.path"),
    406: RequestError(406, "request.accept", choices=JSON),
    413: RequestError(413, "request.size", allowed=_DEFAULTS.body_bytes),
    415: RequestError(415, "request.media"),
    429: RequestError(429, "client.rate", allowed=6000, seconds=2),
    503: RequestError(503, "server.busy", seconds=2),
}
_REASONS = {
    400: "The body is not JSON or nested too deeply, or a header cannot be read or is there twice.",
    404: "There is nothing of this name.",
    406: "None of the accepted media types can be produced.",
    413: "The body is too large.",
    415: "The body is not declared as JSON, or is compressed.",
    422: "The program cannot be read, its shapes do not fit, or a limit is exceeded.",
    429: "This client sends too much; `Retry-After` says when to come back.",
    503: "The server has too much to do; `Retry-After` says when to come back.",
}
_HEADERS = {
    "ETag": "Names the answer by its content. A GET with it in `If-None-Match` answers 304; for "
    "POST it only tells whether two answers are the same, as RFC 9110 has no 304 there.",
    "Vary": "The request headers that the answer depends on.",
    "X-Request-Id": "Names the request in the server's log.",
    "RateLimit": "What is left of the quota: `r` requests, until it is renewed in `t` seconds.",
    "RateLimit-Policy": "The quota: `q` requests in `w` seconds.",
}
_TENSOR_HEADERS = {
    "X-Tensor-Shape": "Of the entries sent, sizes with commas between; empty for a scalar.",
    "X-Tensor-Dtype": "`float64` or `float32`; little-endian, row-major.",
}
_RESUME = (
    "The `id` of the last event that the client has: the same body then answers the events after "
    "it, byte for byte; 204 where none is left."
)


def described(name: str) -> dict[str, Any]:
    """The arguments that tell FastAPI's route decorator about one endpoint."""
    assert name in ENDPOINTS
    return {"operation_id": name}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Finish the document that FastAPI made: it knows the paths, the names and the texts."""
    document["servers"] = [{"url": "/"}]
    document["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
    document["components"] = {"schemas": _schemas()}
    for operations in document["paths"].values():
        for operation in operations.values():
            _finish(operation, ENDPOINTS[operation["operationId"]])
    return document


def _schemas() -> dict[str, Schema]:
    kinds = {endpoint.request for endpoint in ENDPOINTS.values() if endpoint.request}
    pairs = [(kind, "validation") for kind in sorted(kinds, key=lambda kind: kind.__name__)]
    template = "#/components/schemas/{model}"
    _, made = models_json_schema(pairs, ref_template=template)  # type: ignore[arg-type]
    records = {
        "Example": like(orjson.loads(encode(example_records()))),
        "Lesson": like(orjson.loads(encode(lessons()))),
        "Op": like(orjson.loads(encode(op_records()))),
    }
    return dict(sorted({**COMPONENTS, **records, **made["$defs"]}.items()))


def _finish(operation: dict[str, Any], endpoint: Described) -> None:
    name = operation["operationId"]
    cases = [case for case in CASES if case.operation == name]
    parameters = list(operation.get("parameters", ()))
    if endpoint.request is not None:
        body = {"schema": ref(endpoint.request.__name__), "example": cases[0].body}
        operation["requestBody"] = {"required": True, "content": {JSON: body}}
    else:
        parameters.append(_header("If-None-Match", "Entity tags that the client has."))
    if name in STREAMS:
        parameters.append(_header("Last-Event-ID", _RESUME, {"type": "integer", "minimum": 0}))
    if parameters:
        operation["parameters"] = parameters
    operation["responses"] = _responses(name, endpoint, cases)
    operation["x-codeSamples"] = [
        {"lang": name, "label": label(case, language), "source": snippet(case, language)}
        for case in cases
        for language, name in LANGUAGES.items()
    ]


def _header(name: str, meaning: str, schema: Schema | None = None) -> dict[str, Any]:
    schema = schema or {"type": "string"}
    return {"name": name, "in": "header", "required": False, "description": meaning} | {
        "schema": schema
    }


def _responses(name: str, endpoint: Described, cases: list[Case]) -> dict[str, Any]:
    told = {key: text for key, text in _HEADERS.items() if key != "ETag" or name not in STREAMS}
    told |= _TENSOR_HEADERS if name == "window" else {}
    headers = {
        key: {"description": text, "schema": {"type": "string"}} for key, text in told.items()
    }
    found: dict[str, Any] = {
        "200": {
            "description": "Success",
            "headers": headers,
            "content": _content(name, endpoint, cases),
        }
    }
    codes = [400, 406, 413, 415, 422, 429, 503]
    if endpoint.request is None:
        found["304"] = {"description": "The client has this answer already."}
        codes = [404, 406, 429] if name in ("example", "op") else [406, 429]
    elif name in STREAMS:
        found["204"] = {"description": "The client has the whole stream already."}
    return found | {str(code): _problem(code) for code in codes}


def _problem(code: int) -> dict[str, Any]:
    example = problem_of(_PROBLEMS[code]) if code in _PROBLEMS else _failure()
    content = {"schema": ref("Problem"), "example": example}
    found: dict[str, Any] = {
        "description": _REASONS[code],
        "content": {"application/problem+json": content},
    }
    if code in (429, 503):
        schema = {"type": "integer"}
        found["headers"] = {"Retry-After": {"description": "Seconds.", "schema": schema}}
    return found


def _content(name: str, endpoint: Described, cases: list[Case]) -> dict[str, Any]:
    schema: Schema = ref(endpoint.answer)
    if endpoint.many:
        schema = {"type": "array", "items": schema}
    if name in STREAMS:
        return {media: _events(media, schema, cases[0]) for media in FRAMINGS}
    content = {JSON: {"schema": schema, "example": _answer(cases[0])}}
    if name == "window":
        content[BINARY] = {"schema": {"type": "string", "format": "binary"}}
    return content


def _answer(case: Case) -> Any:
    """What the call answers."""
    if case.body is not None:
        job = Job(case.operation, orjson.dumps(case.body))
        return orjson.loads(perform(job, _DEFAULTS).first())
    kind = case.operation.removesuffix("s")
    sources: dict[str, Callable[[], Sequence[dict[str, Any]]]]
    sources = {"example": example_records, "lesson": lessons, "op": op_records}
    records = list(sources[kind]())
    if case.operation != kind:
        return orjson.loads(encode(records[:_SHOWN]))
    wanted = case.path.rpartition("/")[2]
    return orjson.loads(encode(next(each for each in records if each["name"] == wanted)))


def _events(media: str, schema: Schema, case: Case) -> dict[str, Any]:
    assert case.body is not None
    answer = perform(Job(case.operation, orjson.dumps(case.body), media), _DEFAULTS)
    text = answer.first()
    while not answer.done:
        text += answer.following()
    text = re.sub(rb'"seconds":[^,}]+', b'"seconds":0.0004', text)  # the same in every process
    if media == JSON:
        return {"schema": schema, "example": orjson.loads(text)}
    lines = {"type": "string", "contentMediaType": media, "contentSchema": schema["items"]}
    return {"schema": lines, "example": text.decode()}


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
    if field.get("type") == "array":
        return f"[{type_name(field.get('items', {}))}]"
    return str(field.get("type") or field.get("$ref", "any").rpartition("/")[2])


def event_rows(operation: str) -> list[dict[str, Any]]:
    """Every kind of event of one of STREAMS, its fields and meaning, from the classes."""
    rows = []
    for kind in get_args(_UNIONS[operation]):
        wired = JacobianRecord if kind is events.JacobianEvent else kind
        known = {field.name: field for field in fields(wired)}
        names = [name for name in known if name not in ("kind", "seq")]
        meaning = " ".join((kind.__doc__ or "").split())
        rows.append({"kind": known["kind"].default, "fields": names, "meaning": meaning})
    return rows
