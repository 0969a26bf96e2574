"""POST /api/v1/autograd."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.engine.autograd.snippets import SNIPPETS
from tests.engine.autograd.test_hostile import BOMBS, SNEAKY, STRANGE

ADDRESS = "/api/v1/autograd"
TWICE = "x = torch.tensor(3.0, requires_grad=True)\ny = x * x\ny.backward()\ny.backward()"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    settings = Settings(evaluator="threads", requests_per_minute=0, client_evaluations=0)
    with TestClient(create_app(settings)) as made:
        yield made


def post(client: TestClient, snippet: object, **headers: str) -> Any:
    return client.post(ADDRESS, json={"snippet": snippet}, headers=headers)


def test_every_statement_is_a_line(client: TestClient) -> None:
    answer = post(client, TWICE)
    events = [json.loads(line) for line in answer.text.splitlines()]
    kinds = [event["kind"] for event in events]
    assert answer.headers["content-type"].startswith("application/jsonl")
    assert kinds == ["executed", "executed", "pulled", "executed", "stopped", "ended"]
    assert events[4]["message"].startswith("Trying to backward through the graph a second time")


def test_the_same_events_come_in_every_form(client: TestClient) -> None:
    lines = [json.loads(line) for line in post(client, TWICE).text.splitlines()]
    frames = post(client, TWICE, Accept="text/event-stream").text.strip().split("\n\n")
    data = [frame.partition("data: ")[2] for frame in frames]
    assert [json.loads(each) for each in data] == lines
    assert post(client, TWICE, Accept="application/json").json() == lines


def test_a_stream_that_was_cut_goes_on(client: TestClient) -> None:
    whole = post(client, TWICE, Accept="text/event-stream").text
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "2"}
    rest = post(client, TWICE, **headers).text
    assert rest and whole.endswith(rest)
    headers["Last-Event-ID"] = "5"
    assert post(client, TWICE, **headers).status_code == 204


@pytest.mark.parametrize(
    ("snippet", "code"),
    [
        ("async def f():\n    pass", "autograd.syntax"),
        ("x = (", "autograd.invalid"),
        ("x = 1\n" * 4000, "autograd.budget.source"),
        (3, "request.field"),
    ],
)
def test_what_cannot_be_read_is_refused_before_the_first_byte(
    client: TestClient, snippet: object, code: str
) -> None:
    answer = post(client, snippet)
    assert answer.status_code == 422
    assert answer.json()["code"] == code


def test_what_cannot_be_read_is_an_event_for_those_who_ask(client: TestClient) -> None:
    answer = client.post(ADDRESS, json={"snippet": "x = 1\ny = (", "as_events": True})
    (event,) = [json.loads(line) for line in answer.text.splitlines()]
    assert (event["kind"], event["seq"]) == ("failed", 0)
    assert event["problem"]["code"] == "autograd.invalid"
    assert event["problem"]["span"]["line"] == 2


def test_a_field_that_is_not_known_is_refused(client: TestClient) -> None:
    answer = client.post(ADDRESS, json={"snippet": "x = 1", "source": "x = 1"})
    assert answer.status_code == 422


def test_a_run_that_takes_too_long_ends_with_failed() -> None:
    settings = Settings(evaluator="threads", seconds=0.001)
    with TestClient(create_app(settings)) as client:
        loop = "x = torch.ones(2)\nfor i in range(900):\n    x = x + 1"
        last = json.loads(post(client, loop).text.splitlines()[-1])
    assert last["kind"] == "failed" and last["problem"]["code"] == "limit.seconds"


def test_a_snippet_never_runs_on_the_event_loop(client: TestClient) -> None:
    """Nobody knows beforehand how long it takes."""
    small = client.app.state.evaluator  # type: ignore[attr-defined]
    before = small.health()["small"]
    assert post(client, "x = 1").status_code == 200
    assert small.health()["small"] == before


@pytest.mark.parametrize("name", sorted(SNIPPETS)[::9])
def test_snippets_of_the_corpus_come_whole(client: TestClient, name: str) -> None:
    last = json.loads(post(client, SNIPPETS[name]).text.splitlines()[-1])
    assert last["kind"] == "ended"


@pytest.mark.parametrize("snippet", [*SNEAKY.values(), *BOMBS.values()], ids=[*SNEAKY, *BOMBS])
def test_what_means_harm_is_refused_or_stopped(client: TestClient, snippet: str) -> None:
    answer = post(client, snippet)
    if answer.status_code != 200:
        assert answer.status_code == 422
        return
    *_, stopped, last = [json.loads(line) for line in answer.text.splitlines()]
    assert (last["kind"], last["ok"], stopped["kind"]) == ("ended", False, "stopped")


@pytest.mark.parametrize("name", STRANGE)
def test_strange_text_and_values_never_end_with_a_fault_of_the_service(
    client: TestClient, name: str
) -> None:
    answer = post(client, STRANGE[name])
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        last = json.loads(answer.text.splitlines()[-1])
        assert (last["kind"], last.get("problem")) == ("ended", None)
