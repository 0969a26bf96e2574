"""The laboratory as one page that needs no server: code, styles, fonts, texts and events inside."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from app.language import LANGUAGES, catalogue
from app.operations import Job, perform
from app.settings import Settings
from app.templating import STATIC, asset, render
from app.wire.encode import encode, example_records

__all__ = ["address", "answer", "built", "page"]

_NOWHERE = "https://notebook.invalid"
_IN_QUERY = ("output", "dtype")


def built(name: str) -> str:
    """The text of a built file. Raises RequestError where the pages are not built."""
    return (STATIC / asset(name).removeprefix("/static/")).read_text("utf-8")


def answer(
    operation: str, body: bytes, settings: Settings, media: str = "application/json"
) -> bytes:
    """All of what a server would answer. Raises EngineError, RequestError."""
    found = perform(Job(operation, body, media), settings)
    chunks = [found.first()]
    while not found.done:
        chunks.append(found.following())
    return b"".join(chunks)


def page(request: Mapping[str, Any], language: str, settings: Settings) -> str:
    """Return the laboratory at a program, as HTML. request: `source`, and perhaps `output`,
    `gradient` and `dtype`. Raises EngineError."""
    body = orjson.dumps({key: value for key, value in request.items() if value is not None})
    trace = answer("trace", body, settings, "application/jsonl")
    carried = {
        "address": address(request, _NOWHERE, lang=language, embed="1", hide="header"),
        "source": request["source"],
        "graph": orjson.loads(answer("graph", body, settings)),
        "trace": trace.decode(),
        "catalogues": {each: orjson.loads(catalogue(each).json) for each in LANGUAGES},
        "examples": orjson.loads(encode(example_records())),
    }
    html = render("lab.html", language, page="lab", theme="", devices="cpu", embeddable=True)
    return _inlined(html, orjson.dumps(carried).decode().replace("<", r"\u003c"))


def address(request: Mapping[str, Any], server: str, **look: str) -> str:
    """Return the address of a program in the laboratory of a server. look: more of its fields."""
    query = {key: request[key] for key in _IN_QUERY if request.get(key)}
    asked = urlencode({**query, **look})
    fragment = {"source": _packed(request["source"].encode())}
    if request.get("gradient") is not None:
        fragment["gradient"] = _packed(orjson.dumps(request["gradient"]))
    return f"{server.rstrip('/')}/lab?{asked}#{urlencode(fragment)}"


def _packed(text: bytes) -> str:
    return urlsafe_b64encode(text).decode().rstrip("=")


def _escaped(text: str) -> str:
    """Code as it may stand inside `<script>`."""
    return text.replace("</", r"<\/").replace("<!--", r"<\!--")


def _inlined(html: str, carried: str) -> str:
    """Put into the page what it would load."""
    html = re.sub(r"\s*<(link|script)\b[^>]*>(</script>)?", "", html)
    worker = b64encode(built("layout.js").encode()).decode()
    html = re.sub(
        r'data-worker="[^"]*"', f'data-worker="data:text/javascript;base64,{worker}"', html
    )
    html = re.sub(r'data-later="[^"]*"', 'data-later="data:text/css,"', html)
    head = (
        f"<style>{built('notebook-style.css')}</style>"
        f'<script type="application/json" id="lab-carried">{carried}</script>'
    )
    code = f'<script type="module">{_escaped(built("notebook-page.js"))}</script>'
    before, _, after = html.partition("</head>")
    body, _, end = after.rpartition("</body>")
    return f"{before}{head}</head>{body}{code}</body>{end}"
