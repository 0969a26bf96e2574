"""The gallery has every example, in its chapter, and finds them by the words of both languages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.gallery import chapters
from app.language import LANGUAGES, catalogue
from engine import EXAMPLES


def shown(page: str) -> list[str]:
    """The examples that a page shows before any script has run."""
    entries = re.findall(r'<li class="entry"([^>]*)>.*?/lab\?example=([\w-]+)"', page, re.DOTALL)
    return [name for attributes, name in entries if not attributes.endswith(" hidden")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_there_with_its_text(client: TestClient, language: str) -> None:
    page = unescape(client.get("/", params={"lang": language}).text)
    assert sorted(shown(page)) == sorted(example.name for example in EXAMPLES)
    for example in EXAMPLES:
        assert example.title[language] in page
        assert example.text[language] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_has_a_title_and_a_sentence(language: str) -> None:
    texts = catalogue(language).texts
    for chapter in chapters():
        assert f"chapter.{chapter.name}" in texts
        assert f"chapter.{chapter.name}.text" in texts


def test_chapters_keep_the_order_of_the_examples() -> None:
    listed = [card.example.name for chapter in chapters() for card in chapter.cards]
    order = [example.name for example in EXAMPLES]
    for chapter in chapters():
        places = [order.index(card.example.name) for card in chapter.cards]
        assert places == sorted(places)
    assert len(listed) == len(set(listed)) == len(order)


@pytest.mark.parametrize("query", ["sigmoid", "SIGMOID", "两层 sigmoid", "kronecker w1"])
def test_a_search_finds_by_title_text_source_and_op(client: TestClient, query: str) -> None:
    found = shown(client.get("/", params={"q": query}).text)
    assert "two-layer-network" in found
    assert "worked-example" not in found


def test_a_search_that_finds_nothing_says_so(client: TestClient) -> None:
    page = client.get("/", params={"q": "perpetuum mobile <b>"}).text
    assert shown(page) == []
    assert '<p class="none" data-none>' in page
    assert "<b>" not in page
