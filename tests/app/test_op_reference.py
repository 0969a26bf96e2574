"""The page of ops has every op, in both languages, and each can be tried."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from html import unescape

import pytest
from starlette.testclient import TestClient

import engine
from app.language import LANGUAGES, catalogue
from app.op_reference import sections, translations
from engine.catalogue import catalogue as records

NAMES = [record.name for record in records()]


def shown(page: str) -> list[str]:
    """The ops that a page shows before any script has run."""
    entries = re.findall(r'<article class="op" id="(\w+)"([^>]*)>', page)
    return [name for name, attributes in entries if not attributes.endswith(" hidden")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_op_is_there_once(client: TestClient, language: str) -> None:
    page = client.get("/ops", params={"lang": language}).text
    assert sorted(shown(page)) == sorted(NAMES)
    for record in records():
        assert record.usage in unescape(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_has_a_title(language: str) -> None:
    texts = catalogue(language).texts
    assert [s.name for s in sections(language) if f"ops.section.{s.name}" not in texts] == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_op_is_explained_in_the_other_language(language: str) -> None:
    assert set(translations(language)) == set(NAMES)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_kind_of_keyword_is_told_in_the_other_language(language: str) -> None:
    kinds = {attribute.kind for record in records() for attribute in record.attributes}
    assert kinds - set(translations(language, "kinds.")) == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_translation_keeps_what_is_code(name: str) -> None:
    """Names of keywords and ops stand between backticks, in every language alike."""
    doc = next(record.doc for record in records() if record.name == name)
    for language in LANGUAGES:
        told = translations(language).get(name, doc)
        assert sorted(re.findall("`[^`]+`", told)) == sorted(re.findall("`[^`]+`", doc))


def test_each_op_is_tried_with_a_program_that_runs() -> None:
    for section in sections("en"):
        for entry in section.entries:
            encoded = entry.address.partition("source=")[2]
            source = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
            assert source == entry.op.example
            assert engine.prepare(source=source, output="out").graph_event.output == "out"


def test_a_kink_is_told(client: TestClient) -> None:
    page = client.get("/ops").text
    articles = dict(re.findall(r'<article class="op" id="(\w+)"(.*?)</article>', page, re.DOTALL))
    assert "kinked" in articles["relu"]
    assert "kinked" not in articles["tanh"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("mm stacks", "matmul"),
        ("双曲正切", "tanh"),
        ("largest WINDOW", "max_pool2d"),
        ("损失", "nll_loss"),
    ],
)
def test_a_search_finds_by_alias_and_by_words(client: TestClient, query: str, name: str) -> None:
    found = shown(client.get("/ops", params={"q": query, "lang": "zh-CN"}).text)
    assert name in found
    assert "cholesky" not in found
