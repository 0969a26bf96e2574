"""A graph given as records is equal in power to text."""

from __future__ import annotations

import json
from typing import Any

import pytest

import engine
from engine.errors import EngineError
from engine.forms.equal import alike
from engine.forms.records import from_records, to_records
from engine.forms.source import source
from engine.forms.values import tensor_value
from engine.language.parse import parse
from tests.engine.programs import PROGRAMS

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
        ([{"name": "lambda", "value": 1}], "graph.invalid"),
        ([{"name": "ﬁ", "value": 1}], "graph.invalid"),
        ([{"name": "x", "value": 1}, {"name": "y", "inputs": ["x"]}], "graph.invalid"),
        (
            [{"name": "x", "value": 1}, {"name": "y", "op": "neg", "inputs": ["x"], "value": 1}],
            "graph.invalid",
        ),
        (
            [
                {"name": "x", "value": 1},
                {"name": "y", "op": "neg", "inputs": ["x"], "requires_grad": False},
            ],
            "graph.invalid",
        ),
        ([{"name": "x", "op": "neg"}], "op.arguments"),
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


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_what_is_written_as_data_reads_back_as_the_same_graph(text: str) -> None:
    parsed = parse(text)
    form = json.loads(json.dumps(to_records(parsed)))
    assert alike(from_records(form, nonfinite=True), parsed)


def test_a_statement_of_several_ops_keeps_its_name_and_its_place_in_the_source() -> None:
    form = to_records(parse("x = 2\ny = 2 * x + 1"))
    assert [each["name"] for each in form["nodes"]] == ["x", "y.1", "y.3", "y.2", "y"]
    assert form["nodes"][1] == {"name": "y.1", "op": "const", "value": 2.0, "path": ["y"]}
    node = engine.prepare(graph=form).graph_event.nodes[-1]
    assert (node.name, node.op, node.source) == ("y", "group", "y = 2 * x + 1")


def test_a_constant_that_stands_alone_is_a_leaf_without_a_derivative() -> None:
    parsed = from_records([{"name": "c", "op": "const", "value": 2}])
    assert source(parsed) == "c = const(2)"


def test_a_call_is_data_too() -> None:
    form = to_records(parse("def f(x, k=2):\n    return x * k\nx = 3\ny = f(x) + 1"))
    assert form["blocks"][0]["parameters"] == ["x", "k"]
    (group,) = form["groups"]
    assert group["path"] == ["y", "y.f"] and group["block"] == "f"
    assert group["arguments"] == [["x", {"node": "x"}], ["k", 2]]


def test_values_that_are_not_finite_survive() -> None:
    form = {"nodes": [{"name": "x", "value": ["NaN", "-Infinity"]}]}
    back = to_records(from_records(form, nonfinite=True))
    assert back["nodes"][0]["value"] == ["NaN", "-Infinity"]
    with pytest.raises(EngineError):
        from_records(form)


def nodes_of(text: str) -> dict[str, Any]:
    return json.loads(json.dumps(to_records(parse(text))))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda form: form["nodes"][1].update(path=["z"]), "statements"),
        (lambda form: form["nodes"][2].update(name="y.7"), "before it"),
        (lambda form: form["nodes"].reverse(), "before it"),
        (lambda form: form["nodes"][0].update(name="y"), "before it"),
        (lambda form: form["groups"][0].update(value="w"), "no node"),
        (lambda form: form["groups"][0].update(block="g"), "statements"),
        (lambda form: form["blocks"][0].update(text="def f(x):\n    return x + 2"), "statements"),
        (lambda form: form["blocks"][0].update(text="import os"), "statements"),
        (lambda form: form.pop("blocks"), "statements"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(change: Any, part: str) -> None:
    form = nodes_of("def f(x):\n    return x * 2\nx = 3\ny = f(x) + 1")
    change(form)
    with pytest.raises(EngineError, match=part) as caught:
        from_records(form)
    assert caught.value.code == "graph.invalid"


def test_a_name_bound_again_is_allowed_where_a_program_could_do_it() -> None:
    records = [
        {"name": "h", "value": 1},
        {"name": "h@2", "op": "neg", "inputs": ["h"]},
        {"name": "y", "op": "mul", "inputs": ["h", "h@2"]},
    ]
    assert source(from_records(records)) == "h = 1\nh_1 = [h]\nh = -h\ny = h_1[0] * h"
    with pytest.raises(EngineError):
        from_records([records[0], {**records[1], "name": "h@3"}])


def test_the_output_that_a_program_chooses_travels_along() -> None:
    form = nodes_of("x = 2\ny = x * x\nz = y + 1\ny.backward()")
    assert form["output"] == "y"
    assert engine.prepare(graph=form).evaluate().output == "y"
    assert "\ny.backward()\n" in source(from_records(form))
    flat = [{"name": "x", "value": 2}, {"name": "y", "op": "neg", "inputs": ["x"]}]
    assert engine.prepare(graph={"nodes": flat, "output": "x"}).evaluate().output == "x"
    with pytest.raises(EngineError, match="w"):
        from_records({"nodes": flat, "output": "w"})


def test_a_mask_may_be_infinite_and_what_is_differentiated_may_not() -> None:
    parsed = parse("x = [1, 2]\nm = [0, -inf]\ny = softmax(x + m + np.full(2, -np.inf))")
    form = json.loads(json.dumps(to_records(parsed)))
    assert alike(from_records(form), parsed)
    form["nodes"][0]["value"] = [1, "Infinity"]
    with pytest.raises(EngineError) as caught:
        from_records(form)
    assert caught.value.code == "option.nonfinite"


def test_text_with_nan_needs_the_same_leave_as_data() -> None:
    text = "x = param([1, nan])\ny = sum(x)"
    with pytest.raises(EngineError) as caught:
        engine.prepare(text)
    assert caught.value.code == "literal.number"
    assert engine.prepare(text, allow_nonfinite=True).evaluate().gradients is not None
