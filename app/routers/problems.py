"""GET /problems, /problems/{code}: what each problem means, for people. The `type` of a problem is
the address of its page."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.responses import Response

from app.errors import MESSAGES, RequestError
from app.language import catalogue
from app.routers.pages import Reader, ReaderDep
from app.templating import render
from engine import errors

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_CODES = tuple(sorted({*errors.MESSAGES, *MESSAGES}))
_PIECES = re.compile(r"\{\{|\}\}|\{(\w+)\}|(`)")


@router.get("/problems")
async def problems(reader: ReaderDep) -> Response:
    """Every problem, with its sentence."""
    return _page(reader, _CODES)


@router.get("/problems/{code}")
async def problem(code: str, reader: ReaderDep) -> Response:
    """One problem: what it says, what to do, and what it carries."""
    if code not in _CODES:
        raise RequestError(404, "request.path")
    return _page(reader, (code,))


def _page(reader: Reader, codes: tuple[str, ...]) -> Response:
    texts = catalogue(reader.language).texts
    rows = [
        {
            "code": code,
            "detail": pieces(texts.get(f"error.{code}", code)),
            "hint": pieces(texts.get(f"error.{code}.hint", "")),
        }
        for code in codes
    ]
    context = {"page": "problems", "theme": reader.theme, "problems": rows}
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language, Cookie"}
    text = render("problems.html", reader.language, **context)
    return Response(text, headers=headers, media_type="text/html")


def pieces(template: str) -> list[tuple[str, str]]:
    """A message's template as pieces to print: ("text" | "code" | "param", what it says)."""
    found: list[tuple[str, str]] = []
    place, kind = 0, "text"
    for match in _PIECES.finditer(template):
        found.append((kind, template[place : match.start()]))
        place = match.end()
        if match[2]:
            kind = "text" if kind == "code" else "code"
        elif match[1]:
            found.append(("param", match[1]))
        else:
            found.append((kind, match[0][0]))
    found.append((kind, template[place:]))
    return [(kind, text) for kind, text in found if text]
