"""POST graph with `partial`: what can be read of a program that is still being written."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient


def draft(client: TestClient, source: str, **fields: Any) -> Any:
    answer = client.post("/api/v1/graph", json={"source": source, "partial": True, **fields})
    assert answer.status_code == 200
    return answer.json()


def names(answer: Any) -> list[str]:
    return [node["name"] for node in answer["nodes"] if node["op"] != "const"]


def test_a_program_without_mistakes_is_answered_whole(client: TestClient) -> None:
    source = "a = 2\nb = a * 3"
    whole = client.post("/api/v1/graph", json={"source": source}).json()
    drawn = draft(client, source)
    assert drawn.pop("problems") == []
    assert {**drawn, "digest": ""} == {**whole, "digest": ""}
    assert client.post("/api/v1/graph", json={"source": source, "partial": False}).json() == whole


@pytest.mark.parametrize(
    ("source", "codes", "lines", "left"),
    [
        (
            "a = 2\nb = a +\nc = foo(a)\nd = a * 2",
            ["syntax.incomplete", "op.unknown"],
            [2, 3],
            "ad",
        ),
        (
            "a = [1, 2]\nb = [1, 2, 3]\nc = a + b\nd = c * 2\ne = a * 2",
            ["shape.broadcast"],
            [3],
            "abe",
        ),
        ("a = 2\nb = (a\nc = a * 3", ["syntax.bracket"], [2], "ac"),
        ("a = 2\nb = relu(a,\n  q +,\n  3)\nc = a * 3", ["syntax.invalid"], [3], "ac"),
        ("a = q\nb = a\nc = r", ["name.unknown", "name.unknown"], [1, 3], ""),
    ],
)
def test_each_mistake_is_told_once_and_the_rest_is_drawn(
    client: TestClient, source: str, codes: list[str], lines: list[int], left: str
) -> None:
    answer = draft(client, source)
    assert [problem["code"].split(".")[0] for problem in answer["problems"]] == [
        code.split(".")[0] for code in codes
    ]
    assert [problem["span"]["line"] for problem in answer["problems"]] == lines
    assert names(answer) == list(left)


def test_an_empty_program_is_told_so(client: TestClient) -> None:
    answer = draft(client, "# nothing yet")
    assert [problem["code"] for problem in answer["problems"]] == ["syntax.empty"]
    assert answer["nodes"] == []


def test_an_option_that_does_not_fit_is_a_problem_too(client: TestClient) -> None:
    answer = draft(client, "a = 2\nb = a * 3", output="c")
    assert [problem["code"].split(".")[0] for problem in answer["problems"]] == ["option"]


def test_mistakes_without_end_are_cut_short(client: TestClient) -> None:
    answer = draft(client, "\n".join(f"a{i} = b{i}" for i in range(3000)))
    assert len(answer["problems"]) == 8


def test_a_limit_is_refused_as_ever(client: TestClient) -> None:
    source = "a = " + "9" * 70_000
    answer = client.post("/api/v1/graph", json={"source": source, "partial": True})
    assert answer.status_code == 422
    assert answer.json()["code"] == "limit.exceeded"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "option.source"),
        ({"source": "x = (", "tangents": {"x": "soon"}}, "request.field"),
        ({"source": "x = (", "inputs": {"x": True}}, "request.field"),
        ({"source": "x = (", "inputs": {"x": None}}, "request.field"),
    ],
)
def test_a_request_that_is_none_is_refused_whatever_is_drawn(
    client: TestClient, body: dict[str, Any], code: str
) -> None:
    answer = client.post("/api/v1/graph", json={"partial": True, **body})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
