"""A graph given as records is equal in power to text."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine.errors import EngineError
from engine.values import tensor_value

WORKED: list[dict[str, Any]] = [
    {"name": "u4", "op": "mul", "inputs": ["u2", "u3"]},
    {"name": "u1", "value": 2},
    {"name": "u2", "value": {"shape": [], "data": 3.0}},
    {"name": "u3", "op": "add", "inputs": ["u1", "u2"], "attrs": {}},
]


def test_records_give_the_same_numbers_as_text() -> None:
    result = engine.prepare(graph=WORKED).evaluate()
    assert result.output == "u4" and result.gradients is not None
    assert {name: float(value) for name, value in result.gradients.items()} == {
        "u1": 3,
        "u2": 8,
        "u3": 3,
        "u4": 1,
    }


def test_a_leaf_may_be_exempt_from_differentiation() -> None:
    records = [*WORKED[:1], {"name": "u1", "value": 2, "requires_grad": False}, *WORKED[2:]]
    events = list(engine.prepare(graph=records).events())
    assert {e.node for e in events if e.kind == "adjoint"} == {"u2", "u3", "u4"}
    assert all(e.edge.source != "u1" for e in events if e.kind == "jacobian")


def test_attributes_are_read() -> None:
    records = [
        {"name": "x", "value": [[1, 2], [3, 4]]},
        {"name": "s", "op": "sum", "inputs": ["x"], "attrs": {"axis": [0]}},
    ]
    assert engine.prepare(graph=records).evaluate().values["s"].tolist() == [4, 6]


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([], "syntax.empty"),
        ([{"name": "x", "value": 1}, {"name": "x", "value": 2}], "graph.invalid"),
        ([{"name": "not a word", "value": 1}], "graph.invalid"),
        ([{"name": "x"}], "option.value"),
        ([{"name": "x", "op": "neg", "inputs": ["y"]}], "graph.invalid"),
        (
            [
                {"name": "x", "op": "neg", "inputs": ["y"]},
                {"name": "y", "op": "neg", "inputs": ["x"]},
            ],
            "graph.invalid",
        ),
        ([{"name": "x", "value": 1}, {"name": "y", "op": "frob", "inputs": ["x"]}], "op.unknown"),
        (
            [{"name": "x", "value": 1}, {"name": "y", "op": "sigmod", "inputs": ["x"]}],
            "op.misspelled",
        ),
        ([{"name": "x", "value": 1}, {"name": "y", "op": "add", "inputs": ["x"]}], "op.arguments"),
        (
            [
                {"name": "x", "value": 1},
                {"name": "y", "op": "sum", "inputs": ["x"], "attrs": {"axis": "a"}},
            ],
            "op.attribute",
        ),
    ],
)
def test_a_faulty_record_is_refused(records: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        engine.prepare(graph=records)
    assert caught.value.code == code


def test_a_cycle_is_shown() -> None:
    records = [
        {"name": n, "op": "neg", "inputs": [m]} for n, m in (("a", "b"), ("b", "c"), ("c", "a"))
    ]
    with pytest.raises(EngineError, match="→"):
        engine.prepare(graph=records)


@pytest.mark.parametrize(
    "value",
    [
        {"shape": [2, 1], "data": [1, 2]},
        {"shape": [-1], "data": [1]},
        {"shape": [1.0], "data": [1]},
        {"shape": [True], "data": [1]},
        {"shape": "1", "data": [1]},
        {"shape": 1, "data": [1]},
        {"shape": [], "data": [1]},
        {"shape": [3, 0], "data": []},
        {"shape": [0] * 100, "data": []},
        {"shape": [10**30], "data": 1},
        {"shape": [0, 10**30], "data": []},
        {"shape": [1], "data": [1], "dtype": "object"},
        {"shape": [1], "data": [1], "dtype": ["float64"]},
        {},
    ],
)
def test_a_tensor_object_that_contradicts_itself_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        engine.prepare(graph=[{"name": "x", "value": value}])
    assert caught.value.code == "option.value"


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"shape": [2, 1], "data": [[1], [2]], "dtype": "float32"}, (2, 1)),
        ({"shape": [0, 3], "data": []}, (0, 3)),
        ({"shape": [2, 0, 3], "data": [[], []]}, (2, 0, 3)),
        ({"shape": [], "data": 1}, ()),
        ({"data": [1, 2]}, (2,)),
        ([], (0,)),
    ],
)
def test_a_tensor_object_has_the_shape_it_says(value: object, shape: tuple[int, ...]) -> None:
    assert tensor_value(value, "inputs", "x").shape == shape
