"""The API answers as the design says: the worked example, number by number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import engine

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"


def post(client: TestClient, name: str, **request: Any) -> Any:
    response = client.post(f"/api/v1/{name}", json=request)
    assert response.status_code == 200, response.text
    return response


def events(client: TestClient, **request: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in post(client, "trace", **request).text.splitlines()]


def test_the_graph_of_the_worked_example(client: TestClient) -> None:
    graph = post(client, "graph", source=WORKED).json()
    assert "kind" not in graph
    assert "seq" not in graph
    assert graph["order"] == ["u1", "u2", "u3", "u4"]
    assert [(e["from"], e["to"], e["slot"]) for e in graph["edges"]] == [
        ("u1", "u3", 0),
        ("u2", "u3", 1),
        ("u2", "u4", 0),
        ("u3", "u4", 1),
    ]
    cost = graph["cost"]
    assert set(cost) == {"flops", "bytes", "reverse", "forward"}
    assert cost["forward"] == {"passes": 2, "multiplications": 4, "bytes": 96}


def test_the_values_and_gradients_of_the_worked_example(client: TestClient) -> None:
    answer = post(client, "evaluate", source=WORKED).json()
    values = {name: tensor["data"] for name, tensor in answer["values"].items()}
    gradients = {name: tensor["data"] for name, tensor in answer["gradients"].items()}
    assert values == {"u1": 2, "u2": 3, "u3": 5, "u4": 15}
    assert gradients == {"u1": 3, "u2": 8, "u3": 3, "u4": 1}
    assert "adjoints" not in answer
    assert (answer["output"], answer["dtype"], answer["device"]) == ("u4", "float64", "cpu")


def test_a_vector_output_has_adjoints(client: TestClient) -> None:
    answer = post(client, "evaluate", source="x = [1, 2]\ny = x * x").json()
    assert "gradients" not in answer
    assert answer["adjoints"]["x"]["data"] == [[2, 0], [0, 4]]


def test_a_weight_vector_gives_gradients_again(client: TestClient) -> None:
    answer = post(client, "evaluate", source="x = [1, 2]\ny = x * x", gradient=[1, 10]).json()
    assert answer["gradients"]["x"]["data"] == [2, 40]


def test_a_node_that_is_not_reached_has_null(client: TestClient) -> None:
    answer = post(client, "evaluate", source="x = 1\nz = 5\ny = x * x").json()
    assert answer["gradients"]["z"] is None


def test_inputs_override_leaves(client: TestClient) -> None:
    tensor = {"shape": [], "dtype": "float64", "data": 10}
    for value in (10, tensor):
        answer = post(client, "evaluate", source=WORKED, inputs={"u1": value}).json()
        assert answer["values"]["u4"]["data"] == 39


NODES = [
    {"name": "u1", "value": 2.0},
    {"name": "u2", "value": 3.0},
    {"name": "u3", "op": "add", "inputs": ["u1", "u2"]},
    {"name": "u4", "op": "mul", "inputs": ["u2", "u3"]},
]


@pytest.mark.parametrize("graph", [NODES, {"nodes": NODES}])
def test_a_graph_as_data_means_the_same(client: TestClient, graph: Any) -> None:
    answer = post(client, "evaluate", graph=graph).json()
    assert answer["gradients"]["u2"]["data"] == 8


def test_the_trace_of_the_worked_example(client: TestClient) -> None:
    seen = events(client, source=WORKED)
    assert [event["seq"] for event in seen] == list(range(len(seen)))
    assert seen[0]["kind"] == "graph"
    assert seen[0]["steps"] == len(seen) - 1
    assert seen[-1]["kind"] == "finished"

    def of(kind: str, field: str = "value") -> list[Any]:
        return [event[field]["data"] for event in seen if event["kind"] == kind]

    assert of("value") == [2, 3, 5, 15]
    assert of("jacobian", "dense") == [[[1]], [[1]], [[5]], [[3]]]
    assert of("seed") == [[[1]]]
    assert of("term") == [[[3]], [[5]], [[3]], [[3]]]
    assert of("accumulate") == [[[3]], [[5]], [[8]], [[3]]]
    assert of("adjoint") == [[[1]], [[3]], [[8]], [[3]]]
    assert [event["missing"] for event in seen if event["kind"] == "accumulate"] == [0, 1, 0, 0]


def test_a_stream_is_not_cached_nor_buffered(client: TestClient) -> None:
    headers = post(client, "trace", source=WORKED).headers
    assert headers["content-type"] == "application/jsonl"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"


def test_forward_mode_sends_tangents(client: TestClient) -> None:
    seen = events(client, source=WORKED, mode="forward", tangents={"u2": 1})
    tangents = {e["node"]: e["value"]["data"] for e in seen if e["kind"] == "tangent"}
    assert tangents["u4"] == 8


def test_the_network_has_eleven_nodes(client: TestClient) -> None:
    example = next(e for e in engine.EXAMPLES if e.name == "two-layer-network")
    graph = events(client, source=example.source)[0]
    assert len(graph["nodes"]) == 11
    assert [node["id"] for node in graph["nodes"]] == list(range(1, 12))


def test_nan_travels_as_a_string(client: TestClient) -> None:
    seen = events(client, source="x = -1\ny = log(x)")
    assert seen[2]["value"]["data"] == "NaN"


def test_examples_are_bilingual_and_run(client: TestClient) -> None:
    examples = client.get("/api/v1/examples").json()
    assert [example["name"] for example in examples] == [e.name for e in engine.EXAMPLES]
    for example in examples:
        assert set(example["title"]) == set(example["text"]) == {"en", "zh-CN"}
        fields = {name: example[name] for name in ("source", "output", "gradient")}
        answer = post(client, "evaluate", **fields).json()
        assert answer["output"] == post(client, "graph", source=example["source"]).json()["output"]
        assert answer["output"] == example["output"]


def test_ops_are_those_of_the_registry(client: TestClient) -> None:
    listed = client.get("/api/v1/ops").json()
    assert [op["name"] for op in listed if op["kind"] == "op"] == list(engine.OPS)
    assert {"attention", "lstm_cell"} <= {op["name"] for op in listed if op["kind"] == "block"}


def test_the_server_says_that_it_is_well(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_openapi_has_a_real_example_for_every_answer(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for operations in paths.values():
        for operation in operations.values():
            for media, content in operation["responses"]["200"]["content"].items():
                assert media == "application/octet-stream" or content["example"]
    example = paths["/api/v1/evaluate"]["post"]["requestBody"]["content"]["application/json"]
    assert client.post("/api/v1/evaluate", json=example["example"]).status_code == 200
