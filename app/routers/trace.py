"""POST trace: every step of the computation as a stream of events."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import PreparedTrace
from app.reference import described
from app.stream import EventResponse

__all__ = ["router"]

router = APIRouter(tags=["trace"])


@router.post("/trace", **described("trace"))
async def trace(started: PreparedTrace) -> Response:
    """Run a program and tell every step; the last event is `finished`, or `failed`."""
    return EventResponse(started.first, started.chunks, started.framing, started.room)
