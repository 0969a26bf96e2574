"""What asks for too much is refused over HTTP with the limit named, before much work is done: nodes
made, entries allocated and lines parsed are counted, not seconds."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from bench.hostile import ATTACKS
from engine.language import syntax, weigh
from engine.language.build import Builder

NAMED = ("limit.exceeded", "limit.rows", "syntax.long", "syntax.deep")
MOST_NODES, MOST_BYTES = 150, 40 * 2**20
WEIGHED = (
    "large: lines of products",
    "large: lines of sines",
    "large: a loop of products",
    "large: a block of products",
    "body: products of given values",
)
MOST_OF = dict.fromkeys(WEIGHED, 3 * weigh.STEP) | {"body: derivatives that grow": 2_500}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of a server with the limits it has by default."""
    settings = Settings(evaluator="threads", requests_per_minute=0, client_evaluations=0)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Nodes that are made, and the longest line that Python's parser is given."""
    counted = {"nodes": 0, "longest": 0}
    add, tree = Builder._add, syntax._tree

    def counted_add(self: Builder, *given: Any) -> int:
        counted["nodes"] += 1
        return add(self, *given)

    def counted_tree(text: str) -> Any:
        counted["longest"] = max(counted["longest"], len(text))
        return tree(text)

    monkeypatch.setattr(Builder, "_add", counted_add)
    monkeypatch.setattr(syntax, "_tree", counted_tree)
    return counted


def refused(client: TestClient, name: str) -> dict[str, Any]:
    attack = ATTACKS[name]
    headers = {"Content-Type": "application/json"}
    answer = client.post(f"/api/v1/{attack.operation}", content=attack.body, headers=headers)
    assert answer.status_code in (400, 422)
    assert len(answer.content) < 8 * 1024
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == attack.code
    return problem


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_refused_with_the_limit_named_after_little_work(
    client: TestClient, work: dict[str, int], name: str
) -> None:
    problem = refused(client, name)
    if problem["code"] in NAMED:
        asked, allowed = problem["params"]["asked"], problem["params"]["allowed"]
        assert str(asked) in problem["detail"]
        assert str(allowed) in problem["detail"]
        assert asked == "endlessly many" or int(asked) > int(allowed)
    most = MOST_OF.get(name, 2 * MOST_NODES)
    assert work["nodes"] <= most  # tried with the limits of small jobs first
    assert work["longest"] <= 4_096


@pytest.mark.parametrize("name", [name for name in ATTACKS if name.startswith("large")])
def test_nothing_large_is_allocated(client: TestClient, name: str) -> None:
    tracemalloc.start()
    try:
        refused(client, name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_BYTES


def test_there_are_attacks_of_every_kind() -> None:
    kinds = {name.partition(":")[0] for name in ATTACKS}
    assert kinds == {"growing", "large", "long", "nested", "body", "rows"}
    assert all(len(attack.body) <= 2**20 for attack in ATTACKS.values())


def test_a_program_of_the_most_nodes_is_evaluated(client: TestClient) -> None:
    source = "x = 0.5\nfor i in range(19999):\n    x = sin(x)"
    answer = client.post("/api/v1/evaluate", json={"source": source})
    assert answer.status_code == 200, answer.text[:500]
    assert len(answer.json()["values"]) == 20_000
