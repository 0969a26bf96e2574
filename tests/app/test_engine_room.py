"""The engine's work is done a few requests at a time, and a long queue is refused."""

from __future__ import annotations

import threading

import anyio
import pytest
from starlette.testclient import TestClient

from app.engine_room import EngineRoom
from app.main import create_app
from app.problems import RequestError
from app.settings import Settings

LONG = "x = 1\n" + "x = x * 1.5\n" * 100


def test_no_more_work_at_a_time_than_there_are_places() -> None:
    busy, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        threading.Event().wait(0.02)
        with lock:
            busy -= 1

    async def visit() -> None:
        room = EngineRoom(Settings(workers=2))
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(room.enter, work)

    anyio.run(visit)
    assert most == 2


def test_a_queue_that_is_full_refuses_with_a_time_to_come_back() -> None:
    release = threading.Event()

    async def visit() -> None:
        room = EngineRoom(Settings(workers=1, queue=1))
        async with anyio.create_task_group() as group:
            group.start_soon(room.enter, release.wait)
            group.start_soon(room.enter, release.wait)
            await anyio.sleep(0.05)
            with pytest.raises(RequestError) as caught:
                await room.enter(lambda: None)
            release.set()
        assert caught.value.status == 503

    anyio.run(visit)


def test_a_refusal_says_when_to_try_again() -> None:
    with TestClient(create_app(Settings(queue=0))) as client:
        answer = client.post("/api/v1/evaluate", json={"source": LONG})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "server.busy"
