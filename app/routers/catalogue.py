"""GET examples, lessons, ops: the registries as data, whole or one entry by name."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import AsJson
from app.errors import RequestError
from app.lessons import lessons as all_lessons
from app.reference import described
from app.wire.encode import encode, example_records, op_records

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["catalogue"])


@router.get("/examples", **described("examples"))
async def examples(media: AsJson) -> Response:
    """The named programs that the pages offer, in the order of the tutorial."""
    return Response(encode(example_records()), media_type=media)


@router.get("/examples/{name}", **described("example"))
async def example(name: str, media: AsJson) -> Response:
    """One of the named programs."""
    return Response(encode(_named(example_records(), name)), media_type=media)


@router.get("/lessons", **described("lessons"))
async def lessons(media: AsJson) -> Response:
    """The lessons of /autograd: a snippet, a question with choices, an explanation."""
    return Response(encode(all_lessons()), media_type=media)


@router.get("/ops", **described("ops"))
async def ops(media: AsJson) -> Response:
    """Every op of the language: its arguments, how it is written and what it means."""
    return Response(encode(op_records()), media_type=media)


@router.get("/ops/{name}", **described("op"))
async def op(name: str, media: AsJson) -> Response:
    """One op of the language, by its name or another name it answers to."""
    return Response(encode(_named(op_records(), name)), media_type=media)


def _named(records: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for record in records:
        if name == record["name"] or name in record.get("aliases", ()):
            return record
    raise RequestError(404, "request.path")
