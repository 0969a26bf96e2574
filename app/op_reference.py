"""The reference of ops as its page shows it: in sections, in the reader's language, with a link
that opens the laboratory on an example of each."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from app.language import LANGUAGES, catalogue
from engine import OPS
from engine.catalogue import OpRecord
from engine.catalogue import catalogue as records

__all__ = ["Entry", "Section", "sections", "translations"]

_FOLDER = Path(__file__).parent / "locale" / "ops"

_SECTIONS: Mapping[str, Sequence[str]] = {
    "arithmetic": ("arithmetic", "elementary"),
    "functions": ("trigonometric", "error_function", "gamma"),
    "activation": ("activation", "rectifier", "softmax"),
    "linear": ("linear", "affine", "linalg", "einstein", "diagonals"),
    "reduction": ("reduction", "statistics", "median", "extremum", "scan"),
    "shape": ("shape", "order", "copies", "sorting"),
    "indexing": ("indexing", "gathering"),
    "logic": ("logic",),
    "convolution": ("convolution", "pooling"),
    "normalization": ("normalization", "batch_norm"),
    "loss": ("loss", "classification"),
    "block": ("block",),
}
"""Sections of the page and the registry's categories in each; the last takes what is in none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One op. doc: in the reader's language where there is a translation, else in English, which
    `lang` says. kinds: what each keyword may be, by its words in the registry. kink: whether there
    are points where it has no derivative; address: of the laboratory with the example in it;
    found_by: the words a search finds it by."""

    op: OpRecord
    doc: str
    lang: str
    kinds: Mapping[str, str]
    kink: bool
    address: str
    found_by: str

    def matches(self, query: str) -> bool:
        """Whether every word of the query is in the entry."""
        return all(word in self.found_by for word in query.lower().split())


@dataclass(frozen=True, slots=True)
class Section:
    """Ops that are looked for together."""

    name: str
    entries: Sequence[Entry]

    def matches(self, query: str) -> int:
        """How many of the entries a query finds."""
        return sum(entry.matches(query) for entry in self.entries)


@cache
def sections(language: str) -> tuple[Section, ...]:
    """Every op and block, in the sections of the page."""
    of = {category: name for name, group in _SECTIONS.items() for category in group}
    entries: dict[str, list[Entry]] = {name: [] for name in _SECTIONS}
    for op in records():
        name = of.get(op.category, "block")
        entries[name].append(_entry(op, name, language))
    return tuple(Section(name, group) for name, group in entries.items() if group)


@cache
def translations(language: str, of: str = "") -> Mapping[str, str]:
    """What ops do, by name, in a language other than that of the registry; of "kinds.", what a
    keyword may be."""
    path = _FOLDER / f"{of}{language}.json"
    texts: dict[str, str] = orjson.loads(path.read_bytes()) if path.exists() else {}
    return texts


def _entry(op: OpRecord, section: str, language: str) -> Entry:
    doc = translations(language).get(op.name)
    source = urlsafe_b64encode(op.example.encode()).decode().rstrip("=")
    titles = [catalogue(one).text(f"ops.section.{section}") for one in LANGUAGES]
    words = [op.name, *op.aliases, op.usage, op.category, op.doc, doc or "", *titles]
    kink = op.name in OPS and OPS[op.name].kink is not None
    lang = language if doc else "en"
    kinds = translations(language, "kinds.")
    address = f"/lab?output=out#source={source}"
    return Entry(op, doc or op.doc, lang, kinds, kink, address, " ".join(words).lower())
