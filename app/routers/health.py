"""GET healthz, readyz, metrics: for those who run the server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.errors import RequestError
from app.evaluators import Evaluator
from app.watch.metrics import CONTENT_TYPE, Metrics

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_RETRY_SECONDS = 2


@router.get("/healthz")
async def healthz() -> Response:
    """Whether the process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Whether a job sent now would be begun; not while the server stops."""
    evaluator: Evaluator = request.app.state.evaluator
    stopping = getattr(request.app.state, "stopping", None)
    if stopping is not None and stopping.is_set():
        raise RequestError(503, "server.stopping", seconds=_RETRY_SECONDS)
    if not evaluator.health().get("ready", 1):
        raise RequestError(503, "server.busy", seconds=_RETRY_SECONDS)
    return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The figures of the server, for Prometheus."""
    figures: Metrics = request.app.state.metrics
    return Response(figures.text(), headers={"Content-Type": CONTENT_TYPE})
