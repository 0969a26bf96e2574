"""A program comes in as text or as data, and goes out as both."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.wire.forms import MOST_ENTRIES
from engine import EXAMPLES

SOURCE = "def f(x):\n    return x * 2\nx = [1, 2]\n# doubled\ny = f(x) + 1"


def answer(client: TestClient, **request: Any) -> dict[str, Any]:
    response = client.post("/api/v1/graph", json=request)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_text_in_both_forms_out_and_data_in_the_same(client: TestClient) -> None:
    first = answer(client, source=SOURCE)
    assert first["source"] == SOURCE
    second = answer(client, graph=first["graph"])
    assert (second["source"], second["graph"]) == (first["source"], first["graph"])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_every_example_has_both_forms_that_mean_the_same(example: Any, client: TestClient) -> None:
    first = answer(client, source=example.source)
    for form in ({"source": first["source"]}, {"graph": first["graph"]}):
        again = answer(client, **form)
        assert (again["source"], again["graph"]) == (first["source"], first["graph"])


def test_a_list_of_nodes_is_a_graph_too(client: TestClient) -> None:
    nodes = [{"name": "x", "value": [1, 2]}, {"name": "y", "op": "tanh", "inputs": ["x"]}]
    assert answer(client, graph=nodes)["source"] == "x = [1, 2]\ny = tanh(x)"


def test_what_is_not_finite_and_derivatives_have_both_forms(client: TestClient) -> None:
    nodes = [{"name": "x", "value": ["NaN"]}, {"name": "y", "op": "neg", "inputs": ["x"]}]
    found = answer(client, graph=nodes, allow_nonfinite=True)
    assert found["source"] == "x = param([nan])\ny = -x"
    assert found["graph"]["nodes"][0]["value"] == ["NaN"]
    assert answer(client, source=found["source"], allow_nonfinite=True)["graph"] == found["graph"]
    derivative = answer(client, source="x = 2\ny = x * x", differentiate=["x"])
    for form in ({"source": derivative["source"]}, {"graph": derivative["graph"]}):
        again = answer(client, **form)
        assert (again["source"], again["graph"]) == (derivative["source"], derivative["graph"])
        assert again["output"] == derivative["output"] == "dy/dx"


def test_large_values_are_not_sent_back(client: TestClient) -> None:
    found = answer(client, source=f"x = zeros({MOST_ENTRIES + 1})\ny = sum(x)")
    assert found["source"] is found["graph"] is None


def test_parts_that_do_not_fit_are_a_problem(client: TestClient) -> None:
    graph = answer(client, source=SOURCE)["graph"]
    graph["nodes"][-1]["path"] = ["z"]
    response = client.post("/api/v1/graph", json={"graph": graph})
    assert response.status_code == 422
    assert response.json()["code"] == "graph.invalid"


def test_the_text_of_blocks_counts_as_source(client: TestClient) -> None:
    graph = answer(client, source=SOURCE)["graph"]
    graph["blocks"][0]["text"] = "#" * 70_000
    response = client.post("/api/v1/graph", json={"graph": graph})
    assert response.json()["code"] == "limit.exceeded"


def test_a_script_of_pytorch_is_answered_on_request_alone(client: TestClient) -> None:
    assert "torch" not in answer(client, source=SOURCE)
    script = answer(client, source=SOURCE, torch=True, gradient=[1, 10])["torch"]
    assert "\ny = x * 2 + 1\n" in script
    assert "weights = torch.tensor([1.0, 10.0])" in script


def test_a_script_of_too_many_numbers_is_not_written(client: TestClient) -> None:
    source = f"x = randn({MOST_ENTRIES + 1})\ny = sum(x)"
    assert answer(client, source=source, torch=True)["torch"] is None


def test_a_script_of_the_good_part_is_answered(client: TestClient) -> None:
    found = answer(client, source="x = 2\ny = x * 3\nz = y * width", torch=True, partial=True)
    assert "\ny = x * 3\n" in found["torch"]
    assert len(found["problems"]) == 1
    assert "torch" not in answer(client, source="y = width", torch=True, partial=True)
