"""Every evaluator keeps the same promises: the tests here run over all of them."""

from __future__ import annotations

import importlib
import json
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from app.errors import RequestError
from app.evaluators import Evaluator
from app.evaluators.cluster import Cluster, _connect
from app.evaluators.pool import Pool
from app.evaluators.small import SHORT_BODY, Small
from app.evaluators.threads import Threads
from app.main import create_app
from app.operations import Job
from app.settings import Settings

DEPLOY = Path(__file__).resolve().parent.parent.parent / "docs" / "deploy.md"
JSONL = "application/jsonl"
WORKED = b'{"source": "u1 = 2\\nu2 = 3\\nu3 = u1 + u2\\nu4 = u2 * u3"}'
LONG = json.dumps({"source": "x = 1\n" + "x = x * 1.5\n" * 400}).encode()

KINDS: dict[str, Callable[[Settings], Evaluator]] = {
    "threads": Threads,
    "pool": Pool,
    "small, and threads": lambda settings: Small(settings, Threads(settings)),
    "ray": Cluster,
}


@pytest.fixture(params=[*KINDS])
def kind(request: pytest.FixtureRequest) -> Callable[[Settings], Evaluator]:
    if request.param == "ray":
        request.getfixturevalue("cluster")
    return KINDS[request.param]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a Ray cluster of one processor, started as docs/deploy.md says."""
    if find_spec("ray") is None:
        pytest.skip("Ray has no package for this platform")
    (told,) = re.findall(r"^ray (start --head .*)$", DEPLOY.read_text("utf-8"), re.MULTILINE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="ray-", dir=tempfile.gettempdir())
    options = told.replace("6379", str(port)).split()
    options += ["--num-cpus=1", "--include-dashboard=false", "--block", f"--temp-dir={folder}"]
    command = [str(Path(sys.executable).parent / "ray"), *options]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as head:
            try:
                assert head.stdout is not None
                assert any(b"Ray runtime started" in line for line in head.stdout)
                assert _connect(f"127.0.0.1:{port}")
                yield f"127.0.0.1:{port}"
            finally:
                importlib.import_module("ray").shutdown()
                head.terminate()
                head.wait(timeout=20)
                shutil.rmtree(folder, ignore_errors=True)


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


def test_limits_that_are_told_are_the_servers_own() -> None:
    source = "x = 1\n" + "x = x * 2\n" * 60
    body = json.dumps({"source": source, "partial": True}).encode()
    assert len(body) < SHORT_BODY
    answer = run(KINDS["small, and threads"], lambda place: drain(place, Job("graph", body)))
    assert json.loads(answer)["problems"] == []


def test_what_exceeds_the_limits_of_small_jobs_is_done_all_the_same() -> None:
    body = json.dumps({"source": "x = 1\n" + "x = x * 2\n" * 60}).encode()
    text = run(KINDS["small, and threads"], lambda place: drain(place, Job("trace", body, JSONL)))
    assert json.loads(text.splitlines()[-1])["nodes"] == 61


SLOW = json.dumps(
    {"source": "x = 2.0\nA = broadcast_to(x, (1500, 1500))\nB = A @ A @ A @ A\ny = sum(B)"}
).encode()


@pytest.mark.parametrize("operation", ["evaluate", "trace"])
@pytest.mark.parametrize("name", ["pool", "ray"])
def test_work_that_takes_too_long_is_stopped(
    name: str, operation: str, request: pytest.FixtureRequest
) -> None:
    if name == "ray":
        request.getfixturevalue("cluster")

    async def visit(place: Evaluator) -> bytes:
        await drain(place, Job("evaluate", LONG))
        try:
            text = await drain(place, Job(operation, SLOW, JSONL))
            return json.loads(text.splitlines()[-1])["problem"]["code"]
        except RequestError as error:
            return error.code

    limits = {"flops": 10**13, "memory_bytes": 2**40}
    assert run(KINDS[name], visit, seconds=0.3, **limits) == "limit.seconds"


def test_a_task_that_is_lost_ends_its_stream_with_failed(cluster: str) -> None:
    async def visit(place: Evaluator) -> Any:
        started = await place.start(Job("trace", LONG, JSONL))
        ray = importlib.import_module("ray")
        ray.cancel(started._task, force=True)
        parts = [started.first]
        while not started.done:
            parts.append(await started.following())
        started.close()
        assert await drain(place, Job("evaluate", WORKED))
        return json.loads(b"".join(parts).splitlines()[-1])

    end = run(Cluster, visit)
    assert end["kind"] == "failed"
    assert end["problem"]["code"] == "server.worker"


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
