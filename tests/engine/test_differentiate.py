"""Recorded backward passes, to any order, against sympy's numbers and finite differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

import engine
from engine.backend import backend
from engine.contract import closed_groups, contract
from engine.errors import OptionError
from engine.language.parse import Parsed, parse
from engine.probes.check import check
from engine.sweeps.differentiate import derivative_name, differentiate
from engine.sweeps.evaluate import evaluate


def values(parsed: Parsed) -> dict[str, np.ndarray]:
    found = evaluate(parsed.graph, parsed.literal_of, backend("cpu"))
    return {node.name: found[node.id] for node in parsed.graph}


def test_the_backward_pass_of_the_worked_example_is_four_nodes() -> None:
    parsed = differentiate(parse("u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"), "u4")
    parsed.graph.check()
    found = values(parsed)
    names = [derivative_name("u4", f"u{i}") for i in (1, 2, 3, 4)]
    assert [float(found[name]) for name in names] == [3, 8, 3, 1]
    view = contract(parsed.graph, closed_groups(parsed.graph, ()))
    assert set(names) <= set(view.id_of)


def test_three_recorded_passes_agree_with_sympy() -> None:
    parsed, output = parse("x = 0.7\ny = sin(x) * exp(x)"), "y"
    for _ in range(3):
        parsed = differentiate(parsed, output, ["x"])
        output = derivative_name(output, "x")
    x = sympy.Symbol("x")
    exact = sympy.diff(sympy.sin(x) * sympy.exp(x), x, 3).subs(x, sympy.Rational(7, 10))
    assert float(values(parsed)[output]) == pytest.approx(float(exact.evalf(30)), rel=1e-12)


def test_three_recorded_passes_give_the_third_derivative() -> None:
    parsed, output = parse("x = 0.7\ny = exp(x) * tanh(x)"), "y"
    for _ in range(3):
        parsed = differentiate(parsed, output, ["x"])
        output = derivative_name(output, "x")
    t = math.tanh(0.7)
    s = 1 - t * t
    derivatives = [t, s, -2 * t * s, (6 * t * t - 2) * s]
    expected = math.exp(0.7) * sum(math.comb(3, k) * derivatives[k] for k in range(4))
    assert output == "d(d(dy/dx)/dx)/dx"
    assert float(values(parsed)[output]) == pytest.approx(expected, rel=1e-13)


NETWORK = next(e.source for e in engine.EXAMPLES if e.name == "two-layer-network")


def test_the_gradient_as_a_graph_is_the_gradient_of_the_sweep() -> None:
    found = values(differentiate(parse(NETWORK), "E"))
    swept = engine.prepare(NETWORK).evaluate().gradients
    assert swept is not None
    for name in ("W1", "b1", "x", "W2", "b2", "ỹ", "z1", "a1", "z2", "y"):
        np.testing.assert_allclose(found[f"dE/d{name}"], swept[name], rtol=1e-12, atol=1e-15)


def test_a_row_of_the_hessian_agrees_with_differences_of_the_gradient() -> None:
    parsed = differentiate(parse(NETWORK), "E", ["W1"])
    for row in range(6):
        unit = np.eye(6)[row].reshape(3, 2).tolist()
        hessian_row = differentiate(_weighted(parsed, unit), "picked", ["W1", "b2"])
        found = values(hessian_row)
        for name in ("W1", "b2"):
            measured = np.zeros(found[name].size)
            for position in range(measured.size):
                ends = []
                for step in (1e-6, -1e-6):
                    moved = np.array(found[name])
                    moved.flat[position] += step
                    run = engine.prepare(NETWORK, inputs={name: moved.tolist()}).evaluate()
                    assert run.gradients is not None
                    ends.append(np.ravel(run.gradients["W1"])[row])
                measured[position] = (ends[0] - ends[1]) / 2e-6
            exact = np.ravel(found[derivative_name("picked", name)])
            np.testing.assert_allclose(exact, measured, rtol=1e-6, atol=1e-8)


def _weighted(parsed: Parsed, weights: list[list[float]]) -> Parsed:
    """Append `picked`, the sum of dE/dW1 under weights."""
    from engine.language.build import Builder
    from engine.ops import OPS

    builder = Builder.resume(parsed.graph, dict(parsed.literal_of))
    builder.begin("picked", None, "")
    weight = builder.const(np.asarray(weights), None, "")
    product = builder.op(OPS["mul"], (builder.names["dE/dW1"], weight), {}, None, "")
    builder.end(builder.op(OPS["sum"], (product,), {}, None, ""))
    return Parsed(*builder.finish())


def test_a_leaf_the_output_does_not_depend_on_has_derivative_zero() -> None:
    found = values(differentiate(parse("x = 1\nz = [1, 2]\ny = x * x"), "y", ["z"]))
    np.testing.assert_array_equal(found["dy/dz"], [0, 0])


@pytest.mark.parametrize(
    ("output", "wrt", "code"),
    [("x", None, "option.scalar"), ("q", None, "option.node"), ("y", ["q"], "option.node")],
)
def test_what_cannot_be_differentiated_is_refused(
    output: str, wrt: list[str] | None, code: str
) -> None:
    with pytest.raises(OptionError) as caught:
        differentiate(parse("x = [1, 2]\ny = sum(x)"), output, wrt)
    assert caught.value.code == code


def test_a_program_asks_for_a_derivative_by_one_name_after_another() -> None:
    program = engine.prepare("x = 2\nz = 3\ny = x**3 * z", differentiate=["x", "z"])
    found = program.evaluate()
    assert found.output == "d(dy/dx)/dz"
    assert float(found.values[found.output]) == 12
    assert found.gradients is not None
    assert float(found.gradients["x"]) == 12  # type: ignore[arg-type]


def test_inputs_of_another_shape_are_differentiated_too() -> None:
    program = engine.prepare("x = 2\ny = sum(x * x)", differentiate=["x"], inputs={"x": [1, 2, 3]})
    np.testing.assert_array_equal(program.evaluate().values["dy/dx"], [2, 4, 6])


def test_a_derivative_is_traced_and_its_statements_are_one_node_where_they_can() -> None:
    program = engine.prepare("x = 2\ny = x * x + 1", differentiate=["x"])
    program.run.view.check()
    names = [node.name for node in program.run.view]
    assert {"x", "y", "dy/dx"} <= set(names)
    assert len(names) < len(program.run.fine)
    assert [event.kind for event in program.events()][-1] == "finished"


@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_second_derivatives_of_an_example_agree_with_differences(example: engine.Example) -> None:
    program = engine.prepare(example.source, output=example.output)
    shape = program.run.output_shape
    if math.prod(shape) == 1:
        leaf = program.run.view.nodes[0].name
        twice = engine.prepare(example.source, output=example.output, differentiate=[leaf])
        assert check(twice).verdict in ("ok", "kink")
    else:
        with pytest.raises(OptionError):
            engine.prepare(example.source, output=example.output, differentiate=["x"])


def test_a_derivative_that_grows_too_large_is_refused_before_it_is_evaluated() -> None:
    source = "x = 2\ny0 = x\n" + "".join(f"y{i} = sin(y{i - 1})\n" for i in range(1, 50))
    with pytest.raises(engine.EngineError) as caught:
        engine.prepare(source, differentiate=["x"] * 8)
    assert caught.value.code == "limit.exceeded"


def test_derivatives_that_grow_without_end_are_refused_by_a_limit_of_their_own() -> None:
    source = "x = 2\ny = sin(x) * cos(x) * exp(x) * tanh(x)"
    with pytest.raises(engine.EngineError, match="a program with its derivatives"):
        engine.prepare(source, differentiate=["x"] * 8)
    long = "x = 2\n" + "x = sin(x)\n" * 2000
    with pytest.raises(engine.EngineError, match="2001 nodes of a program with its derivatives"):
        engine.prepare(long, differentiate=["x"])
