"""Messages are complete, and can be translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.errors import MESSAGES, EngineError, SourceError, Span, closest

ENGINE = Path(__file__).parents[2] / "engine"


def test_every_code_raised_in_the_engine_has_a_message_and_every_message_is_raised() -> None:
    text = "\n".join(path.read_text() for path in ENGINE.rglob("*.py") if path.name != "errors.py")
    raised = set(re.findall(r'"((?:[a-z]+)\.(?:[a-z]+))"', text)) & {
        *MESSAGES,
        *re.findall(r'(?:Error|Misfit|_invalid)\(\s*"([a-z]+\.[a-z]+)"', text),
    }
    assert raised == set(MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_says_what_and_what_to_do(code: str) -> None:
    assert set(MESSAGES[code]) == {"detail", "hint"}
    assert MESSAGES[code]["detail"].endswith(".")


def test_an_error_carries_what_a_translation_needs() -> None:
    error = SourceError("name.unknown", Span(1, 2, 1, 3), name="x")
    assert isinstance(error, EngineError)
    assert (error.code, error.params, error.span) == (
        "name.unknown",
        {"name": "x"},
        Span(1, 2, 1, 3),
    )
    assert str(error) == "`x` is not defined before this place."
    assert error.hint == "Define it above, as in `x = 1`."


def test_the_closest_name_is_close() -> None:
    assert closest("sigmiod", ["sigmoid", "sum"]) == "sigmoid"
    assert closest("zzz", ["sigmoid", "sum"]) is None


def test_the_tree_is_drawn_in_the_docstring() -> None:
    tree = ast.parse((ENGINE / "errors.py").read_text())
    classes = [
        n.name for n in tree.body if isinstance(n, ast.ClassDef) and n.name.endswith("Error")
    ]
    drawing = ast.get_docstring(tree) or ""
    assert all(name in drawing for name in classes)
