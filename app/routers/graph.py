"""POST graph, evaluate: one program, one answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import Prepared, RoomDep
from app.encode import encode, evaluation_record, graph_record
from app.reference import described

__all__ = ["router"]

router = APIRouter(tags=["graph"])


@router.post("/graph", **described("graph"))
async def graph(program: Prepared, room: RoomDep) -> Response:
    """Read a program: its nodes, edges, shapes, formulas and cost. Nothing is evaluated."""
    body = await room.enter(lambda: encode(graph_record(program)))
    return Response(body, media_type="application/json")


@router.post("/evaluate", **described("evaluate"))
async def evaluate(program: Prepared, room: RoomDep) -> Response:
    """Evaluate a program: the value of every node, and the gradient (or P) of every one reached."""
    body = await room.enter(lambda: encode(evaluation_record(program.evaluate())))
    return Response(body, media_type="application/json")
