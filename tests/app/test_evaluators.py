"""Every evaluator keeps the same promises: the tests here run over all of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from app.errors import RequestError
from app.evaluators import Evaluator
from app.evaluators.pool import Pool
from app.evaluators.small import Small
from app.evaluators.threads import Threads
from app.main import create_app
from app.operations import Job
from app.settings import Settings

JSONL = "application/jsonl"
WORKED = b'{"source": "u1 = 2\\nu2 = 3\\nu3 = u1 + u2\\nu4 = u2 * u3"}'
LONG = json.dumps({"source": "x = 1\n" + "x = x * 1.5\n" * 400}).encode()

KINDS: dict[str, Callable[[Settings], Evaluator]] = {
    "threads": Threads,
    "pool": Pool,
    "small, and threads": lambda settings: Small(settings, Threads(settings)),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Callable[[Settings], Evaluator]:
    return KINDS[request.param]


def run(
    kind: Callable[[Settings], Evaluator],
    visit: Callable[[Evaluator], Awaitable[Any]],
    **settings: Any,
) -> Any:
    """Open an evaluator, visit it and close it."""

    async def whole() -> Any:
        evaluator = kind(Settings(**settings))
        await evaluator.open()
        try:
            with anyio.fail_after(30):
                return await visit(evaluator)
        finally:
            await evaluator.close()

    return anyio.run(whole)


async def drain(evaluator: Evaluator, job: Job) -> bytes:
    """All that a job answers."""
    started = await evaluator.start(job)
    try:
        parts = [started.first]
        while not started.done:
            parts.append(await started.following())
        return b"".join(parts)
    finally:
        started.close()


def test_a_whole_answer(kind: Any) -> None:
    answer = run(kind, lambda place: drain(place, Job("evaluate", WORKED)))
    assert json.loads(answer)["gradients"]["u2"]["data"] == 8


def test_a_stream_is_complete_and_in_order(kind: Any) -> None:
    text = run(kind, lambda place: drain(place, Job("trace", LONG, JSONL)))
    events = [json.loads(line) for line in text.splitlines()]
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[-1]["kind"] == "finished"


def test_a_stream_goes_on_after_an_event(kind: Any) -> None:
    async def visit(place: Evaluator) -> bytes:
        return await drain(place, Job("trace", LONG, JSONL, after=100))

    first = json.loads(run(kind, visit).splitlines()[0])
    assert first["seq"] == 101


def test_what_is_wrong_is_raised_before_the_first_byte(kind: Any) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which class depends on the place
        run(
            kind,
            lambda place: drain(place, Job("trace", b'{"source": "x = "}', JSONL)),
        )
    assert caught.value.code == "syntax.incomplete"  # type: ignore[attr-defined]


def test_a_queue_that_is_full_refuses_with_a_time_to_come_back(kind: Any) -> None:
    async def visit(place: Evaluator) -> list[Any]:
        caught: list[RequestError] = []

        async def one() -> None:
            try:
                await drain(place, Job("evaluate", LONG))
            except RequestError as error:
                caught.append(error)

        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(one)
        return caught

    caught = run(kind, visit, workers=1, queue=1)
    assert {(error.status, error.code) for error in caught} == {(503, "server.busy")}


def test_a_refusal_says_when_to_try_again() -> None:
    app = create_app(Settings(workers=1, queue=0))
    app.state.evaluator = Threads(Settings(workers=1, queue=0))
    app.state.evaluator._starting = 1
    with TestClient(app) as client:
        answer = client.post("/api/v1/evaluate", json={"source": "x = 1"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "server.busy"
