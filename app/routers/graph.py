"""POST graph, evaluate: one program, one answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import Prepared
from app.encode import encode, evaluation_record, graph_record
from app.reference import described

__all__ = ["router"]

router = APIRouter(tags=["graph"])


@router.post("/graph", **described("graph"))
async def graph(program: Prepared) -> Response:
    """Read a program: its nodes, edges, shapes, formulas and cost. Nothing is evaluated."""
    return Response(encode(graph_record(program)), media_type="application/json")


@router.post("/evaluate", **described("evaluate"))
def evaluate(program: Prepared) -> Response:
    """Evaluate a program: the value of every node, and the gradient (or P) of every one reached."""
    return Response(encode(evaluation_record(program.evaluate())), media_type="application/json")
