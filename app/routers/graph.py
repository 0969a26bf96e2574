"""POST graph, evaluate, window, check: one program, one answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from app.deps import as_json, as_tensor, begun
from app.evaluators import Started
from app.reference import described
from app.wire.replies import reply

__all__ = ["router"]

router = APIRouter(tags=["graph"])


@router.post("/graph", **described("graph"))
async def graph(started: Annotated[Started, begun("graph", as_json)]) -> Response:
    """Read a program: its nodes, edges, shapes, formulas and cost. Nothing is evaluated."""
    return reply(started)


@router.post("/evaluate", **described("evaluate"))
async def evaluate(started: Annotated[Started, begun("evaluate", as_json)]) -> Response:
    """Evaluate a program: the value of every node, and the gradient (or P) of every one reached."""
    return reply(started)


@router.post("/window", **described("window"))
async def window(started: Annotated[Started, begun("window", as_tensor)]) -> Response:
    """Entries of a value, P, a tangent or a local Jacobian, by ranges; as JSON or bytes."""
    return reply(started)


@router.post("/check", **described("check"))
async def check(started: Annotated[Started, begun("check", as_json)]) -> Response:
    """Compare P with finite differences: the largest error of each node, and where it is."""
    return reply(started)
