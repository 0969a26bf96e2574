"""Every request leaves one line, an id and its figures; nothing that its client sent."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.watch.metrics import Metrics
from app.watch.observe import Observed

SOURCE = "secret_name = 1\ny = secret_name * 2"


@pytest.fixture
def fresh() -> Iterator[TestClient]:
    """A client of a server that has counted nothing yet."""
    with TestClient(
        create_app(Settings(evaluator="threads")), raise_server_exceptions=False
    ) as client:
        yield client


def figure(client: TestClient, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


def lines(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [record for record in caplog.records if record.name == "app.access"]


def test_a_request_is_one_line_of_the_log_and_a_file_none_unless_it_fails(
    fresh: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app.access"):
        response = fresh.post("/api/v1/evaluate?q=hidden", json={"source": SOURCE})
        fresh.get("/locale/en.json")
        fresh.get("/static/icon.svg")
        fresh.get("/static/nowhere.svg")
        fresh.get("/healthz")
        fresh.head("/lab")
        fresh.get("/nowhere/at/all")
    seen = [(r.method, r.route, r.status) for r in lines(caplog)]
    assert seen == [
        ("POST", "/api/v1/evaluate", 200),
        ("GET", "/static", 404),
        ("HEAD", "/lab", 200),
        ("GET", "-", 404),
    ]
    assert lines(caplog)[0].bytes == len(response.content)
    told = " ".join(str(vars(record)) for record in lines(caplog))
    assert "secret_name" not in told
    assert "hidden" not in told
    assert "nowhere" not in told


@pytest.mark.parametrize("name", ["a", "550e8400-e29b-41d4-a716-446655440000", "x" * 64])
def test_a_sane_id_is_kept(fresh: TestClient, name: str) -> None:
    assert fresh.get("/healthz", headers={"X-Request-Id": name}).headers["x-request-id"] == name


@pytest.mark.parametrize("name", ["", "x" * 65, "two words", 'quo"te', "<b>"])
def test_any_other_id_is_replaced(fresh: TestClient, name: str) -> None:
    response = fresh.get("/nowhere", headers={"X-Request-Id": name})
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["x-request-id"])


def test_figures_count_requests_problems_and_events(fresh: TestClient) -> None:
    for media in ("application/jsonl", "text/event-stream"):
        fresh.post("/api/v1/trace", json={"source": SOURCE}, headers={"Accept": media})
    fresh.post("/api/v1/trace", content=b"{", headers={"Content-Type": "application/json"})
    fresh.get("/nowhere")
    events = len(fresh.post("/api/v1/trace", json={"source": SOURCE}).text.splitlines())
    requests = 'backprop_lab_requests_total{method="POST",route="/api/v1/trace",status="%d"}'
    assert figure(fresh, requests % 200) == 3
    assert figure(fresh, requests % 400) == 1
    assert figure(fresh, "backprop_lab_events_total") == 3 * events
    assert figure(fresh, 'backprop_lab_problems_total{code="request.json"}') == 1
    assert figure(fresh, 'backprop_lab_problems_total{code="request.path"}') == 1
    assert figure(fresh, "backprop_lab_open_requests") == 1  # the one that asks
    assert figure(fresh, "backprop_lab_open_streams") == 0
    latency = 'backprop_lab_request_seconds_count{method="POST",route="/api/v1/trace"}'
    assert figure(fresh, latency) == 4
    assert figure(fresh, "backprop_lab_evaluator_ready") == 1
    assert figure(fresh, "process_resident_memory_bytes") > 1e6


@pytest.mark.parametrize("evaluator", ["pool", "threads"])
def test_a_mistake_in_a_program_is_no_failure(
    evaluator: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A body too long for the event loop goes to the evaluator, and its problem comes back."""
    source = "# a long note\n" * 100 + "y = 1 +"
    with TestClient(create_app(Settings(evaluator=evaluator, workers=1))) as client:
        assert client.post("/api/v1/evaluate", json={"source": source}).status_code == 422
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def run(app: Any, metrics: Metrics, method: str = "GET") -> list[Any]:
    """What a client gets from an application under Observed."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": method, "path": "/", "headers": [], "client": None}
    asyncio.run(Observed(app, metrics)(scope, receive, send))
    return sent


def test_a_stream_is_open_until_its_last_byte() -> None:
    metrics = Metrics(dict)
    seen: list[bool] = []

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for more in (True, True, False):
            await send({"type": "http.response.body", "body": b"x", "more_body": more})
            seen.append(b"backprop_lab_open_streams 1.0" in metrics.text())

    run(stream, metrics)
    assert seen == [True, True, True]
    assert b"backprop_lab_open_streams 0.0" in metrics.text()
    assert b"backprop_lab_open_requests 0.0" in metrics.text()


def test_a_failure_after_the_answer_is_logged_with_its_stack_and_goes_no_further(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def late(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        raise ZeroDivisionError

    run(late, Metrics(dict))
    (record,) = (record for record in caplog.records if record.name == "app.errors")
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_a_failure_before_the_answer_is_the_servers_to_handle() -> None:
    async def early(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    metrics = Metrics(dict)
    with pytest.raises(ZeroDivisionError):
        run(early, metrics)
    assert b'status="499"' in metrics.text()


def test_an_invented_method_is_one_of_many() -> None:
    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 405, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    metrics = Metrics(dict)
    for number in range(5):
        run(nothing, metrics, f"BREW{number}")
    assert metrics.text().count(b"backprop_lab_requests_total{") == 1
