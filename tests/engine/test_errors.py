"""Messages are complete, and can be translated."""

from __future__ import annotations

import ast
import contextlib
import gc
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import MESSAGES, EngineError, SourceError, Span, closest

ENGINE = Path(__file__).parents[2] / "engine"


def test_every_code_raised_in_the_engine_has_a_message_and_every_message_is_raised() -> None:
    text = "\n".join(
        path.read_text() for path in ENGINE.rglob("*.py") if not path.name.endswith("messages.py")
    )
    raised = set(re.findall(r'"([a-z]+(?:\.[a-z]+)+)"', text)) & {
        *MESSAGES,
        *re.findall(r'(?:Error|Misfit|_invalid)\(\s*"([a-z]+(?:\.[a-z]+)+)"', text),
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


LONG = "é" * 60_000
NODES = [{"name": f"n{i}", "op": "sin", "inputs": [f"n{(i + 1) % 500}"]} for i in range(500)]


@pytest.mark.parametrize(
    "request_",
    [
        {"source": f"a = {LONG}"},
        {"source": f"{LONG} = 1"},
        {"source": f"{'a' * 250} = 1\nb = {'a' * 249}"},
        {"source": f"{LONG}(1)"},
        {"source": f"a = 1\nb = sin(a, {LONG}=1)"},
        {"source": f"a = 1\nb = sin(a).{LONG}"},
        {"source": "a = 1", "output": LONG},
        {"source": "a = 1", "inputs": {LONG: 1}},
        {"source": "a = 1", "inputs": {"\udfff": 1}},
        {"source": "a = 1", "mode": "forward", "tangents": {LONG: 1}},
        {"graph": [{"name": LONG, "value": 1}]},
        {"graph": [{"name": "a", "op": LONG, "inputs": ["a"]}]},
        {"graph": [{"name": "a", "inputs": [LONG]}]},
        {"graph": [{"name": "a", "op": "sin", "inputs": ["b"], "attrs": {LONG: 1}}, {"name": "b"}]},
        {"graph": NODES},
        {"source": "a = [1]\nb = einsum('" + "i" * 199 + "', a)"},
        {
            "source": "x = [1]\n" + "\n".join(f"{'a' * 250}{i} = x" for i in range(50)),
            "output": "q",
        },
    ],
)
def test_an_error_is_short_whatever_caused_it(request_: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        engine.prepare(**request_)
    error = caught.value
    assert len(f"{error.detail}{error.hint}{error.params}".encode()) < 5_000


def test_what_a_name_is_long_for_is_told() -> None:
    with pytest.raises(SourceError) as error:
        engine.prepare("a" * 257 + " = 1")
    assert error.value.code == "name.long"
    assert error.value.params["asked"] == 257
    assert engine.prepare("a" * 256 + " = 1")


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


@pytest.mark.parametrize(
    "mistake", ["y = x +\nz = q", "y = x @ x", "y = x * broadcast_to(1, (9999, 99999))"]
)
def test_a_program_that_is_refused_leaves_no_arrays_behind(mistake: str) -> None:
    source = "x = randn(300, 1000)\n" + mistake
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        for _ in range(3):
            with contextlib.suppress(engine.EngineError):
                engine.prepare(source)
        assert tracemalloc.get_traced_memory()[0] < 2e6
    finally:
        tracemalloc.stop()
        gc.enable()
