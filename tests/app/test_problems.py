"""Every error is a small problem in the same form, whatever was sent."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import engine
import engine.errors
from app.errors import problem_of

JSON = {"Content-Type": "application/json"}
ADDRESSES = ("graph", "evaluate", "trace")


def post(client: TestClient, name: str, body: bytes | str, **headers: str) -> Any:
    return client.post(f"/api/v1/{name}", content=body, headers={**JSON, **headers})


def problem(response: Any) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = response.json()
    assert content["status"] == response.status_code
    assert content["type"] == f"/problems/{content['code']}"
    assert set(content) - {"span"} == {
        *("type", "title", "status", "detail", "code", "params", "hint")
    }
    assert len(response.content) < 4_096
    return content


HOSTILE = {
    "empty": b"",
    "not JSON": b"{",
    "not an object": b"[1]",
    "a number": b"1",
    "null": b"null",
    "NaN": b'{"source": "x = 1", "inputs": {"x": NaN}}',
    "Infinity": b'{"source": "x = 1", "inputs": {"x": Infinity}}',
    "a huge number": b'{"source": "x = 1", "inputs": {"x": 1e400}}',
    "a huge integer": b'{"source": "x = 1", "inputs": {"x": ' + b"9" * 5_000 + b"}}",
    "a lone surrogate": b'{"source": "x = 1 \\ud800"}',
    "a lone surrogate key": b'{"\\ud800": 1}',
    "bad UTF-8": b'{"source": "x = \xff"}',
    "deep lists": b'{"source": "x = 1", "inputs": {"x": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "very deep lists": b"[" * 100_000,
    "deep objects": b'{"inputs":' * 500 + b"1" + b"}" * 500,
    "unknown field": b'{"source": "x = 1", "sauce": 1}',
    "20,000 unknown fields": json.dumps({f"field{i}": i for i in range(20_000)}).encode(),
    "a long unknown field": json.dumps({"f" * 100_000: 1}).encode(),
    "source of another type": b'{"source": 1}',
    "a ragged list": b'{"source": "x = 1", "inputs": {"x": [[1], [1, 2]]}}',
    "text for a tensor": b'{"source": "x = 1", "inputs": {"x": "one"}}',
    "null for a tensor": b'{"source": "x = 1", "inputs": {"x": null}}',
    "true for a tensor": b'{"source": "x = 1", "inputs": {"x": true}}',
    "neither source nor graph": b"{}",
    "both": b'{"source": "x = 1", "graph": []}',
    "an unknown device": b'{"source": "x = 1", "device": "tpu:0"}',
    "an unknown mode": b'{"source": "x = 1", "mode": "sideways"}',
    "an unknown output": b'{"source": "x = 1", "output": "y"}',
    "unknown inputs": b'{"source": "x = 1", "inputs": {"y": 1}}',
    "a bad gradient": b'{"source": "x = [1, 2]\\ny = x * 2", "gradient": [1, 2, 3]}',
    "nul in the source": b'{"source": "x = 1\\u0000"}',
    "deep brackets": json.dumps({"source": "x = " + "(" * 20_000}).encode(),
    "many signs": json.dumps({"source": "x = " + "-" * 20_000 + "1"}).encode(),
    "a long line": json.dumps({"source": "x = 1" + " + 1" * 15_000}).encode(),
    "a big power": json.dumps({"source": "x = 9 ** 9 ** 9 ** 9 ** 9"}).encode(),
    "an import": json.dumps({"source": "import os"}).encode(),
    "a dunder": json.dumps({"source": "x = ().__class__"}).encode(),
    "a lambda": json.dumps({"source": "x = (lambda: 1)()"}).encode(),
    "records without names": b'{"graph": [{}]}',
    "a cycle": b'{"graph": [{"name": "a", "op": "neg", "inputs": ["a"]}]}',
    "nodes of another type": b'{"graph": {"nodes": 1}}',
    "attrs of another type": b'{"graph": [{"name": "a", "value": [1]},'
    b' {"name": "b", "op": "sum", "inputs": ["a"], "attrs": {"axis": {"x": []}}}]}',
}
FINE = {"a long line", "a huge integer", "many signs", "a big power"}
"""Some of these may be allowed; they must only not break the server."""


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_body_gets_a_small_problem(client: TestClient, name: str, case: str) -> None:
    response = post(client, name, HOSTILE[case])
    if case in FINE and response.status_code == 200:
        return
    assert 400 <= response.status_code < 500, response.text[:500]
    problem(response)


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    content = problem(post(client, "graph", b'"' + b"x" * 2**20 + b'"'))
    assert (content["status"], content["code"]) == (413, "request.size")


def test_a_body_without_a_declared_length_is_counted(client: TestClient) -> None:
    def pieces() -> Any:
        for _ in range(20):
            yield b"x" * 2**16

    content = problem(client.post("/api/v1/graph", content=pieces(), headers=JSON))
    assert content["code"] == "request.size"


def test_a_source_that_is_too_long_is_refused_by_name(client: TestClient) -> None:
    content = problem(post(client, "graph", json.dumps({"source": "#" * 65_537})))
    assert content["code"] == "limit.exceeded"
    assert content["params"]["asked"] == 65_537


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_declared_as_json_is_refused(client: TestClient, media: str) -> None:
    response = client.post("/api/v1/graph", content=b"{}", headers={"Content-Type": media})
    assert problem(response)["code"] == "request.media"


@pytest.mark.parametrize("coding", ["gzip", "br", "x-unknown", "identity, gzip"])
def test_a_compressed_body_is_refused_with_the_remedy(client: TestClient, coding: str) -> None:
    headers = {**JSON, "Content-Encoding": coding}
    response = client.post("/api/v1/trace", content=gzip.compress(b"{}"), headers=headers)
    assert (response.status_code, problem(response)["code"]) == (415, "request.encoding")
    assert "without the header `Content-Encoding`" in response.json()["hint"]
    assert response.headers["accept-encoding"] == "identity"


def test_a_body_that_says_it_is_not_compressed_is_read(client: TestClient) -> None:
    headers = {**JSON, "Content-Encoding": "identity"}
    response = client.post("/api/v1/graph", content=b'{"source": "x = 41"}', headers=headers)
    assert response.status_code == 200


def test_an_unknown_address_is_a_problem(client: TestClient) -> None:
    for path in (
        "/nope",
        "/api/v1/nope",
        "/static/nope.js",
        "/static/../main.py",
        "/locale/xx.json",
    ):
        assert problem(client.get(path))["status"] == 404


def test_a_wrong_method_is_a_problem_that_names_the_right_one(client: TestClient) -> None:
    response = client.get("/api/v1/trace")
    assert problem(response)["code"] == "request.method"
    assert response.headers["allow"] == "POST"


def test_what_cannot_be_accepted_is_a_problem(client: TestClient) -> None:
    response = post(client, "trace", '{"source": "x = 1"}', Accept="image/png")
    assert problem(response)["code"] == "request.accept"


def test_an_unforeseen_error_says_nothing_of_its_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("engine.prepare", fail)
    response = post(client, "graph", '{"source": "x = 1"}')
    assert problem(response)["code"] == "server.error"
    assert "secret" not in response.text
    assert "content-security-policy" in response.headers


def test_the_span_points_at_the_place(client: TestClient) -> None:
    content = problem(post(client, "evaluate", json.dumps({"source": "u1 = 2\nu3 = u1 +"})))
    assert content["code"] == "syntax.incomplete"
    assert content["span"]["line"] == 2


def test_a_shape_error_names_both_shapes_and_the_statement(client: TestClient) -> None:
    source = "W = [[1, 2], [3, 4]]\nx = [1, 2, 3]\nz = W @ x"
    content = problem(post(client, "trace", json.dumps({"source": source})))
    assert "(2, 2)" in content["detail"]
    assert "(3,)" in content["detail"]
    assert "W @ x" in content["detail"]
    assert content["span"]["line"] == 3


def test_a_number_too_large_for_json_travels_as_text(client: TestClient) -> None:
    source = "a = 1\nb = broadcast_to(a, (2000000000, 2000000000, 2000000000))"
    answer = client.post("/api/v1/graph", json={"source": source})
    assert answer.status_code == 422
    assert answer.json()["params"]["asked"] == str(8 * 10**27)


@pytest.mark.parametrize("address", ["/lab", "/healthz", "/api/v1/ops"])
def test_head_is_answered_where_get_is(client: TestClient, address: str) -> None:
    assert client.head(address, follow_redirects=False).status_code == 200


def test_a_problem_tells_of_several_errors_and_stays_small() -> None:
    first = engine.EngineError("name.unknown", engine.errors.Span(1, 1, 1, 2), name="q")
    first.others = tuple(  # type: ignore[attr-defined]
        engine.EngineError("name.unknown", engine.errors.Span(i, 1, i, 2), name="q" * 80)
        for i in range(2, 40)
    )
    problem = problem_of(first)
    assert problem["span"]["line"] == 1
    assert [each["span"]["line"] for each in problem["errors"]] == list(range(1, 9))
    assert len(json.dumps(problem)) < 8 * 1024
    assert "errors" not in problem["errors"][0]


def test_errors_that_are_too_long_together_are_fewer() -> None:
    first = engine.EngineError("op.unknown", name="q", count=1, ops="x" * 3000)
    first.others = (first, first, first)  # type: ignore[attr-defined]
    problem = problem_of(first)
    assert len(json.dumps(problem)) < 8 * 1024
    assert "errors" not in problem
