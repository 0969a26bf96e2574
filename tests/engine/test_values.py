"""Tensors from outside, and back."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import EngineError
from engine.forms.values import spelled, tensor_value
from tests.engine.test_ops import EVERY, Case


@pytest.mark.parametrize(
    "array",
    [
        np.asarray(1.5),
        np.asarray([[1.0, -0.0], [np.nan, -np.inf]]),
        np.asarray(np.inf),
        np.zeros((0, 3)),
        np.zeros((2, 0)),
        np.asarray([5e-324, 1.7976931348623157e308, 0.1]),
    ],
    ids=str,
)
def test_what_is_written_out_is_read_back_to_the_bit(array: Any) -> None:
    back = tensor_value(spelled(array), "graph", "x", nonfinite=True)
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize("value", ["NaN", [1, "Infinity"], {"data": "-Infinity"}, math.inf])
def test_what_is_not_finite_is_refused_unless_allowed(value: object) -> None:
    with pytest.raises(EngineError) as caught:
        tensor_value(value, "inputs", "x")
    assert caught.value.code == "option.nonfinite"
    assert not np.isfinite(tensor_value(value, "inputs", "x", nonfinite=True)).all()


@pytest.mark.parametrize("value", ["nan", ["inf"], "1.5", [[1], ["NaN", 2]]])
def test_other_words_are_no_numbers(value: object) -> None:
    with pytest.raises(EngineError) as caught:
        tensor_value(value, "inputs", "x", nonfinite=True)
    assert caught.value.code == "option.value"


def test_values_that_are_not_finite_go_all_the_way_through() -> None:
    given: dict[str, Any] = {"inputs": {"x": ["NaN", 1]}, "gradient": ["Infinity", 1]}
    program = engine.prepare("x = [1, 2]\ny = 2 * x", **given, allow_nonfinite=True)
    found = program.evaluate()
    assert found.gradients is not None
    assert np.isnan(found.values["y"][0]) and np.isinf(found.gradients["x"][0])  # type: ignore[index]
    with pytest.raises(EngineError) as caught:
        engine.prepare("x = [1, 2]\ny = 2 * x", **given)
    assert caught.value.code == "option.nonfinite"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("case", {case.op.name: case for case in EVERY}.values(), ids=str)
def test_no_op_fails_at_values_that_are_not_finite(case: Case, value: float) -> None:
    names = [case.op.argument(i) for i in range(len(case.shapes))]
    leaves = [
        {"name": name, "value": np.full(shape, value).tolist()}
        for name, shape in zip(names, case.shapes, strict=True)
        if 0 not in shape
    ]
    node = {"name": "result", "op": case.op.name, "inputs": names, "attrs": dict(case.attrs)}
    if len(leaves) < len(names):
        pytest.skip("an empty tensor has no values")
    with suppress(EngineError):
        for _ in engine.prepare(graph=[*leaves, node], allow_nonfinite=True).events():
            pass
