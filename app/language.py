"""One message catalogue for templates, browser and errors, in each language.

A catalogue is a flat map from key to text with `{parameters}`, in the files of app/locale whose
names end in the language. The English of errors is written
beside the errors themselves and merged in as `error.CODE` and `error.CODE.hint`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from app.problems import MESSAGES
from app.reference import event_rows
from app.schemas import AutogradRequest, CheckRequest, DraftRequest, WindowRequest
from app.snippets import STREAMS
from engine import errors

__all__ = ["LANGUAGES", "Catalogue", "catalogue", "choose_language"]

LANGUAGES = {"en": "English", "zh-CN": "简体中文"}
_FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language, as a map and as the JSON that the browser reads."""

    language: str
    texts: Mapping[str, str]
    json: bytes
    digest: str

    def text(self, key: str, **params: object) -> str:
        """The text of `key` with its parameters; a key that is missing shows itself."""
        template = self.texts.get(key, key)
        return template.format(**params) if params else template


def catalogue(language: str) -> Catalogue:
    """The catalogue of one of LANGUAGES; a file that changed is read again."""
    parts = sorted(_FOLDER.glob(f"*{language}.json"))
    return _read(language, tuple((part, part.stat().st_mtime_ns) for part in parts))


@cache
def _read(language: str, parts: tuple[tuple[Path, int], ...]) -> Catalogue:
    texts = {**_english_errors(), **_english_reference()} if language == "en" else {}
    for part, _changed in parts:
        texts |= orjson.loads(part.read_bytes())
    body = orjson.dumps(texts, option=orjson.OPT_SORT_KEYS)
    return Catalogue(language, texts, body, hashlib.sha256(body).hexdigest()[:16])


def _english_errors() -> dict[str, str]:
    texts: dict[str, str] = {}
    for code, message in {**errors.MESSAGES, **MESSAGES}.items():
        texts[f"error.{code}"] = message["detail"]
        texts[f"error.{code}.hint"] = message["hint"]
    return texts


def _english_reference() -> dict[str, str]:
    """What the code itself says of the fields of a request and of the events."""
    fields = {
        f"docs.field.{name}": field.description or ""
        for request in (DraftRequest, WindowRequest, CheckRequest, AutogradRequest)
        for name, field in request.model_fields.items()
    }
    rows = [row for name in STREAMS for row in event_rows(name)]
    return fields | {f"docs.event.{row['kind']}": row["meaning"] for row in rows}


def choose_language(asked: str | None, remembered: str | None, accepted: str | None) -> str:
    """The language of a page: the address's choice, then the cookie's, then the browser's."""
    for choice in (asked, remembered):
        if choice in LANGUAGES:
            return choice
    for entry in _by_quality(accepted or ""):
        if entry.startswith("zh"):
            return "zh-CN"
        if entry.startswith("en"):
            return "en"
    return "en"


def _by_quality(accepted: str) -> list[str]:
    wishes = []
    for position, entry in enumerate(accepted.lower().split(",")[:20]):
        name, _, quality = entry.partition(";q=")
        try:
            wishes.append((-float(quality or 1), position, name.strip()))
        except ValueError:
            continue
    return [name for _, _, name in sorted(wishes)]
