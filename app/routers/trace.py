"""POST trace: every step of the computation as a stream of events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import as_events, begun
from app.evaluators import Started
from app.reference import described
from app.wire.replies import reply

__all__ = ["router"]

router = APIRouter(tags=["trace"])


@router.post("/trace", **described("trace"))
async def trace(started: Annotated[Started, begun("trace", as_events)]) -> Response:
    """Run a program and tell every step; the last event is `finished`, or `failed`."""
    return reply(started)
