"""The recorded traces are what the engine sends today, and the browser's types are current."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

import engine
from app.lessons import lessons

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    path = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = path
    return module


RECORDED = script("golden").RECORDED


def test_the_first_examples_have_their_traces_and_no_trace_is_left_over() -> None:
    recorded = {path.stem for path in GOLDEN.glob("*.jsonl")}
    assert recorded == {example.name for example in RECORDED}


@pytest.mark.parametrize("example", RECORDED, ids=lambda example: example.name)
def test_the_recorded_trace_is_what_is_sent_today(example: engine.Example) -> None:
    """Numbers may differ in the last digits between machines; everything else is equal."""
    recorded = (GOLDEN / f"{example.name}.jsonl").read_text("utf-8").splitlines()
    today = script("golden").record(example).decode().splitlines()
    assert len(today) == len(recorded)
    for now, then in zip(today, recorded, strict=True):
        assert_alike(json.loads(now), json.loads(then))


def test_every_lesson_has_its_run_and_no_run_is_left_over() -> None:
    recorded = {path.stem for path in (GOLDEN / "lessons").glob("*.jsonl")}
    assert recorded == {lesson["name"] for lesson in lessons()}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson["name"])
def test_the_recorded_run_is_what_is_sent_today(lesson: dict[str, str]) -> None:
    recorded = (GOLDEN / "lessons" / f"{lesson['name']}.jsonl").read_text("utf-8").splitlines()
    today = script("golden").record_snippet(lesson["snippet"]).decode().splitlines()
    assert len(today) == len(recorded)
    for now, then in zip(today, recorded, strict=True):
        assert_alike(json.loads(now), json.loads(then))


def assert_alike(now: object, then: object) -> None:
    if isinstance(now, float) and isinstance(then, float):
        assert now == pytest.approx(then, rel=1e-12, abs=1e-300)
    elif isinstance(now, dict) and isinstance(then, dict):
        assert list(now) == list(then)
        for key in now:
            assert_alike(now[key], then[key])
    elif isinstance(now, list) and isinstance(then, list):
        assert len(now) == len(then)
        for new, old in zip(now, then, strict=True):
            assert_alike(new, old)
    else:
        assert now == then


def test_the_browsers_types_are_those_of_the_engine() -> None:
    written = (ROOT / "app" / "frontend" / "events.ts").read_text("utf-8")
    assert written == script("wire_types").render(), "run python scripts/wire_types.py"
