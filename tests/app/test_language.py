"""Two languages say the same things, with the same parameters."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

import engine
from app.language import LANGUAGES, catalogue, choose_language
from app.problems import MESSAGES
from engine import errors
from engine.ops.attributes import KINDS


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    english, chinese = catalogue("en").texts, catalogue("zh-CN").texts
    assert set(english) == set(chinese)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_same_parameters(language: str) -> None:
    english, other = catalogue("en").texts, catalogue(language).texts
    differing = {
        key: (parameters(text), parameters(other[key]))
        for key, text in english.items()
        if parameters(text) != parameters(other[key])
    }
    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence_and_a_hint(language: str) -> None:
    texts = catalogue(language).texts
    for code in (*errors.MESSAGES, *MESSAGES):
        assert texts[f"error.{code}"].strip()
        assert f"error.{code}.hint" in texts


def test_no_text_is_left_in_the_other_language() -> None:
    english, chinese = catalogue("en").texts, catalogue("zh-CN").texts
    assert all(
        text.isascii() or not any("一" <= c <= "鿿" for c in text) for text in english.values()
    )
    sentences = {key: text for key, text in chinese.items() if key.startswith("error.")}
    alike = [key for key, text in sentences.items() if text == english[key] and " " in text]
    assert alike == []


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "chosen"),
    [
        (None, None, None, "en"),
        ("zh-CN", "en", "en", "zh-CN"),
        (None, "zh-CN", "en", "zh-CN"),
        ("tlh", None, "zh-TW,en;q=0.5", "zh-CN"),
        (None, None, "en;q=0.4, zh;q=0.9", "zh-CN"),
        (None, None, "fr, en-GB;q=0.8", "en"),
        (None, None, "zh;q=x, ;;, q=", "en"),
    ],
)
def test_the_language_is_the_readers_choice(
    asked: str | None, remembered: str | None, accepted: str | None, chosen: str
) -> None:
    assert choose_language(asked, remembered, accepted) == chosen


def test_what_a_snippet_should_say_instead_is_in_both_languages() -> None:
    texts, folder = catalogue("zh-CN").texts, Path(engine.__file__).parent / "autograd"
    calls = [
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refused"
    ]
    remedies = [str(n.args[1].value) for n in calls if isinstance(n.args[1], ast.Constant)]
    assert len(remedies) > 10
    assert [each for each in remedies if f"word.{each}" not in texts] == []


def test_what_an_attribute_may_be_is_said_in_every_language() -> None:
    kinds = {said for said, _fits in KINDS.values()}
    for language in LANGUAGES:
        texts = catalogue(language).texts
        assert [kind for kind in kinds if f"word.{kind}" not in texts] == []
