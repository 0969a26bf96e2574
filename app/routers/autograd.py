"""POST autograd: a PyTorch snippet, statement by statement, as a stream of events."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.deps import Direct, as_events, begin
from app.reference import described
from app.wire.replies import reply

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["autograd"], route_class=Direct)


@router.post("/autograd", **described("autograd"))
async def autograd(request: Request) -> Response:
    """Run a PyTorch snippet and tell every statement; the last event is `ended`, or `failed`."""
    return reply(await begin(request, "autograd", as_events))
