"""A client may ask so much and no more, is told what is left, and troubles nobody else."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.guards import rates
from app.guards.rates import REMEMBERED, InMemory, Left, Rates, Shared
from app.main import create_app
from app.settings import Settings


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 6_000.0

    def __call__(self) -> float:
        return self.seconds


def hit(windows: Any, client: str = "a") -> Left:
    left: Left = asyncio.run(windows.hit(client))
    return left


def test_what_is_left_goes_down_to_nothing_and_then_requests_are_refused() -> None:
    windows = InMemory(3, Clock())
    assert [hit(windows).requests for _ in range(3)] == [2, 1, 0]
    refused = hit(windows)
    assert (refused.allowed, refused.requests, refused.seconds) == (False, 0, 80)
    assert hit(windows, "another").allowed


def test_the_window_slides() -> None:
    clock = Clock()
    windows = InMemory(10, clock)
    for _ in range(10):
        assert hit(windows).allowed
    clock.seconds += 60
    refused = hit(windows)
    assert (refused.allowed, refused.seconds) == (False, 6)
    clock.seconds += refused.seconds
    assert hit(windows).allowed
    assert not hit(windows).allowed
    clock.seconds += 120
    assert hit(windows).requests == 9


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.guards.rates.LATE_SECONDS", 0.05)


@pytest.mark.parametrize("step", [0.1, 0.37, 1.0, 7.0])
def test_no_sixty_seconds_have_many_more_than_the_limit(step: float) -> None:
    clock = Clock()
    windows = InMemory(20, clock)
    times = []
    while clock.seconds < 6_600:
        if hit(windows).allowed:
            times.append(clock.seconds)
        clock.seconds += step
    busiest = max(sum(start <= t < start + 60 for t in times) for start in times)
    assert len(times) > 60 or step > 3
    assert busiest <= 40  # never more than two fixed windows; in the long run, the limit
    assert len(times) <= 20 * 11


def test_the_wait_that_is_told_is_long_enough() -> None:
    clock = Clock()
    windows = InMemory(5, clock)
    for _ in range(2_000):
        left = hit(windows)
        if not left.allowed:
            clock.seconds += left.seconds
            assert hit(windows).allowed
        clock.seconds += 0.77


def test_so_many_clients_are_remembered_and_no_more() -> None:
    windows = InMemory(1, Clock())

    async def come() -> None:
        for number in range(REMEMBERED + 10):
            await windows.hit(str(number))

    asyncio.run(come())
    assert len(windows._counts_of) == REMEMBERED
    assert hit(windows, "0").allowed
    assert not hit(windows, str(REMEMBERED)).allowed


@pytest.mark.parametrize("uri", ["memory://", "async+memory://"])
def test_a_shared_store_counts_the_same(uri: str) -> None:
    async def come() -> list[Left]:
        windows = Shared(3, uri)
        return [await windows.hit("a") for _ in range(4)]

    seen = asyncio.run(come())
    assert [left.allowed for left in seen] == [True, True, True, False]
    assert [left.requests for left in seen] == [2, 1, 0, 0]
    assert all(1 <= left.seconds <= 120 for left in seen)


def test_while_a_store_does_not_answer_a_process_counts_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    windows = Shared(3, "memory://", clock)
    asked: list[object] = []

    async def fail(*given: Any) -> bool:
        asked.append(given)
        raise ConnectionError("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(windows._limiter, "hit", fail)
        assert [hit(windows).allowed for _ in range(4)] == [True, True, True, False]
        assert len(asked) == 1
        assert caplog.text.count("does not answer") == 1
    clock.seconds += 6
    assert hit(windows).requests == 2


def test_a_store_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = Shared(3, "memory://")

    async def hang(*_: Any) -> bool:
        await asyncio.sleep(30)
        return False

    monkeypatch.setattr(rates, "STORE_SECONDS", 0.01)
    monkeypatch.setattr(windows._limiter, "hit", hang)
    assert hit(windows).requests == 2


def client_of(**settings: Any) -> TestClient:
    return TestClient(create_app(Settings(**settings)))


def test_answers_of_the_api_say_what_is_left_and_when_to_come_back() -> None:
    client = client_of(requests_per_minute=2)
    first = client.get("/api/v1/ops")
    assert first.headers["ratelimit-policy"] == '"client";q=2;w=60'
    assert first.headers["ratelimit"].startswith('"client";r=1;t=')
    client.get("/api/v1/ops")
    refused = client.get("/api/v1/ops")
    assert (refused.status_code, refused.json()["code"]) == (429, "client.rate")
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) == refused.json()["params"]["seconds"] > 0
    assert refused.headers["ratelimit"].startswith('"client";r=0;t=')


def test_pages_files_and_probes_are_not_counted() -> None:
    client = client_of(requests_per_minute=1)
    for _ in range(3):
        for path in ("/lab", "/healthz", "/static/icon.svg"):
            response = client.get(path)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers


def test_no_limit_says_nothing() -> None:
    client = client_of(requests_per_minute=0)
    assert "ratelimit" not in client.get("/api/v1/ops").headers


def test_clients_behind_a_trusted_proxy_are_counted_each() -> None:
    app = create_app(Settings(requests_per_minute=1, proxies=("10.0.0.0/8",)))
    client = TestClient(app, client=("10.0.0.1", 1))

    def status(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.get("/api/v1/ops", headers=headers).status_code

    assert [status("1.1.1.1"), status("2.2.2.2"), status("1.1.1.1")] == [200, 200, 429]
    assert status("3.3.3.3, 2.2.2.2") == 429


def post_scope(path: str = "/api/v1/trace") -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": path, "headers": [], "client": ("1.1.1.1", 1)}


def test_a_refusal_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.guards.rates.LATE_SECONDS", 0.2)
    client = client_of(requests_per_minute=1)
    client.get("/api/v1/ops")
    start = time.perf_counter()
    assert client.get("/api/v1/ops").status_code == 429
    assert time.perf_counter() - start >= 0.2


def test_one_client_may_have_so_many_evaluations_at_a_time() -> None:
    statuses: list[int] = []

    async def come() -> None:
        released = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            await released.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        rates = Rates(slow, Settings(client_evaluations=2))
        running = [asyncio.create_task(rates(post_scope(), None, send)) for _ in range(2)]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await rates(post_scope(), None, send)  # type: ignore[arg-type]
        released.set()
        await asyncio.gather(*running)
        await rates(post_scope(), None, send)  # type: ignore[arg-type]

    asyncio.run(come())
    assert statuses == [429, 200, 200, 200]
