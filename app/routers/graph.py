"""POST graph, evaluate, window, check: one program, one answer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.deps import Direct, as_json, as_tensor, begin
from app.reference import described
from app.wire.replies import reply

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["graph"], route_class=Direct)


@router.post("/graph", **described("graph"))
async def graph(request: Request) -> Response:
    """Read a program: its nodes, edges, shapes, formulas and cost. Nothing is evaluated."""
    return reply(await begin(request, "graph", as_json))


@router.post("/evaluate", **described("evaluate"))
async def evaluate(request: Request) -> Response:
    """Evaluate a program: the value of every node, and the gradient (or P) of every one reached."""
    return reply(await begin(request, "evaluate", as_json))


@router.post("/window", **described("window"))
async def window(request: Request) -> Response:
    """Entries of a value, P, a tangent or a local Jacobian, by ranges; as JSON or bytes."""
    return reply(await begin(request, "window", as_tensor))


@router.post("/check", **described("check"))
async def check(request: Request) -> Response:
    """Compare P with finite differences: the largest error of each node, and where it is."""
    return reply(await begin(request, "check", as_json))
