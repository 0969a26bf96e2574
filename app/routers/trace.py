"""POST trace: every step of the computation as a stream of events."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.deps import Direct, as_events, begin
from app.reference import described
from app.wire.replies import reply

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["trace"], route_class=Direct)


@router.post("/trace", **described("trace"))
async def trace(request: Request) -> Response:
    """Run a program and tell every step; the last event is `finished`, or `failed`."""
    return reply(await begin(request, "trace", as_events))
