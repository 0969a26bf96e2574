"""GET pages: /, /lab, /autograd, /speaker, /ops, /docs; and beside them the message catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.gallery import chapters
from app.guards.security import framed_by
from app.language import LANGUAGES, catalogue, choose_language
from app.op_reference import sections
from app.problems import RequestError
from app.reference import event_rows, type_name
from app.snippets import HOST, STREAMS
from app.templating import render
from engine.backend import devices
from engine.formulas.typeset import symbol

__all__ = ["nowhere", "router"]

router = APIRouter(include_in_schema=False)

_ADDRESS = re.compile(r"https?://[\w.:\[\]-]{1,255}", re.ASCII)
"""What may stand in a command that readers copy: `Host` is any text."""

_YEAR = 365 * 24 * 3600
_THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks for a page. language: to answer in; asked: whether the address says so; theme: a
    choice made on an earlier page, or nothing."""

    language: str
    asked: bool
    theme: str


def reader_of(
    asked: Annotated[str | None, Query(alias="lang")] = None,
    remembered: Annotated[str | None, Cookie(alias="lang")] = None,
    accepted: Annotated[str | None, Header(alias="accept-language")] = None,
    theme: Annotated[str | None, Cookie()] = None,
) -> Reader:
    """What the request says of its reader."""
    language = choose_language(asked, remembered, accepted)
    return Reader(language, asked == language, theme if theme in _THEMES else "")


ReaderDep = Annotated[Reader, Depends(reader_of)]


@router.get("/")
async def gallery(reader: ReaderDep, q: str = "") -> Response:
    """The way in: what this is, and the examples by chapter, or those that a search finds."""
    query = q[:200]
    found = sum(chapter.matches(query) for chapter in chapters())
    return _page("gallery", reader, chapters=chapters(), query=query, found=found)


@router.get("/lab")
async def lab(request: Request, reader: ReaderDep, embed: str = "") -> Response:
    """The laboratory; with `embed=1` also inside the pages of those sites that may."""
    sites = request.app.state.settings.embed_sites
    known = " ".join(await run_in_threadpool(devices))
    response = _page("lab", reader, devices=known, embeddable=bool(sites))
    if embed == "1" and sites:
        response.headers.update(framed_by(sites))
    return response


@router.get("/autograd")
async def autograd(reader: ReaderDep) -> Response:
    """PyTorch snippets, statement by statement, with the lessons."""
    return _page("autograd", reader)


@router.get("/speaker")
async def speaker(reader: ReaderDep) -> Response:
    """The speaker's window of a lecture: what is projected, what comes next, notes and time."""
    return _page("speaker", reader)


@router.get("/ops")
async def ops(reader: ReaderDep, q: str = "") -> Response:
    """The reference of ops, printed from the registry, or what a search finds of it."""
    query, listed = q[:200], await run_in_threadpool(sections, reader.language)
    found = sum(section.matches(query) for section in listed)
    parts = {"sections": listed, "query": query, "found": found, "symbol": symbol}
    return _page("ops", reader, **parts)


@router.get("/docs")
async def docs(request: Request, reader: ReaderDep) -> Response:
    """The API's reference, printed from its OpenAPI description."""
    api = request.app.openapi()
    here = f"{request.url.scheme}://{request.url.netloc}"
    parts = {
        "api": api,
        "type_of": type_name,
        "events": {name: event_rows(name) for name in STREAMS},
    }
    parts |= {"host": HOST, "here": here if _ADDRESS.fullmatch(here) else HOST}
    return _page("docs", reader, **parts)


@router.get("/locale/{language}.json")
async def locale(language: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """One language's catalogue, for the browser."""
    if language not in LANGUAGES:
        raise RequestError(404, "request.path")
    found = catalogue(language)
    headers = {"ETag": f'"{found.digest}"', "Cache-Control": "no-cache"}
    if found.digest in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(found.json, headers=headers, media_type="application/json")


def nowhere(request: Request) -> Response:
    """The page where there is none: it says so, and leads to those that there are."""
    asked, told = request.query_params.get("lang"), request.headers.get("accept-language")
    language = choose_language(asked, request.cookies.get("lang"), told)
    theme = request.cookies.get("theme")
    reader = Reader(language, False, theme if theme in _THEMES else "")
    response = _page("nowhere", reader)
    response.status_code = 404
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def _page(page: str, reader: Reader, **context: object) -> Response:
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language, Cookie"}
    text = render(f"{page}.html", reader.language, page=page, theme=reader.theme, **context)
    response = Response(text, headers=headers, media_type="text/html")
    if reader.asked:
        response.set_cookie("lang", reader.language, max_age=_YEAR, samesite="lax", httponly=True)
    return response
