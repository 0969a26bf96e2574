"""Expressions known before anything is computed."""

from __future__ import annotations

import ast
from typing import Any

import pytest

import engine
from engine.errors import EngineError
from engine.language.build import Builder
from engine.language.constant import constant
from engine.language.outline import statements
from engine.language.scope import Constant, Scope, Where
from engine.language.syntax import Statement

NAMES = {"i": 3, "s": (2, 5), "b": True, "none": None}


def known(text: str) -> Any:
    (statement,) = statements(f"v = {text}")
    assert isinstance(statement, Statement) and isinstance(statement.tree, ast.Assign)
    scope = Scope({name: Constant(value) for name, value in NAMES.items()})
    return constant(statement.tree.value, Where(statement, scope, Builder().known))


@pytest.mark.parametrize(
    "text",
    [
        "-2",
        "--2",
        "1 / 4",
        "7 // 2 % 2",
        "2 ** 10",
        "i * 2 + 1",
        "s[1] - s[0]",
        "s[::-1]",
        "(i, s)",
        "i > 2 and not b",
        "none is None",
        "i is not None",
        "1 < i <= 3",
        "i in (1, 3)",
        "10 if b else 20",
        "len(s)",
        "int(i / 2)",
        "max(s) + min(1, 2)",
        "abs(-i)",
        "round(2.7)",
        "s + (1,)",
        "'mean'",
    ],
)
def test_it_is_what_python_says(text: str) -> None:
    assert known(text) == eval(text, dict(NAMES))


@pytest.mark.parametrize("text", ["np.pi", "math.pi", "torch.pi", "pi"])
def test_named_constants_are_known_behind_any_prefix(text: str) -> None:
    assert known(text) == pytest.approx(3.141592653589793)


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0",
        "(-8) ** 0.5",
        "s[7]",
        "'a' * 10 ** 9",
        "s * 10 ** 9",
        "f(2)",
        "x",
        "__import__('os')",
        "().__class__",
        "1j",
        "2 << 70",
        "lambda: 1",
        "'x' < 1",
        "+" + "(" * 45 + "1" + ")" * 45 + " + 1" * 50,
    ],
)
def test_what_is_not_known_is_never_evaluated(text: str) -> None:
    assert known(text) is ...


@pytest.mark.parametrize("text", ["9 ** 9 ** 9", "(9 ** 9 ** 9) // 2", "2 ** 3000"])
def test_a_number_larger_than_any_is_said_to_be(text: str) -> None:
    with pytest.raises(EngineError) as caught:
        engine.prepare(f"x = 2\nfor i in range({text}):\n    x = x * 2")
    assert caught.value.code == "literal.number"
    assert "1.8e308" in caught.value.hint
