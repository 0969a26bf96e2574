"""Comprehensions are unrolled as loops are, and leave no name behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import LimitError, SourceError
from engine.language.parse import parse, parse_partial


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("y = stack([v * 2 for v in x])", [2.0, 4.0]),
        ("y = stack([v * k for k, v in enumerate(x, start=1)])", [1.0, 4.0]),
        ("y = stack([a * b for a, b in zip(x, [3.0, 4.0])])", [3.0, 8.0]),
        ("y = stack([x[i] * j for i in range(2) for j in range(3) if j > i])", [1, 2, 4]),
        ("y = sum(v ** 2 for v in x)", 5.0),
        ("y = sum(k for k in range(4)) * x", [6.0, 12.0]),
        ("hs = [v * 3 for v in x]\ny = hs[1]", 6.0),
        ("d = {k: x * k for k in range(3)}\ny = d[2]", [2.0, 4.0]),
        ("y = stack([s for s in [(x * 1.0), x]])", [[1.0, 2.0]] * 2),
        ("n = [1, 0]\ny = stack([x[k] for k in n])", [2.0, 1.0]),
        ("ps = [(x, 1.0), (x * 2, 0.0)]\ny = sum((w * b).sum() for w, b in ps)", 3.0),
    ],
)
def test_a_comprehension_means_what_its_loop_means(line: str, expected: Any) -> None:
    found = engine.prepare(f"x = [1.0, 2.0]\n{line}").evaluate().values
    np.testing.assert_array_equal(found[list(found)[-1]], expected)


def test_its_name_stands_for_nothing_behind_it() -> None:
    with pytest.raises(SourceError) as error:
        parse("x = [1.0]\ny = sum(v for v in x)\nz = v * 2")
    assert error.value.code == "name.unknown"


def test_a_name_that_it_borrows_is_given_back() -> None:
    found = engine.prepare("v = 5.0\ny = sum(v for v in [1.0, 2.0])\nz = v * 2").evaluate()
    assert found.values["z"] == 10


def test_leaves_in_its_list_stay_nodes() -> None:
    found = engine.prepare("x = 3.0\ny = sum([v ** 2 for v in [x, 2.0 * x]])").evaluate()
    assert found.gradients is not None
    assert found.gradients["x"] == 30


@pytest.mark.parametrize(
    "line",
    [
        "y = sum(k for k in range(10**9))",
        "hs = [x for a in range(900) for b in range(900) for c in range(900)]",
        "d = {k: x for k in range(10**7)}",
    ],
)
def test_one_too_long_is_refused_before_it_is_unrolled(line: str) -> None:
    errors = parse_partial(f"x = 1.0\n{line}", 20_000)[1]
    assert isinstance(errors[0], LimitError)


def test_a_block_does_not_see_the_names_of_a_comprehension() -> None:
    source = "n = 99\nx = 2\ndef f(x):\n    return x * n\ny = [f(x) * n for n in range(3)]\n"
    values = engine.prepare(source + "z = y[2] + n").evaluate().values
    assert float(values["z"]) == 2 * 99 * 2 + 99


def test_a_comprehension_that_failed_hides_nothing_behind_it() -> None:
    source = "n = 99\nx = 2\nq = [oops(n) for n in range(3)]\nn = 5\n"
    source += "def f(x):\n    return x * n\nz = f(x)"
    program, errors = engine.prepare_partial(source)
    assert program is not None
    assert [each.code for each in errors] == ["op.unknown"]
    assert program.evaluate().values["z"] == 10.0
