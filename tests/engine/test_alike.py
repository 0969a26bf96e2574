"""Formulas that are made once for nodes built alike are those that each would have by itself."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine.events import GraphEvent
from engine.formulas import alike

SOURCES = [
    "x = 2\n" + "x = x * sin(x) + 1 / 3\n" * 5,
    "a = 1\nb = 2\nc = a * b\nd = b * a\ne = c * c\nf = d * c\ng = e - f",
    "a = 1\nb = a * 0.5\nc = b * 0.25\nd = c * 0.5\ne = d * -0.5\nf = e ** 2\ng = f ** 3",
    "x = [1, 2]\ny = x * 2\nz = y * 2\nw = sum(z)\nv = w * 2\nu = x @ y\nt = z @ z",
    "W = [[1, 2], [3, 4]]\nx = [1, 2]\nx = relu(W @ x)\nx = relu(W @ x)\ny = sum(x * x)",
    "x = [[1, 2], [3, 4]]\na = sum(x, axis=0)\nb = sum(x, axis=1)\nc = a[0]\nd = b[1]\ne = c * d",
    "long_name_of_a_node = 2\ny = tanh(long_name_of_a_node)\nz = tanh(y)\nw = tanh(z) % 3",
    "x = 2\ny = " + " + ".join(["x * x"] * 40) + "\nz = " + " + ".join(["y * y"] * 40),
]
PROGRAMS = [*SOURCES, *(example.source for example in engine.EXAMPLES)]


def described(source: str, granularity: str) -> GraphEvent:
    return engine.prepare(source=source, granularity=granularity).graph_event


@pytest.mark.parametrize("granularity", ["statement", "op"])
@pytest.mark.parametrize("source", PROGRAMS)
def test_every_formula_is_as_if_made_by_itself(
    source: str, granularity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = described(source, granularity)
    monkeypatch.setattr(alike.Formulas, "_form", lambda *_: None)
    alone = described(source, granularity)
    assert shared.nodes == alone.nodes
    assert shared.edges == alone.edges


def test_a_form_that_repeats_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0
    plain = alike.edge_formulas

    def counted(*arguments: Any) -> Any:
        nonlocal made
        made += 1
        return plain(*arguments)

    monkeypatch.setattr(alike, "edge_formulas", counted)
    monkeypatch.setattr(alike, "_SHARED", {})
    described("x = 2\n" + "x = x * sin(x)\n" * 100, "statement")
    described("other = 3\ny = other * sin(other)", "statement")
    assert made == 1


def test_no_more_forms_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_SHARED", {})
    monkeypatch.setattr(alike, "_MOST", 3)
    source = "x = 2\ny = sin(x)\ny = cos(y)\ny = exp(y)\ny = tanh(y)\ny = x + y"
    shared = described(source, "op")
    assert len(alike._SHARED) <= 3
    monkeypatch.setattr(alike.Formulas, "_form", lambda *_: None)
    assert shared.nodes == described(source, "op").nodes
