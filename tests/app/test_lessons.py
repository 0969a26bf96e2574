"""Every lesson is whole, in both languages, and its snippet does what is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.language import LANGUAGES
from app.lessons import lessons
from engine.autograd import Ended, Executed, Stopped, run

SHOWN = {
    "leaf": "True True True False",
    "attributes": "cpu True False False\ntensor(4.) True",
    "gradient": "tensor([  2.,  40., 600.])",
    "accumulate": "tensor(6.)\ntensor(12.)\ntensor(18.)\ntensor(6.)",
    "retain-graph": "Trying to backward through the graph a second time",
    "create-graph": "tensor(18.)",
    "detach": "tensor(15.)",
    "in-place": "modified by an inplace operation",
    "retain-grad": "tensor(36.) tensor(1.)\nNone",
    "unused": "appears to not have been used in the graph",
    "device": "cpu True tensor([2., 4.])\ncpu",
    "training-loop": "2 4.115",
}
"""What the right choice of each lesson says, as the run shows it."""


def test_there_is_a_lesson_for_each_question() -> None:
    assert [lesson["name"] for lesson in lessons()] == list(SHOWN)


@pytest.mark.parametrize("lesson", lessons(), ids=list(SHOWN))
def test_a_lesson_has_every_text_in_every_language(lesson: dict[str, Any]) -> None:
    texts = [lesson["title"], lesson["question"], lesson["explanation"], *lesson["choices"]]
    for text in texts:
        assert all(text[language] for language in LANGUAGES)
    assert sum(choice["right"] for choice in lesson["choices"]) == 1


@pytest.mark.parametrize("lesson", lessons(), ids=list(SHOWN))
def test_a_lesson_shows_what_its_right_choice_says(lesson: dict[str, Any]) -> None:
    events = list(run(lesson["snippet"]))
    said = "".join(event.output for event in events if isinstance(event, Executed))
    said += "".join(event.message for event in events if isinstance(event, Stopped))
    assert SHOWN[lesson["name"]] in said
    assert isinstance(events[-1], Ended)


def test_the_api_lists_the_lessons(client: TestClient) -> None:
    found = client.get("/api/v1/lessons")
    assert [lesson["name"] for lesson in found.json()] == list(SHOWN)
