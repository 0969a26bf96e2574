"""A long program is refused where it exceeds a limit, and not at its end."""

from __future__ import annotations

import pytest

import engine
from engine.errors import LimitError
from engine.language.build import Builder
from engine.language.execute import Execution
from engine.language.outline import statements
from engine.language.weigh import Scale


def nodes_until_refused(source: str, **limits: int) -> tuple[int, LimitError]:
    builder = Builder()
    execution = Execution(builder, engine.Limits(**limits), scale=Scale(8))
    with pytest.raises(LimitError) as caught:
        execution.run(statements(source))
    return builder.count(), caught.value


@pytest.mark.parametrize(
    ("source", "unit"),
    [
        ("x = rand(1000, 1000)\n" + "x = sin(x)\n" * 5000, "FLOPs"),
        ("x = rand(100, 100)\nfor i in range(9000):\n    x = x @ x", "FLOPs"),
        ("x = rand(1000, 1000)\n" + "x = x.T\n" * 5000, "bytes"),
    ],
)
def test_the_rest_of_what_is_too_much_already_is_not_read(source: str, unit: str) -> None:
    made, error = nodes_until_refused(source)
    assert made <= 1500
    assert error.params["unit"] == unit
    assert error.params["limit"] == "an evaluation"
    assert int(str(error.params["asked"])) > int(str(error.params["allowed"]))


def test_what_is_counted_on_the_way_is_what_a_whole_program_is_counted_as() -> None:
    source = "x = rand(9)\n" + "x = sin(x)\n" * 600
    flops = engine.prepare(source).shapes.flops
    made, error = nodes_until_refused(source + "x = x + 1\n" * 600, flops=flops // 2)
    assert error.params["asked"] == flops * (made - 1) // 600


def test_what_was_taken_back_weighs_nothing() -> None:
    block = "def {}(x):\n    for i in range({}):\n        y = sum(x){}\n    return y\n"
    wrong = block.format("f", 900, "\n        if i > 898:\n            y = y.nothing()")
    calls = "a = rand(1000)\nb = f(a)\nd = rand(10)\nc = g(d)\n"
    builder = Builder()
    execution = Execution(builder, engine.Limits(flops=499_100), scale=Scale(8))
    execution.run(statements(wrong + block.format("g", 1100, "") + calls))
    assert execution.errors
    assert builder.count() > 1100


def test_a_value_that_is_given_instead_has_its_own_shape() -> None:
    source = "x = rand(1000, 1000)\n" + "x = tanh(x)\n" * 600 + "y = sum(x)"
    with pytest.raises(LimitError):
        engine.prepare(source)
    assert engine.prepare(source, inputs={"x": [[1.0]]}).run.flops < 10**6


def test_a_program_of_given_values_is_weighed_by_their_shapes() -> None:
    source = "x = 1\ny = x @ x.T\n" + "y = y @ y\n" * 4500
    with pytest.raises(LimitError) as caught:
        engine.prepare(source, inputs={"x": [[1.0]] * 100})
    assert caught.value.span is not None  # told where it was met, and not of the whole


def test_a_shape_that_does_not_fit_is_told_as_such() -> None:
    source = "x = rand(2)\ny = x @ rand(3)\n" + "x = sin(x)\n" * 900
    with pytest.raises(engine.EngineError, match="inner sizes"):
        engine.prepare(source)
