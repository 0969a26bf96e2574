"""GET pages: /, /lab, /docs; and beside them the message catalogue and /healthz."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Header, Query, Request
from starlette.responses import RedirectResponse, Response

from app.language import LANGUAGES, catalogue, choose_language
from app.problems import RequestError
from app.reference import event_rows, type_name
from app.templating import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Asked = Annotated[str | None, Query(alias="lang")]
Remembered = Annotated[str | None, Cookie(alias="lang")]
Accepted = Annotated[str | None, Header(alias="accept-language")]

_YEAR = 365 * 24 * 3600


@router.get("/")
async def home(request: Request) -> Response:
    """The way in; for now the laboratory itself."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/lab{query}", status_code=307)


@router.get("/lab")
async def lab(
    asked: Asked = None, remembered: Remembered = None, accepted: Accepted = None
) -> Response:
    """The laboratory."""
    return _page("lab.html", asked, choose_language(asked, remembered, accepted))


@router.get("/docs")
async def docs(
    request: Request, asked: Asked = None, remembered: Remembered = None, accepted: Accepted = None
) -> Response:
    """The API's reference, printed from its OpenAPI description."""
    language = choose_language(asked, remembered, accepted)
    api = request.app.openapi()
    parts = {"api": api, "type_of": type_name, "events": event_rows()}
    return _page("docs.html", asked, language, **parts)


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


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Whether the server answers."""
    return {"status": "ok"}


def _page(template: str, asked: str | None, language: str, **context: object) -> Response:
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language, Cookie"}
    response = Response(
        render(template, language, **context), headers=headers, media_type="text/html"
    )
    if asked == language:
        response.set_cookie("lang", language, max_age=_YEAR, samesite="lax", httponly=True)
    return response
