"""GET examples, ops: the registries as data."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.encode import encode, example_records, op_records
from app.reference import described

__all__ = ["router"]

router = APIRouter(tags=["catalogue"])


@router.get("/examples", **described("examples"))
async def examples() -> Response:
    """The named programs that the pages offer, in the order of the tutorial."""
    return Response(encode(example_records()), media_type="application/json")


@router.get("/ops", **described("ops"))
async def ops() -> Response:
    """Every op of the language: its arguments, how it is written and what it means."""
    return Response(encode(op_records()), media_type="application/json")
