"""Jobs on a Ray cluster: other machines, with GPUs or more memory and time.

Each job is one task that sends its chunks back as it makes them, a few ahead of the client. Ray
places it, starts processes for it and replaces what dies. On every machine of the cluster the same
version of this package is installed; docs/deploy.md tells how to start one.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.errors import Refused, RequestError, problem_of
from app.evaluators.frames import READY, REFUSED, Frame, job_of, payload_of, split
from app.evaluators.worker import begin, go_on
from app.operations import Job
from app.settings import Settings
from app.wire.encode import failed
from app.wire.framing import FRAMINGS

__all__ = ["Cluster", "reach"]

_RETRY_SECONDS = 2
_REACH_SECONDS = 3
_GRACE_SECONDS = 0.5
_AHEAD = 3
"""Frames that a task makes before the client has taken the first of them."""

_LOG = logging.getLogger("app")


class Cluster:
    """Does jobs on the cluster at `ray_address`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ray: Any = None
        self._own = False
        self._streams: set[_OnCluster] = set()
        self._opening = asyncio.Lock()

    async def start(self, job: Job) -> _OnCluster:
        """Begin a job on some machine that has room for it."""
        await self.open()
        if len(self._streams) >= self._settings.workers + self._settings.queue:
            raise RequestError(503, "server.busy", seconds=_RETRY_SECONDS)
        stream = _OnCluster(self._ray, job, self._settings, self._streams)
        await stream.begin()
        return stream

    async def open(self) -> None:
        """Connect, unless this process is connected already."""
        async with self._opening:
            if self._ray is None:
                self._own = await asyncio.to_thread(_connect, self._settings.ray_address)
                self._ray = import_module("ray")

    async def close(self) -> None:
        """Stop every job; leave the cluster as it was."""
        for stream in list(self._streams):
            stream.stop(RequestError(503, "server.stopping"))
        ray, self._ray = self._ray, None
        if ray is not None and self._own:
            await asyncio.to_thread(ray.shutdown)

    def health(self) -> Mapping[str, int]:
        """Whether the cluster is there, and how many jobs it has from us."""
        ready = self._ray is not None and self._ray.is_initialized()
        return {"ready": int(ready), "busy": len(self._streams)}


def reach(address: str) -> None:
    """Find the head of a cluster, as Ray itself would try for ever. Raises ConnectionError."""
    place = urlsplit(address if "://" in address else f"ray://{address}")
    if place.port is None:  # "auto" and "local" are Ray's to find, and it says at once
        return
    try:
        socket.create_connection((place.hostname, place.port), _REACH_SECONDS).close()
    except OSError as error:
        raise ConnectionError(
            f"no Ray cluster answers at {address}: {error}; start one as docs/deploy.md says"
        ) from None


def _connect(address: str) -> bool:
    """Connect this process to a cluster; return whether it was not. Raises ConnectionError."""
    ray: Any = import_module("ray")
    if ray.is_initialized():
        return False
    reach(address)
    ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    return True


def work(payload: bytes, settings: Settings) -> Iterator[bytes]:
    """Do a job, yielding frames: READY at once, then what a worker process would send."""
    yield bytes(Frame(READY))
    sent, answer = begin(job_of(payload), settings)
    try:
        yield sent
        while not answer.done:
            yield go_on(answer)
    finally:
        answer.close()


class _OnCluster:
    """A started answer of a task."""

    def __init__(self, ray: Any, job: Job, settings: Settings, streams: set[_OnCluster]) -> None:
        self._ray = ray
        self._job = job
        self._settings = settings
        self._streams = streams
        self._task = _submit(ray, job, settings)
        self._parts: AsyncIterator[Any] = aiter(self._task)
        self._frames: list[Frame] = []
        self._reason: RequestError | None = None
        self._seq = 0
        self._spent = 0.0
        self.done = False
        self.first = b""
        self.media_type = ""
        self.headers: Mapping[str, str] = {}
        streams.add(self)

    async def begin(self) -> None:
        """Have the first chunk made. Raises what is wrong with the job."""
        try:
            await self._part()  # the cluster has room for it
            self._frames.clear()
            head = await self._frame()
            if head.kind == REFUSED:
                raise _refused(head, self._job.operation)
            self.media_type, self.headers = orjson.loads(head.payload)
            self.first = self._take(await self._frame())
        except BaseException:
            self.close()
            raise

    async def following(self) -> bytes:
        """Return the next chunk; whatever happens is told in it."""
        try:
            return self._take(await self._frame())
        except RequestError as error:
            self.close()
            framing = FRAMINGS[self._job.media]
            last = failed(self._seq, problem_of(error))
            return framing.frame(self._seq, last) + framing.end

    def close(self) -> None:
        """Stop the task, if it goes on."""
        if not self.done:
            self.done = True
            self.stop(RequestError(503, "server.stopping"))
        self._streams.discard(self)

    def stop(self, reason: RequestError, force: bool = False) -> None:
        """End the task; whoever waits for it is told the reason. force: end its process."""
        self._reason = self._reason or reason
        with suppress(Exception):  # it may have ended by itself
            self._ray.cancel(self._task, force=force)

    def _take(self, chunk: Frame) -> bytes:
        self._seq, self.done = chunk.seq, chunk.done
        if chunk.done:
            self._streams.discard(self)
        return chunk.payload

    async def _frame(self) -> Frame:
        """Wait for the next frame, up to the deadline."""
        start, allowed = perf_counter(), self._settings.seconds
        try:
            async with asyncio.timeout(max(allowed - self._spent, 0.0) + _GRACE_SECONDS):
                while not self._frames:
                    await self._part()
        except TimeoutError:
            late = RequestError(422, "limit.seconds", allowed=allowed)
            self.stop(late, force=True)
            raise late from None
        self._spent += perf_counter() - start
        return self._frames.pop(0)

    async def _part(self) -> None:
        try:
            part = await (await anext(self._parts))
        except (StopAsyncIteration, self._ray.exceptions.RayError) as error:
            raise self._reason or _lost(self._ray, error, self._settings) from None
        self._frames += split(bytearray(part))


def _submit(ray: Any, job: Job, settings: Settings) -> Any:
    """Hand a job to the cluster; on a GPU if it asks for one."""
    options = {
        "num_cpus": 1,
        "num_gpus": int(_device(job).startswith("cuda")),
        "max_retries": 0,
        "num_returns": "streaming",
        "_generator_backpressure_num_objects": _AHEAD,
    }
    return ray.remote(work).options(**options).remote(payload_of(job), settings)


def _device(job: Job) -> str:
    with suppress(orjson.JSONDecodeError, AttributeError):
        return str(orjson.loads(job.body).get("device"))
    return ""


def _refused(head: Frame, operation: str) -> Refused:
    problem, origin = orjson.loads(head.payload)
    if origin:
        _LOG.error("a task failed at %s\n%s", operation, origin)
    return Refused(problem)


def _lost(ray: Any, error: Exception, settings: Settings) -> RequestError:
    if isinstance(error, ray.exceptions.OutOfMemoryError):
        return RequestError(422, "limit.memory", allowed=settings.worker_bytes)
    _LOG.error("a task was lost", exc_info=error)
    return RequestError(500, "server.worker")
