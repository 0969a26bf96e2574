"""Python's lists and dictionaries do what Python says of them, and tensors what they always do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import LimitError
from engine.language.parse import parse


def last(source: str) -> Any:
    """The value of the last node."""
    return list(engine.prepare(source).evaluate().values.values())[-1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("y = stack([x] * 3)", [2.0, 2.0, 2.0]),
        ("y = stack(3 * [x, 1.0])", [2.0, 1.0] * 3),
        ("y = [0.5] * 3", [0.5] * 3),
        ("n = 2\ny = [0.5] * n", [0.5] * 2),
        ("n = 4\nm = n // 2\ny = [0.5] * m", [0.5] * 2),
        ("y = [1.0] + [2.0]", [1.0, 2.0]),
        ("y = [1.0 + 2.0] * 2", [3.0, 3.0]),
        ("y = [float(2)] * 2 + [1.0]", [2.0, 2.0, 1.0]),
        ("y = [[0.0] * 2] * 2", [[0.0, 0.0]] * 2),
        ("hs = [3.0]\ny = stack(hs + [x])", [3.0, 2.0]),
        ("y = np.array([1.0, 3.0]) * 2", [2.0, 6.0]),
        ("v = [1.0, 3.0]\ny = v * 2", [2.0, 6.0]),
        ("v = [1.0, 3.0]\ny = v + [1.0, 1.0]", [2.0, 4.0]),
        ("y = x * np.array([1.0, 3.0])", [2.0, 6.0]),
        ("xs = [x, x * 2]\ny = torch.stack([*xs, x])", [2.0, 4.0, 2.0]),
        ("def f(a, b):\n    return a - b\nxs = [x, x * 3]\ny = f(*xs)", -4.0),
        ("p = dict(a=x, b=5.0)\ndef f(a, b):\n    return b - a\ny = f(**p)", 3.0),
        ('p = {"a": {"w": x}}\ny = p["a"]["w"] * 2', 4.0),
        ('p = {"a": x}\np["b"] = x * 3\ny = sum(p.values())', 8.0),
        ('p = {"a": x, "b": 1.0}\ny = stack([v for k, v in p.items() if k != "b"])', [2.0]),
        ("p = {1: x, 2: 7.0}\ny = p[2] - p[1]", 5.0),
    ],
)
def test_a_list_is_joined_repeated_and_looked_up(line: str, expected: Any) -> None:
    np.testing.assert_array_equal(last(f"x = 2.0\n{line}"), expected)


def test_numbers_of_a_dictionary_are_leaves() -> None:
    found = engine.prepare('p = {"w": 2.0, "b": 1.0}\ny = p["w"] * 3 + p["b"]').evaluate()
    assert found.gradients is not None
    assert (found.gradients["p_w"], found.gradients["p_b"]) == (3.0, 1.0)


def test_a_dictionary_that_a_block_is_given_prints_and_reads_back() -> None:
    from engine.forms.source import alike, source

    text = 'def f(p, x):\n    return p["w"] * x\np = {"w": 2.0}\ny = f(p, 3.0)'
    parsed = parse(text)
    assert alike(parse(source(parsed)), parsed)


@pytest.mark.parametrize("line", ["y = [0.0] * 10**9", "x = 2.0\ny = stack([x] * 10**9)"])
def test_a_list_too_long_is_not_made(line: str) -> None:
    with pytest.raises(LimitError):
        parse(line, 20_000)
