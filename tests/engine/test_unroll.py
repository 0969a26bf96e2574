"""Programs too large are refused before they are unrolled, naming the limit."""

from __future__ import annotations

import time

import pytest

import engine
from engine.errors import LimitError

DOUBLING = "def f0(x):\n    return x * 2\n" + "".join(
    f"def f{i}(x):\n    return f{i - 1}(f{i - 1}(x))\n" for i in range(1, 60)
)
NESTED = "".join(" " * depth + "for i in range(2):\n" for depth in range(30)) + " " * 31 + "x = 1.0"


@pytest.mark.parametrize(
    ("source", "limit"),
    [
        ("x = 1.0\nfor i in range(10 ** 30):\n    x = x * 2", "an unrolled program"),
        ("x = 1.0\nfor i in range(10 ** 9):\n    pass", "an unrolled program"),
        (
            "x = 1.0\nfor i in range(999):\n  for j in range(999):\n    x = x * 2",
            "an unrolled program",
        ),
        (
            "x = 1.0\nfor i in range(999):\n  for j in range(i):\n    x = x * 2",
            "a graph",
        ),
        (NESTED, "an unrolled program"),
        (f"{DOUBLING}y = f59(1.0)", "an unrolled program"),
        ("x = zeros(4000000)\nfor v in x:\n    y = v", "an unrolled program"),
        ("hs = []\nfor i in range(10 ** 6):\n    hs.append(hs)", "an unrolled program"),
        (
            "def f0(x):\n    return x\n"
            + "".join(f"def f{i}(x):\n    return f{i - 1}(x)\n" for i in range(1, 99))
            + "y = f98(1.0)",
            "nesting",
        ),
        ("x = zeros(10 ** 9)", "a tensor"),
        ("x = randn(100000, 100000)", "a tensor"),
        ("x = 1.0\ny = broadcast_to(x, (100000, 100000))", "a tensor"),
        ("\n".join(f"x{i} = zeros(2048, 2048)" for i in range(2000)), "an evaluation"),
        ("\n".join(f"x{i} = ones((2000, 2000))" for i in range(300)), "an evaluation"),
        ("for i in range(100):\n    x = rand(4000000)", "an evaluation"),
    ],
)
def test_it_is_refused_at_once(source: str, limit: str) -> None:
    started = time.process_time()
    with pytest.raises(LimitError) as caught:
        engine.prepare(source)
    assert time.process_time() - started < 0.2
    assert caught.value.params["limit"] == limit


def test_lists_in_lists_end() -> None:
    source = "x = 1.0\nt = [x]\n" + "".join("t = [t, t]\n" for _ in range(40))
    with pytest.raises(LimitError) as caught:
        engine.prepare(source)
    assert caught.value.params["limit"] == "a list"
    assert engine.prepare("hs = []\nhs.append(hs)\nx = 1.0")


def test_tuples_of_tuples_end() -> None:
    source = "for t in [1]:\n    pass\n" + "t = (t, t)\n" * 200 + "x = zeros(t)"
    started = time.process_time()
    with pytest.raises(engine.EngineError):
        engine.prepare(source)
    assert time.process_time() - started < 1
