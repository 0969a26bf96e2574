"""Requests made from the OpenAPI document: whatever is sent, the answer is one that it promises.

A bounded number here; `make fuzz` sends 10,000.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

TOTAL = int(os.environ.get("BACKPROP_LAB_FUZZ", "450"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]
PROGRAMS = [
    "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3",
    "W = [[1, 2], [3, 4]]\nx = [1, -1]\ny = softmax(W @ x)",
    "x = [0.0, -1.0]\ny = sum(sqrt(x) + log(x))",
    "x = 0\ny = relu(x) / x",
    "x = 1\ny = sum(x * broadcast_to(0.5, (50, 60)))",
]
SNIPPETS = [
    "x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = (x * x).sum()\ny.backward()",
    "x = torch.ones(2, requires_grad=True)\nfor i in range(3):\n    (x * 2).backward()",
    "x = torch.zeros(2000) / 0\nprint(x.cuda())",
    "print(torch.tensor(0.0) / 0, file=1)",
]

app = create_app(
    Settings(
        evaluator="threads",
        requests_per_minute=0,
        client_evaluations=0,
        seconds=2,
        flops=10**7,
        memory_bytes=2**26,
    )
)
schema = schemathesis.openapi.from_asgi("/openapi.json", app)
POSTS = sum("post" in methods for methods in app.openapi()["paths"].values())
sent = Counter[str]()


@schema.hook
def map_body(_: Any, body: Any) -> Any:
    """Random text is hardly ever a program, so some of it is exchanged for one."""
    for name, known in (("source", PROGRAMS), ("snippet", SNIPPETS)):
        given = body.get(name) if isinstance(body, dict) else None
        if isinstance(given, str) and len(given) % 4:
            return {**body, name: known[len(given) % len(known)]}
    return body


@schema.include(method="POST").parametrize()
@settings(max_examples=-(-TOTAL // POSTS), deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_to_a_program_is_one_that_the_document_promises(case: Any) -> None:
    check(case)


@schema.include(method="GET").parametrize()
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_to_a_question_is_one_that_the_document_promises(case: Any) -> None:
    check(case)


def test_as_many_requests_were_sent_as_were_asked_for() -> None:
    assert not sent["POST"] or sent["POST"] >= TOTAL  # none, where only this test is run


def check(case: Any) -> None:
    """Send a request and hold the answer against the document."""
    sent[case.method] += 1
    answer = case.call()
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert len(answer.content) < 8 * 1024
    case.validate_response(answer, checks=CHECKS)


def test_the_document_is_valid() -> None:
    schema.validate()


def test_every_example_keeps_to_its_schema() -> None:
    document = app.openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            bodies = [*operation["responses"].values(), operation.get("requestBody", {})]
            for content in (c for body in bodies for c in body.get("content", {}).values()):
                if "example" in content:
                    whole = {**content["schema"], "components": document["components"]}
                    Draft202012Validator(whole).validate(content["example"])


@pytest.mark.parametrize("program", PROGRAMS)
def test_real_answers_keep_to_their_schemas(program: str) -> None:
    document, client = app.openapi(), TestClient(app, headers={"Accept": "application/json"})
    for name in ("graph", "evaluate", "check", "trace"):
        operation = document["paths"][f"/api/v1/{name}"]["post"]
        found = client.post(f"/api/v1/{name}", json={"source": program, "granularity": "op"})
        assert found.status_code == 200, found.content
        content = operation["responses"]["200"]["content"]["application/json"]
        whole = {**closed(content["schema"]), "components": closed(document["components"])}
        Draft202012Validator(whole).validate(found.json())


def closed(value: Any) -> Any:
    """A schema that allows no field it does not name."""
    if isinstance(value, list):
        return [closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: closed(item) for key, item in value.items()}
    if "properties" in value and "additionalProperties" not in value and "type" in value:
        inner["additionalProperties"] = False
    return inner
