"""Statements of mere arithmetic are read once, and make the nodes that they make the long way."""

from __future__ import annotations

from random import Random

import pytest

from engine.examples import EXAMPLES, Example
from engine.language import outline
from engine.language.parse import parse_partial
from tests.engine.random_programs import random_program

HEAD = "x = [1.0, 2.0]\ny = 3\nn = 2\nhs = [x, x]\nflag = True\n"

LINES = (
    "z = x + y * 2 - -1.5e3 / x ** 0.5",
    "z = tanh(x) @ (x - y) + maximum(x, 1)",
    "z = --x; w = z * 2",
    "z = -(2 * 3) * x  # a note",
    "x = x * x\nx = x + x",
    "z = 2 * 3",
    "z = x",
    "z = 2",
    "z = n * 2",
    "z = flag * x",
    "z = [x] * 2",
    "z = hs + hs",
    "z = hs * n",
    "z = x @ σ",
    "z = log(x, y)",
    "z = sqrt(2) * x",
    "z = x > 1",
    "z = x * True",
    "z = x * 9007199254740993",
    "z = x * 1e999",
    "z = x & y",
    "tanh = 3\nz = tanh(x)",
    "def exp(x):\n    return x * 2\nz = exp(x) + 1",
    "def f(a, k=2):\n    b = a * k\n    c = b * b\n    return c + y\nz = f(x) * f(a=y)",
    "for i in range(3):\n    x = x * 0.5 + i\n    y = y * x",
    "z = x * 2\nz.backward(gradient=x)",
    "reshape_to = y * 2\nz = x[:n]",
    "y = y * (1 / 0)\nz = y * 2",
    "a = unknown * x\nb = a * x",
    "    z = x * x",
    "z = (x *\n  x)",
    "h = attention([[1.0]], [[1.0]], [[1.0]])",
)


def the_long_way(source: str, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patch:
        patch.setattr(outline, "plain", lambda tree, text: None)
        return told(source)


def told(source: str) -> object:
    """All that reading a program tells."""
    found, errors = parse_partial(source)
    wrong = [(each.code, each.span, each.params) for each in errors]
    if found is None:
        return wrong
    values = {node: value.tolist() for node, value in found.literal_of.items()}
    return found.graph, values, found.output, found.fixed, found.shaped, wrong


@pytest.mark.parametrize("lines", LINES)
def test_a_plain_statement_makes_the_same_nodes(
    lines: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(HEAD + lines) == the_long_way(HEAD + lines, monkeypatch)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_an_example_makes_the_same_nodes(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(example.source) == the_long_way(example.source, monkeypatch)


@pytest.mark.parametrize("seed", range(40))
def test_a_random_program_makes_the_same_nodes(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random_program(Random(seed))
    assert told(source) == the_long_way(source, monkeypatch)
