"""POST trace: every step of the computation as a stream of events."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import Accepted, Body, EvaluatorDep, LastEvent
from app.operations import Job
from app.reference import described
from app.replies import reply

__all__ = ["router"]

router = APIRouter(tags=["trace"])


@router.post("/trace", **described("trace"))
async def trace(
    framing: Accepted, after: LastEvent, body: Body, evaluator: EvaluatorDep
) -> Response:
    """Run a program and tell every step; the last event is `finished`, or `failed`."""
    return reply(await evaluator.start(Job("trace", body, framing.media_type, after)))
