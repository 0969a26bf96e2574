"""Finite differences against P: over the examples, over planted mistakes, at kinks and NaN."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import engine
from engine.infer import Limits
from engine.probes.check import Check, check


def checked(source: str, **options: Any) -> Check:
    return check(engine.prepare(source, **options))


@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_no_derivative_of_an_example_is_off(example: engine.Example) -> None:
    found = check(engine.prepare(example.source, output=example.output))
    assert found.verdict in ("ok", "kink")


def test_it_says_which_entry_is_furthest_off_and_by_how_much() -> None:
    found = checked("x = [1, 2, 3]\ny = sum(x**4)")
    (node,) = found.nodes
    assert (node.node, node.verdict, node.entries, node.compared) == ("x", "ok", 3, 3)
    assert node.worst is not None
    assert node.worst.index == (2,)
    assert node.absolute == abs(node.worst.analytic - node.worst.numeric)
    assert found.passes == 1 + 2 * 3


def plant(program: engine.Program, factor: float) -> engine.Program:
    """The same program, whose sweep gives P of its first node wrongly."""

    class Planted(engine.Program):
        def sweep(self, inputs: Any = None) -> Any:
            values, adjoints = super().sweep(inputs)
            wrong = list(adjoints)
            wrong[1] = wrong[1] * factor
            return values, wrong

    fields = {f.name: getattr(program, f.name) for f in dataclasses.fields(program)}
    return Planted(**fields)


@pytest.mark.parametrize("factor", [1.0001, 0.0, -1.0, np.nan, np.inf])
@pytest.mark.parametrize("entries", [4, 1000])
def test_a_wrong_p_is_found(factor: float, entries: int) -> None:
    source = f"x = linspace(0.1, 2, {entries})\ny = sum(sin(x))"
    if "linspace" not in engine.OPS:
        values = np.linspace(0.1, 2, entries).tolist()
        source = f"x = {values}\ny = sum(sin(x))"
    program = engine.prepare(source)
    assert check(program).verdict == "ok"
    assert check(plant(program, factor)).verdict == "off"


def test_a_large_node_is_sampled_and_touched_as_a_whole() -> None:
    values = np.linspace(0.1, 2, 900).reshape(30, 30).tolist()
    (node,) = checked(f"W = {values}\ny = sum(tanh(W))").nodes
    assert (node.entries, node.compared, node.directions) == (900, 24, 4)


def test_the_sample_is_the_same_every_time() -> None:
    values = np.linspace(0.1, 2, 400).tolist()
    program = engine.prepare(f"x = {values}\ny = sum(tanh(x))")
    assert check(program).nodes == check(program).nodes


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("x = 0\ny = relu(x)", "kink"),
        ("x = 0\ny = abs(x)", "kink"),
        ("x = [1, 3, 3]\ny = max(x)", "kink"),
        ("x = 0\ny = sqrt(x)", "kink"),
        ("x = 1\ny = where(x > 1, x**2, x + 3)", "kink"),
        ("x = 0\ny = relu(x) - relu(-x)", "kink"),
        ("x = -1\ny = log(x)", "undefined"),
        ("x = 1e-7\ny = relu(x)", "ok"),
        ("x = [[1, 2], [3, 4]]\ny = x @ x", "ok"),
        ("x = 3\ny = detach(x) * x", "ok"),
    ],
)
def test_kinks_and_what_is_not_a_number_have_verdicts_of_their_own(
    source: str, verdict: str
) -> None:
    assert checked(source).verdict == verdict


def test_a_vector_output_is_checked_in_every_row() -> None:
    found = checked("W = [[1, 2], [3, 4]]\nx = [1, -1]\ny = tanh(W @ x)")
    assert (found.m, found.verdict) == (2, "ok")


def test_a_weight_vector_is_checked_as_one_row() -> None:
    found = checked("x = [1, 2]\ny = exp(x)", gradient=[1, -0.5])
    assert (found.m, found.verdict) == (1, "ok")


def test_float32_is_held_to_its_own_tolerance() -> None:
    found = checked("x = [1, 2]\ny = sum(exp(x))", dtype="float32")
    assert (found.verdict, found.tolerance) == ("ok", 1e-3)
    assert checked("x = [1, 2]\ny = sum(exp(x))").tolerance == 1e-6


def test_a_computed_node_and_one_that_is_not_reached_can_be_asked_for() -> None:
    program = engine.prepare("x = 2\na = x * x\nz = a + 1\ny = a * 3", output="y")
    found = check(program, wrt=["a", "z", "a"])
    assert [(node.node, node.verdict) for node in found.nodes] == [("a", "ok"), ("z", "unreached")]


def test_the_curve_of_an_entry_is_a_valley() -> None:
    program = engine.prepare("x = [1, 2]\ny = sum(exp(x))")
    curve = check(program, entry={"node": "x", "index": [1]}).curve
    assert curve is not None
    assert curve.analytic == pytest.approx(np.exp(2))
    assert curve.steps[0] == pytest.approx(0.2)
    lowest = int(np.argmin(curve.errors))
    assert 3 <= lowest <= 6
    assert curve.errors[0] > 1e4 * curve.errors[lowest] < curve.errors[-1]


@pytest.mark.parametrize("entry", [{"index": [2]}, {"index": []}, {"index": [0], "row": 1}])
def test_an_entry_that_is_not_there_is_refused(entry: dict[str, Any]) -> None:
    program = engine.prepare("x = [1, 2]\ny = sum(exp(x))")
    with pytest.raises(engine.EngineError) as caught:
        check(program, entry={"node": "x", **entry})
    assert caught.value.code == "option.entry"


def test_an_unknown_node_is_refused() -> None:
    with pytest.raises(engine.EngineError) as caught:
        check(engine.prepare("x = 1\ny = x"), wrt=["q"])
    assert caught.value.code == "option.node"


def test_forward_mode_has_no_p_to_check() -> None:
    with pytest.raises(engine.EngineError) as caught:
        checked("x = 1\ny = exp(x)", mode="forward", tangents={"x": 1})
    assert caught.value.code == "option.invalid"


def test_the_cost_is_known_before_any_work() -> None:
    program = engine.prepare("x = [1, 2]\ny = sum(exp(x))")
    with pytest.raises(engine.EngineError) as caught:
        check(program, limits=Limits(flops=1000))
    assert caught.value.code == "limit.exceeded"
    assert caught.value.params["limit"] == "a check"
