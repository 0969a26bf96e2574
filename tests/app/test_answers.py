"""What `evaluate`, `window` and `check` answer over HTTP."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import engine
from app.main import create_app
from app.settings import Settings

NETWORK = "W = [[1, 2, 3], [4, 5, 6]]\nx = [1, 0, -1]\ny = tanh(W @ x)"
BYTES = {"Accept": "application/octet-stream"}


def post(client: TestClient, name: str, headers: Any = None, **body: Any) -> Any:
    answer = client.post(f"/api/v1/{name}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_window_tells_the_whole_shape_and_the_ranges(client: TestClient) -> None:
    found = post(client, "window", source=NETWORK, what="value", node="W", ranges=[[0, 1]]).json()
    assert found == {
        "what": "value",
        "node": "W",
        "shape": [2, 3],
        "ranges": [[0, 1, 1], [0, 3, 1]],
        "entries": {"shape": [1, 3], "dtype": "float64", "data": [[1.0, 2.0, 3.0]]},
    }


def test_a_window_of_a_jacobian_names_its_edge(client: TestClient) -> None:
    edge = {"from": "W", "to": "y", "slot": 0}
    found = post(client, "window", source=NETWORK, what="jacobian", edge=edge).json()
    assert found["edge"] == edge
    assert found["shape"] == [2, 6]
    assert "node" not in found


def test_a_window_is_sent_whole_beyond_what_events_show(client: TestClient) -> None:
    source = "x = 1\ny = x * broadcast_to(1, (300, 200))\nz = sum(y)"
    body = {"source": source, "what": "value", "node": "y"}
    assert np.shape(post(client, "window", **body).json()["entries"]["data"]) == (300, 200)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_bytes_are_little_endian_and_the_headers_say_the_rest(
    client: TestClient, dtype: str
) -> None:
    body = {"source": NETWORK, "what": "adjoint", "node": "W", "dtype": dtype}
    raw = post(client, "window", BYTES, **body)
    data = np.array(post(client, "window", **body).json()["entries"]["data"], dtype=dtype)
    code = {"float64": "<f8", "float32": "<f4"}[dtype]
    assert raw.headers["content-type"] == "application/octet-stream"
    assert (raw.headers["x-tensor-shape"], raw.headers["x-tensor-dtype"]) == ("2,6", dtype)
    np.testing.assert_array_equal(np.frombuffer(raw.content, code).reshape(2, 6), data)


def test_a_scalar_as_bytes_has_an_empty_shape(client: TestClient) -> None:
    raw = post(client, "window", BYTES, source="x = 2", what="value", node="x")
    assert raw.headers["x-tensor-shape"] == ""
    assert np.frombuffer(raw.content, "<f8").tolist() == [2.0]


def test_a_window_is_bounded_by_the_settings() -> None:
    with TestClient(create_app(Settings(window_entries=4, evaluator="threads"))) as client:
        body = {"source": NETWORK, "what": "value", "node": "W"}
        problem = client.post("/api/v1/window", json=body).json()
        assert (problem["code"], problem["params"]["asked"]) == ("limit.exceeded", 6)


def test_a_check_tells_the_worst_entry_of_each_node(client: TestClient) -> None:
    found = post(client, "check", source=NETWORK, entry={"node": "x", "index": [2]}).json()
    assert (found["verdict"], found["m"], found["output"]) == ("ok", 2, "y")
    assert [node["node"] for node in found["nodes"]] == ["W", "x"]
    assert found["nodes"][0]["worst"]["index"] is not None
    assert len(found["curve"]["steps"]) == len(found["curve"]["errors"]) == 12


def test_numbers_that_are_not_finite_travel_as_words(client: TestClient) -> None:
    found = post(client, "check", source="x = 0\ny = sqrt(x)").json()
    assert found["verdict"] == "kink"
    assert found["nodes"][0]["absolute"] == "Infinity"
    assert found["nodes"][0]["worst"]["numeric"] == "NaN"


def test_evaluate_says_where_a_nan_came_from(client: TestClient) -> None:
    found = post(client, "evaluate", source="x = -1\ny = log(x)\nz = y * 2").json()
    assert found["origins"] == [
        {"of": "value", "node": "y", "kind": "nan", "entry": 0, "count": 1},
    ]


def test_evaluate_says_where_an_infinite_derivative_came_in(client: TestClient) -> None:
    found = post(client, "evaluate", source="x = 0\ny = sqrt(x)\nz = y * 2").json()
    assert found["origins"] == [
        {"of": "adjoint", "node": "x", "kind": "infinity", "entry": 0, "count": 1},
    ]


def test_an_evaluation_of_numbers_has_no_origins(client: TestClient) -> None:
    assert "origins" not in post(client, "evaluate", source=NETWORK).json()


def test_a_derivative_is_a_program_to_be_shown_traced_and_checked(client: TestClient) -> None:
    body = {"source": "x = 2\ny = x**3", "differentiate": ["x", "x"]}
    graph = post(client, "graph", **body).json()
    assert graph["output"] == "d(dy/dx)/dx"
    assert post(client, "evaluate", **body).json()["values"]["d(dy/dx)/dx"]["data"] == 12
    assert post(client, "check", **body).json()["verdict"] == "ok"
    assert '"finished"' in post(client, "trace", **body).text


def test_one_op_and_one_example_are_found_by_name(client: TestClient) -> None:
    assert client.get("/api/v1/ops/tanh").json()["name"] == "tanh"
    op = next(op for op in engine.OPS.values() if op.aliases)
    assert client.get(f"/api/v1/ops/{op.aliases[0]}").json()["name"] == op.name
    example = client.get("/api/v1/examples/worked-example").json()
    assert example == client.get("/api/v1/examples").json()[0]
    assert client.get("/api/v1/examples/nothing").status_code == 404
