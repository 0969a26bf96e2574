"""Elementwise ops far from where they are tested by differences: large, small, in float32."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import engine
from engine.backend import backend
from engine.jacobians.jacobian import Labelled
from engine.ops import OPS
from engine.sweeps.local import local_rule
from tests.engine.test_ops import EVERY, Case


def value(name: str, *inputs: Any, **attrs: Any) -> Any:
    with np.errstate(all="ignore"):
        return OPS[name].forward(np, *(np.asarray(x, dtype=float) for x in inputs), **attrs)


def partials(name: str, *inputs: Any, **attrs: Any) -> list[Any]:
    arrays = [np.asarray(x, dtype=float) for x in inputs]
    shapes, where = [x.shape for x in arrays], backend("cpu")
    with where.quiet():
        out = OPS[name].forward(np, *arrays, **attrs)
        rules = [local_rule(OPS[name], s, shapes, out.shape, attrs) for s in range(len(arrays))]
        found = [rule.jacobian(where, np.dtype(float), arrays, out) for rule in rules]
    return [each.value for each in found if isinstance(each, Labelled)]


def test_erf_is_as_exact_as_the_standard_library(rng: Any) -> None:
    x = np.concatenate([rng.uniform(-6, 6, 500), rng.uniform(-0.6, 0.6, 500), [0.46875, 4.0]])
    np.testing.assert_allclose(value("erf", x), [math.erf(each) for each in x], rtol=2e-15)


def test_erfc_keeps_its_digits_where_it_is_tiny(rng: Any) -> None:
    x = np.concatenate([rng.uniform(-6, 26, 1000), [0.46875, 4.0]])
    np.testing.assert_allclose(value("erfc", x), [math.erfc(each) for each in x], rtol=3e-15)


def test_erf_at_infinity_and_nan() -> None:
    ends = [np.inf, -np.inf, 100.0, -100.0, np.nan]
    np.testing.assert_array_equal(value("erf", ends), [1, -1, 1, -1, np.nan])
    np.testing.assert_array_equal(value("erfc", ends), [0, 2, 0, 2, np.nan])


@pytest.mark.parametrize(
    ("name", "far_left", "far_right", "slopes"),
    [
        ("sigmoid", 0, 1, (0, 0)),
        ("logsigmoid", -800, 0, (1, 0)),
        ("softplus", 0, 800, (0, 1)),
        ("silu", 0, 800, (0, 1)),
        ("mish", 0, 800, (0, 1)),
        ("gelu", 0, 800, (0, 1)),
        ("elu", -1, 800, (0, 1)),
        ("celu", -1, 800, (0, 1)),
        ("tanh", -1, 1, (0, 0)),
        ("relu", 0, 800, (0, 1)),
    ],
)
def test_an_activation_does_not_overflow(
    name: str, far_left: float, far_right: float, slopes: tuple[float, float]
) -> None:
    x = [-800.0, 800.0]
    np.testing.assert_allclose(value(name, x), [far_left, far_right], atol=1e-300)
    np.testing.assert_allclose(partials(name, x)[0], slopes, atol=1e-300)


@pytest.mark.parametrize("name", ["elu", "selu", "celu", "softplus", "mish", "silu", "gelu"])
def test_second_derivatives_far_out_are_finite(name: str) -> None:
    from engine.language.parse import parse
    from engine.sweeps.differentiate import derivative_name, differentiate
    from engine.sweeps.evaluate import evaluate

    for x in (-800.0, 800.0):
        once = differentiate(parse(f"x = {x}\ny = {name}(x)"), "y", ["x"])
        twice = differentiate(once, derivative_name("y", "x"), ["x"])
        last = derivative_name(derivative_name("y", "x"), "x")
        found = evaluate(twice.graph, twice.literal_of, backend("cpu"))
        assert float(found[twice.graph.id_of[last]]) == pytest.approx(0, abs=1e-300)


def test_small_numbers_keep_their_digits() -> None:
    np.testing.assert_allclose(value("expm1", 1e-20), 1e-20, rtol=1e-15)
    np.testing.assert_allclose(value("log1p", 1e-20), 1e-20, rtol=1e-15)
    np.testing.assert_allclose(value("logsigmoid", 40.0), -math.exp(-40), rtol=1e-15)
    np.testing.assert_allclose(value("gelu", -10.0), -5 * math.erfc(math.sqrt(50)), rtol=1e-13)
    np.testing.assert_allclose(partials("expm1", -50.0), [math.exp(-50)], rtol=1e-15)


def test_logaddexp_and_hypot_do_not_overflow() -> None:
    assert value("logaddexp", 1000.0, 1000.0) == 1000 + math.log(2)
    np.testing.assert_allclose(partials("logaddexp", 1000.0, 1000.0), [0.5, 0.5])
    np.testing.assert_allclose(partials("hypot", 3e200, 4e200), [0.6, 0.8])


SINGLE = [case for case in EVERY if case.op.elementwise and all(case.shapes)]


@pytest.mark.parametrize("case", SINGLE, ids=str)
def test_float32_stays_float32(case: Case, rng: Any) -> None:
    inputs = [np.asarray(x, dtype=np.float32) for x in case.inputs(rng)]
    out = case.op.forward(np, *inputs, **case.attrs)
    assert out.dtype == np.float32
    for slot in case.slots:
        rule = local_rule(case.op, slot, case.shapes, out.shape, case.attrs)
        found = rule.jacobian(backend("cpu"), np.dtype("float32"), inputs, out)
        rows = np.ones((2, *out.shape), dtype=np.float32)
        assert found.left(rows).dtype == np.float32


@pytest.mark.parametrize(("name", "slot"), [("where", 0), ("masked_fill", 1)])
def test_a_mask_of_truth_values_does_not_widen_float32(name: str, slot: int) -> None:
    inputs: list[Any] = [np.ones(3, dtype=np.float32)] * 3
    inputs[slot] = np.array([True, False, True])
    out = OPS[name].forward(np, *inputs)
    rule = local_rule(OPS[name], 2, [(3,)] * 3, (3,), {})
    found = rule.jacobian(backend("cpu"), np.dtype("float32"), inputs, out)
    assert out.dtype == found.left(out[None]).dtype == np.float32


@pytest.mark.parametrize(
    "call",
    [
        "torch.clamp(x, min=0, max=1)",
        "np.clip(x, 0, 1)",
        "np.clip(x, a_min=0, a_max=1)",
        "x.clamp(max=1, min=0)",
        "clip(x, None, 1) * (x >= 0)",
        "F.hardtanh(x, 0, 1)",
        "np.minimum(torch.maximum(x, 0), 1)",
        "F.relu(x) - F.relu(x - 1)",
        "torch.where(x > 1, 1, (x > 0) * x)",
        "x.masked_fill(x < 0, 0) * (x <= 1) + (x > 1)",
        "torch.lerp(0, x, (x > 0) * (x <= 1)) + np.greater(x, 1)",
    ],
)
def test_names_of_both_libraries_mean_the_same(call: str) -> None:
    result = engine.prepare(f"x = [-0.5, 0.25, 1.5]\ny = {call}").evaluate({})
    np.testing.assert_array_equal(result.values["y"], [0, 0.25, 1])


@pytest.mark.parametrize(
    "call", ["dropout(x, x, p=1.5)", "dropout(x, x, -0.1)", "gelu(x, 'cubic')"]
)
def test_an_attribute_out_of_range_is_refused(call: str) -> None:
    with pytest.raises(engine.EngineError) as raised:
        engine.prepare(f"x = 1\ny = {call}")
    assert raised.value.code == "op.attribute"


def test_remainders_have_python_s_operators() -> None:
    result = engine.prepare("x = [7, -7]\ny = x % 3\nz = x // 3").evaluate({})
    np.testing.assert_array_equal(result.values["y"], [1, 2])
    np.testing.assert_array_equal(result.values["z"], [2, -3])
