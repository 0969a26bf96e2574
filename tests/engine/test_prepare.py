"""What a request may ask for, and what is refused before the first event."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import DeviceError, EngineError, LimitError, OptionError
from engine.infer import Limits
from engine.prepare import with_inputs

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"
VECTOR = "x = [1, 2]\nW = [[1, 2], [3, 4], [5, 6]]\ny = W @ x"


def test_inputs_override_leaves_by_name() -> None:
    values = engine.prepare(WORKED, inputs={"u1": 10}).evaluate().values
    assert float(values["u4"]) == 39


def test_a_value_too_large_for_the_precision_is_infinite_as_in_every_array_library() -> None:
    program = engine.prepare("x = 1e300\ny = 2 * x", dtype="float32")
    assert float(program.evaluate().values["y"]) == np.inf


def test_inputs_may_change_a_shape_and_come_as_tensors() -> None:
    tensor = {"shape": [2], "dtype": "float64", "data": [10, 20]}
    values = engine.prepare(WORKED, inputs={"u1": tensor}).evaluate().values
    np.testing.assert_array_equal(values["u4"], [39, 69])


def test_an_op_of_many_operands_is_planned_in_linear_time_and_their_number_is_bounded() -> None:
    started = time.process_time()
    engine.prepare("a = [1, 2]\nb = sum(stack([" + "a, " * 999 + "a]))").evaluate()
    assert time.process_time() - started < 3
    with pytest.raises(LimitError) as error:
        engine.prepare("a = 1\nb = sum(stack([" + "a, " * 1_500 + "a]))")
    assert (error.value.params["asked"], error.value.params["allowed"]) == (1_501, 1000)
    nodes = [{"name": "a", "value": 1}, {"name": "b", "op": "stack", "inputs": ["a"] * 20_000}]
    with pytest.raises(LimitError):
        engine.prepare(graph=nodes)


def test_a_program_of_too_many_nodes_is_not_read_to_its_end() -> None:
    source = "x = 1\n" + "y = sin(x)\n" * 100 + "this is no statement"
    with pytest.raises(LimitError):
        engine.prepare(source, limits=Limits(nodes=50))
    records = [{"name": f"x{i}", "value": 1} for i in range(60)]
    with pytest.raises(LimitError):
        engine.prepare(graph=records, limits=Limits(nodes=50))
    assert engine.prepare(graph=records, limits=Limits(nodes=60))


def test_the_output_is_the_last_statement_computed() -> None:
    assert engine.prepare(WORKED).graph_event.output == "u4"
    assert engine.prepare(WORKED + "\nspare = 1").graph_event.output == "u4"
    assert engine.prepare("x = 1").graph_event.output == "x"


def test_any_node_may_be_the_output() -> None:
    gradients = engine.prepare(WORKED, output="u3").evaluate().gradients
    assert gradients is not None
    assert gradients["u4"] is None
    assert float(gradients["u2"]) == 1


def test_a_vector_output_gives_a_row_of_p_for_each_entry() -> None:
    result = engine.prepare(VECTOR).evaluate()
    assert result.gradients is None and result.adjoints is not None
    np.testing.assert_array_equal(result.adjoints["x"], [[1, 2], [3, 4], [5, 6]])
    assert result.adjoints["W"].shape == (3, 6)
    assert engine.prepare(VECTOR).graph_event.m == 3


def test_a_weight_vector_makes_one_row_of_it() -> None:
    result = engine.prepare(VECTOR, gradient=[1, 0, -1]).evaluate()
    assert result.gradients is not None
    np.testing.assert_array_equal(result.gradients["x"], [-4, -4])
    assert result.gradients["W"].shape == (3, 2)


def test_float32_is_kept_throughout() -> None:
    program = engine.prepare(VECTOR, dtype="float32", gradient=[1, 1, 1])
    for event in program.events():
        if event.kind in ("value", "adjoint", "term"):
            assert event.value.dtype == np.float32
        elif event.kind == "jacobian":
            assert event.jacobian.dense().dtype == np.float32


def test_the_digest_names_the_content() -> None:
    digests = {
        engine.prepare(WORKED).digest,
        engine.prepare(WORKED).digest,
        engine.prepare(WORKED, output="u3").digest,
        engine.prepare(WORKED, inputs={"u1": 3}).digest,
    }
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"output": "u9"}, "option.node"),
        ({"inputs": {"u9": 1}}, "option.node"),
        ({"inputs": {"u3": 1}}, "option.leaf"),
        ({"inputs": {"u1": [[1], [1, 2]]}}, "option.value"),
        ({"inputs": {"u1": "text"}}, "option.value"),
        ({"inputs": {"u1": float("nan")}}, "option.nonfinite"),
        ({"inputs": {"u1": None}}, "option.value"),
        ({"inputs": {"u1": True}}, "option.value"),
        ({"gradient": [1, 2]}, "option.shape"),
        ({"mode": "sideways"}, "option.invalid"),
        ({"granularity": "atom"}, "option.invalid"),
        ({"dtype": "int8"}, "option.invalid"),
        ({"mode": "forward"}, "option.tangents"),
        ({"mode": "forward", "tangents": {"u3": 1}}, "option.leaf"),
        ({"mode": "forward", "tangents": {"u1": [1, 2]}}, "option.shape"),
        ({"device": "tpu"}, "device.unknown"),
        ({"device": "cuda:99"}, "device.unavailable"),
        ({"graph": [{"name": "x", "value": 1}]}, "option.source"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(options: dict[str, Any], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        engine.prepare(WORKED, **options)
    assert caught.value.code == code
    assert isinstance(caught.value, OptionError | DeviceError)


@pytest.mark.parametrize("source", [WORKED, "u1 = [1, 2]\nu2 = [3, 4]\nu4 = u1 @ u2"])
def test_a_program_with_other_values_is_one_prepared_with_them(source: str) -> None:
    program = engine.prepare(source)
    program.evaluate()
    inputs = {"u2": np.asarray(program.evaluate().values["u2"] * 2).tolist()}
    again, fresh = with_inputs(program, inputs), engine.prepare(source, inputs=inputs)
    assert again is not None
    assert again.digest == fresh.digest != program.digest
    assert again.evaluate().values["u4"] == fresh.evaluate().values["u4"]
    assert again.evaluate().values["u4"] != program.evaluate().values["u4"]


@pytest.mark.parametrize("inputs", [{"u1": [1, 2]}, {"u3": 1}, {"u9": 1}, {"u1": "one"}])
def test_a_program_is_prepared_anew_where_values_decide_about_more(inputs: Any) -> None:
    assert with_inputs(engine.prepare(WORKED), inputs) is None
    assert with_inputs(engine.prepare(WORKED, differentiate=["u1"]), {"u1": 3}) is None
