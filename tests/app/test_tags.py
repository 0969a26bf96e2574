"""Entity tags: the same content, the same tag; a GET that has it is told so."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

GETS = [
    "/api/v1/ops",
    "/api/v1/ops/tanh",
    "/api/v1/examples",
    "/api/v1/examples/worked-example",
    "/openapi.json",
]


@pytest.mark.parametrize("path", GETS)
def test_a_get_that_has_the_answer_gets_no_body(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == tag
    assert "content-length" not in again.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_two_posts_of_one_program_have_one_tag(client: TestClient) -> None:
    body = {"source": "x = 2\ny = x * x"}
    tags = {client.post("/api/v1/evaluate", json=body).headers["etag"] for _ in range(2)}
    other = client.post("/api/v1/evaluate", json={"source": "x = 3\ny = x * x"}).headers["etag"]
    assert len(tags) == 1
    assert other not in tags


def test_a_post_is_carried_out_whatever_the_client_has(client: TestClient) -> None:
    body = {"source": "x = 2\ny = x * x"}
    tag = client.post("/api/v1/evaluate", json=body).headers["etag"]
    again = client.post("/api/v1/evaluate", json=body, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.json()["output"] == "y"


def test_a_stream_has_no_tag_and_a_problem_has_none(client: TestClient) -> None:
    assert "etag" not in client.post("/api/v1/trace", json={"source": "x = 1"}).headers
    assert "etag" not in client.post("/api/v1/graph", json={"source": "x ="}).headers
    assert "etag" not in client.get("/api/v1/ops/nothing").headers
