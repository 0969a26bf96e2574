"""GET examples, ops: the registries as data."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter
from starlette.responses import Response

import engine
from app.reference import described

__all__ = ["router"]

router = APIRouter(tags=["catalogue"])


@router.get("/examples", **described("examples"))
async def examples() -> Response:
    """The named programs that the pages offer, in the order of the tutorial."""
    return _json([_example(example) for example in engine.EXAMPLES])


@router.get("/ops", **described("ops"))
async def ops() -> Response:
    """Every op of the language: its arguments and what it means."""
    return _json([{"name": op.name, "doc": op.doc} for op in engine.OPS.values()])


def _example(example: engine.Example) -> dict[str, Any]:
    fields = ("name", "chapter", "title", "text", "source", "output")
    return {field: getattr(example, field) for field in fields}


def _json(content: object) -> Response:
    return Response(orjson.dumps(content, default=dict), media_type="application/json")
