"""POST graph, evaluate: one program, one answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import Body, EvaluatorDep
from app.operations import Job
from app.reference import described
from app.replies import reply

__all__ = ["router"]

router = APIRouter(tags=["graph"])


@router.post("/graph", **described("graph"))
async def graph(body: Body, evaluator: EvaluatorDep) -> Response:
    """Read a program: its nodes, edges, shapes, formulas and cost. Nothing is evaluated."""
    return reply(await evaluator.start(Job("graph", body)))


@router.post("/evaluate", **described("evaluate"))
async def evaluate(body: Body, evaluator: EvaluatorDep) -> Response:
    """Evaluate a program: the value of every node, and the gradient (or P) of every one reached."""
    return reply(await evaluator.start(Job("evaluate", body)))
