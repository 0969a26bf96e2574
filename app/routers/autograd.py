"""POST autograd: a PyTorch snippet, statement by statement, as a stream of events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import as_events, begun
from app.evaluators import Started
from app.reference import described
from app.wire.replies import reply

__all__ = ["router"]

router = APIRouter(tags=["autograd"])


@router.post("/autograd", **described("autograd"))
async def autograd(started: Annotated[Started, begun("autograd", as_events)]) -> Response:
    """Run a PyTorch snippet and tell every statement; the last event is `ended`, or `failed`."""
    return reply(started)
