"""Pages from templates: what every template may call."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.language import LANGUAGES, catalogue
from app.problems import RequestError

__all__ = ["STATIC", "render"]

STATIC = Path(__file__).parent / "static"
_MANIFEST = STATIC / "dist" / "manifest.json"

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # keys in the wire's order


def render(template: str, language: str, **context: Any) -> str:
    """A page in one language.

    Templates have `t(key)`, `asset(name)`, `lang`, `languages` and `catalogue_url`.
    """
    texts = catalogue(language)
    return _templates.get_template(template).render(
        t=texts.text,
        asset=asset,
        lang=language,
        languages=LANGUAGES,
        catalogue_url=f"/locale/{language}.json?v={texts.digest}",
        **context,
    )


def asset(name: str) -> str:
    """The address of a built file by its plain name: `main.js` → /static/dist/main-3F2A….js."""
    try:
        changed = _MANIFEST.stat().st_mtime_ns
    except FileNotFoundError:
        raise RequestError(503, "pages.missing") from None
    return f"/static/dist/{_manifest(changed)[name]}"


@cache
def _manifest(_changed: int) -> dict[str, str]:
    """Read again only when the bundle was built anew, so that a running server follows."""
    names: dict[str, str] = json.loads(_MANIFEST.read_text())
    return names
