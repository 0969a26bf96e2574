"""Formulas with numbers put in: the same values, in fewer steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.backend import backend
from engine.formula import Formula, formula
from engine.simplify import simplified

POWER = "b * a ** (b - 1 + (a == 0) * (b == 0))"


def steps(rule: Formula) -> list[str]:
    return [node.op for node in rule.graph if not node.is_leaf]


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        (POWER, {"b": 2.0}, ["mul"]),
        (POWER, {"b": 3.0}, ["pow", "mul"]),
        (POWER, {"b": 0.5}, ["pow", "mul"]),
        ("a + b * 0", {"b": 5.0}, ["identity"]),
        ("where(a > b, 1, sigmoid(a))", {"b": 1.0}, ["greater", "sigmoid", "where"]),
        ("gelu(a, approximate='tanh') * b", {"b": 1.0}, ["gelu"]),
        ("-(a / b)", {"b": -1.0}, ["div", "neg"]),
    ],
)
def test_a_simpler_formula_has_the_same_value(
    text: str, known: dict[str, float], expected: list[str], rng: Any
) -> None:
    rule = formula(text, ("a", "b", "out"))
    simpler = simplified(rule, tuple(known.items()))
    where, a = backend("cpu"), rng.uniform(0.5, 2, 5)
    assert sorted(steps(simpler)) == sorted(expected)
    np.testing.assert_allclose(
        simpler(where, {"a": a}), rule(where, {"a": a} | known), rtol=1e-15, atol=0
    )


def test_a_constant_power_may_become_a_mere_number() -> None:
    assert simplified(formula(POWER, ("a", "b", "out")), (("b", 0.0),)).constant == 0


def test_a_constant_exponent_gives_a_short_rule_and_leaves_one_given_as_a_node_alone() -> None:
    source = "x = [1, 2]\nn = 3\ny = x ** 3\nz = x ** n"
    program = engine.prepare(source, granularity="op")
    formulas = {e.to: e.formula for e in program.graph_event.edges if e.source == "x"}
    assert formulas["y"] == r"\operatorname{diag}\left(3 \cdot {\node{x}}^{2}\right)"
    power = r"\node{n} \cdot {\node{x}}^{\node{n} - 1}"
    assert formulas["z"] == rf"\operatorname{{diag}}\left({power}\right)"


def test_short_rules_are_kept_and_long_ones_are_not() -> None:
    assert formula("2 * x", ("x",)) is formula("2 * x", ("x",))
    long = "getitem(x, ((" + "'list', " + "0, " * 400 + "),))"
    assert formula(long, ("x",)) is not formula(long, ("x",))


def test_a_division_by_zero_is_infinite_and_no_error() -> None:
    result = engine.prepare("x = 1\ny = x / 0\nz = y + x ** -1").evaluate()
    assert result.values["y"] == np.inf and result.gradients is not None
    assert result.gradients["x"] == np.inf
