"""What goes wrong with one job, one worker or one client stays with it."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

import anyio
import pytest

from app.errors import Refused, RequestError
from app.evaluators.pool import Pool
from app.evaluators.remote import Remote
from app.operations import Job
from app.settings import Settings
from tests.engine.autograd.test_hostile import SNEAKY, STRANGE

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="processes are watched through Linux's /proc"
)

JSONL = "application/jsonl"
SMALL = json.dumps({"source": "x = 2\ny = x * x"}).encode()
LONG = json.dumps({"source": "x = 1.5\n" + "x = sin(x)\n" * 1500}).encode()
HUGE = json.dumps(
    {"source": "x = 2.0\nA = broadcast_to(x, (2000, 2000))\n" + "A = A * x\n" * 30 + "y = sum(A)"}
).encode()
SLOW_SOURCE = "x = 2.0\nA = broadcast_to(x, (2000, 2000))\nB = A @ A @ A @ A @ A @ A\ny = sum(B)"
SLOW = json.dumps({"source": SLOW_SOURCE}).encode()
"""One step of it takes seconds."""

GENEROUS = {"flops": 10**15, "memory_bytes": 2**45}


def visit(work: Callable[[Pool], Awaitable[Any]], **settings: Any) -> Any:
    """Do some work with a pool, on the event loop that serves."""

    async def whole() -> Any:
        pool = Pool(Settings(**settings))
        await pool.open()
        try:
            with anyio.fail_after(20):
                return await work(pool)
        finally:
            await pool.close()

    return anyio.run(whole, backend_options={"use_uvloop": os.name != "nt"})


async def drain(stream: Remote) -> bytes:
    parts = [stream.first]
    while not stream.done:
        parts.append(await stream.following())
    stream.close()
    return b"".join(parts)


async def answer(pool: Pool, body: bytes = SMALL, operation: str = "evaluate") -> Any:
    return await drain(await pool.start(Job(operation, body, JSONL)))


def last_event(text: bytes) -> Any:
    return json.loads(text.splitlines()[-1])


def child_pids(pid: int) -> set[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return {int(child) for child in children.split()}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until(condition: Callable[[], bool], seconds: float) -> None:
    with anyio.fail_after(seconds):
        while not condition():
            await anyio.sleep(0.002)


def test_a_worker_killed_mid_stream_ends_the_stream_with_failed_at_once() -> None:
    async def work(pool: Pool) -> None:
        stream = await pool.start(Job("trace", LONG, JSONL))
        await stream.following()
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)
        killed = perf_counter()
        lines = (await drain(stream)).splitlines()
        assert perf_counter() - killed < 0.5
        end = json.loads(lines[-1])
        assert (end["kind"], end["problem"]["code"]) == ("failed", "server.worker")
        assert await answer(pool)
        assert perf_counter() - killed < 1.0

    visit(work)


def test_a_stream_that_failed_has_no_hole_in_its_numbers() -> None:
    async def work(pool: Pool) -> list[Any]:
        stream = await pool.start(Job("trace", LONG, JSONL))
        parts = [stream.first, await stream.following()]
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)
        while not stream.done:
            parts.append(await stream.following())
        return [json.loads(line) for line in b"".join(parts).splitlines()]

    events = visit(work)
    assert [event["seq"] for event in events] == list(range(len(events)))


def test_workers_killed_while_idle_are_replaced() -> None:
    async def work(pool: Pool) -> None:
        before = set(pool.pids)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await until(lambda: len(set(pool.pids) - before) == len(before), 2)
        assert await answer(pool)

    visit(work)


def test_a_job_sent_to_workers_that_have_just_died_is_done_by_another() -> None:
    async def work(pool: Pool) -> None:
        for pid in pool.pids:
            os.kill(pid, signal.SIGSTOP)
            os.kill(pid, signal.SIGKILL)
        assert await answer(pool)

    visit(work, workers=1)


def test_the_nursery_is_replaced_too() -> None:
    async def work(pool: Pool) -> None:
        (nursery,) = {pid for pid in child_pids(os.getpid()) if child_pids(pid) & set(pool.pids)}
        os.kill(nursery, signal.SIGKILL)
        await until(lambda: not is_alive(nursery), 2)
        await until(lambda: pool.health()["workers"] == 2 and nursery not in pool.pids, 5)
        assert await answer(pool)

    visit(work, workers=1)


@pytest.mark.parametrize("operation", ["evaluate", "trace"])
def test_a_job_that_needs_too_much_memory_is_told_the_limit(operation: str) -> None:
    async def work(pool: Pool) -> None:
        try:
            problem = last_event(await answer(pool, HUGE, operation))["problem"]
        except Refused as refused:
            problem = refused.problem
        assert (problem["code"], problem["params"]) == ("limit.memory", {"allowed": 400 * 2**20})
        assert await answer(pool)

    visit(work, worker_bytes=400 * 2**20, workers=1, **GENEROUS)


@pytest.mark.parametrize("operation", ["evaluate", "trace"])
def test_work_without_end_is_stopped_at_the_deadline(operation: str) -> None:
    async def work(pool: Pool) -> None:
        start = perf_counter()
        try:
            problem = last_event(await answer(pool, SLOW, operation))["problem"]
        except RequestError as error:
            problem = {"code": error.code, "params": error.params}
        assert (problem["code"], problem["params"]) == ("limit.seconds", {"allowed": 0.3})
        assert perf_counter() - start < 1.5
        assert await answer(pool)

    visit(work, seconds=0.3, workers=1, **GENEROUS)


def test_the_worker_of_a_client_that_left_is_free_at_once() -> None:
    async def work(pool: Pool) -> float:
        stream = await pool.start(Job("trace", SLOW, JSONL))
        await stream.following()
        await anyio.sleep(0.05)
        left = perf_counter()
        stream.close()
        await until(lambda: pool.health()["busy"] == 0, 2)
        freed = perf_counter() - left
        assert await answer(pool)
        return freed

    assert visit(work, workers=1, **GENEROUS) < 0.1


def test_a_client_that_leaves_while_its_job_waits_leaves_no_trace() -> None:
    async def work(pool: Pool) -> None:
        busy = await pool.start(Job("trace", SLOW, JSONL))
        async with anyio.create_task_group() as group:
            group.start_soon(answer, pool)
            await until(lambda: pool.health()["waiting"] == 1, 1)
            group.cancel_scope.cancel()
        assert pool.health()["waiting"] == 0
        busy.close()
        assert await answer(pool)

    visit(work, workers=1, **GENEROUS)


@pytest.mark.parametrize("media", ["application/json", JSONL, "text/event-stream"])
def test_clients_that_do_not_read_hold_no_place_that_others_wait_for(media: str) -> None:
    job = Job("trace", LONG, media)

    async def work(pool: Pool) -> None:
        expected = await drain(await pool.start(job))
        held_up = [await pool.start(job) for _ in range(2)]
        start = perf_counter()
        assert await answer(pool)
        assert perf_counter() - start < 1.5
        for stream in held_up:
            assert without_seconds(await drain(stream)) == without_seconds(expected)

    visit(work, workers=2)


def without_seconds(text: bytes) -> bytes:
    """A stream without the one number that is another in each run."""
    return re.sub(rb'"seconds":[^}]+', b"", text)


def test_streams_end_with_failed_when_the_pool_is_closed() -> None:
    async def work(pool: Pool) -> bytes:
        stream = await pool.start(Job("trace", SLOW, JSONL))
        async with anyio.create_task_group() as group:
            group.start_soon(pool.close)
            return await drain(stream)

    assert last_event(visit(work, **GENEROUS))["problem"]["code"] == "server.stopping"


def test_many_kills_leave_no_process_and_no_file_open() -> None:
    async def work(pool: Pool) -> None:
        await answer(pool)
        files = len(os.listdir("/proc/self/fd"))
        (nursery,) = {pid for pid in child_pids(os.getpid()) if child_pids(pid) & set(pool.pids)}
        for _ in range(10):
            stream = await pool.start(Job("trace", LONG, JSONL))
            for pid in pool.pids:
                os.kill(pid, signal.SIGKILL)
            await drain(stream)
            await until(lambda: pool.health()["workers"] == 2, 2)
        await until(lambda: len(child_pids(nursery)) == 2, 2)
        assert len(os.listdir("/proc/self/fd")) == files

    visit(work, workers=1)


def test_a_closed_pool_leaves_nothing_behind() -> None:
    before = child_pids(os.getpid())
    pids: list[int] = []

    async def work(pool: Pool) -> None:
        pids.extend(pool.pids)
        await pool.start(Job("trace", SLOW, JSONL))

    visit(work, **GENEROUS)
    assert len(pids) > 1
    assert not any(is_alive(pid) for pid in pids)
    assert child_pids(os.getpid()) == before


def test_the_memory_of_a_worker_levels_off_under_snippets_that_mean_harm() -> None:
    bodies = [json.dumps({"snippet": each}).encode() for each in (SNEAKY | STRANGE).values()]

    async def work(pool: Pool) -> list[int]:
        held = []
        for _ in range(8):
            for body in bodies:
                with suppress(Refused):
                    await answer(pool, body, "autograd")
            tables = [Path(f"/proc/{pid}/statm").read_text("ascii") for pid in pool.pids]
            pages = sum(int(table.split()[1]) for table in tables)
            held.append(pages * os.sysconf("SC_PAGE_SIZE"))
        return held

    held = visit(work, workers=1)
    assert held[-1] - held[3] < 16 * 2**20
