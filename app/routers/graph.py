"""POST graph, evaluate, window, check: one program, one answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import AsJson, AsTensor, Body, EvaluatorDep
from app.operations import Job
from app.reference import described
from app.replies import reply

__all__ = ["router"]

router = APIRouter(tags=["graph"])


@router.post("/graph", **described("graph"))
async def graph(media: AsJson, body: Body, evaluator: EvaluatorDep) -> Response:
    """Read a program: its nodes, edges, shapes, formulas and cost. Nothing is evaluated."""
    return reply(await evaluator.start(Job("graph", body, media)))


@router.post("/evaluate", **described("evaluate"))
async def evaluate(media: AsJson, body: Body, evaluator: EvaluatorDep) -> Response:
    """Evaluate a program: the value of every node, and the gradient (or P) of every one reached."""
    return reply(await evaluator.start(Job("evaluate", body, media)))


@router.post("/window", **described("window"))
async def window(media: AsTensor, body: Body, evaluator: EvaluatorDep) -> Response:
    """Entries of a value, P, a tangent or a local Jacobian, by ranges; as JSON or bytes."""
    return reply(await evaluator.start(Job("window", body, media)))


@router.post("/check", **described("check"))
async def check(media: AsJson, body: Body, evaluator: EvaluatorDep) -> Response:
    """Compare P with finite differences: the largest error of each node, and where it is."""
    return reply(await evaluator.start(Job("check", body, media)))
