"""An answer that a worker makes, one chunk ahead of the client."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from time import perf_counter
from typing import Protocol

import orjson

from app.errors import Refused, RequestError, problem_of
from app.evaluators.frames import JOB, NEXT, REFUSED, Frame, payload_of
from app.evaluators.workers import Lost, Worker
from app.operations import Job
from app.settings import Settings
from app.wire.encode import failed
from app.wire.framing import FRAMINGS

__all__ = ["Place", "Remote"]

_GRACE_SECONDS = 0.25
"""A worker keeps its deadline by itself between two events; after so much more it is killed."""

_SOON_SECONDS, _DEAD_WORKERS = 0.1, 4
"""A worker that is gone so soon after it was asked was most likely dead already, as others may be
that died with it; the job is asked of another."""

_TIMES_AGAIN = 3
"""How often a computation is done again for a client that let its place go."""

_LOG = logging.getLogger("app")


class Place(Protocol):
    """Where workers come from: the pool."""

    settings: Settings

    async def take(self) -> Worker: ...
    def give_back(self, worker: Worker) -> None: ...
    def forget(self, stream: Remote) -> None: ...


class Remote:
    """A started answer. While one chunk is sent to the client, the worker makes the next."""

    def __init__(self, pool: Place, job: Job) -> None:
        self._pool = pool
        self._job = job
        self._worker: Worker | None = None
        self._kept: Frame | None = None
        self._seq = 0
        self._spent = 0.0
        self._times = 0
        self.done = False
        self.first = b""
        self.media_type = ""
        self.headers: Mapping[str, str] = {}

    async def begin(self) -> None:
        """Have the first chunk made. Raises what is wrong with the job."""
        try:
            self.first = await self._begin_alive()
        except Lost as lost:
            self.close()
            raise lost.reason from None
        except BaseException:
            self.close()
            raise

    async def following(self) -> bytes:
        """Return the next chunk; whatever happens is told in it."""
        try:
            if self._kept is not None:
                kept, self._kept = self._kept, None
                self.done = kept.done
                return kept.payload
            if self._worker is None:
                return await self._begin_again()
            return self._take(await self._worker.frame())
        except Lost as lost:
            return self._fail(lost.reason)
        except (Refused, RequestError) as error:
            return self._fail(error)

    def close(self) -> None:
        """Let the worker go; it is killed if it goes on computing."""
        self.done = True
        self._pool.forget(self)
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.leave(self._pool.give_back)

    @property
    def held_up_seconds(self) -> float:
        """How long the client has not taken the chunk that is ready for it."""
        if self._worker is None or not self._worker.is_held_up:
            return 0.0
        return perf_counter() - self._worker.waiting_since

    def yield_place(self) -> None:
        """Keep the chunk that is ready and let the worker go; only while held up."""
        assert self._worker is not None
        self._kept = self._worker.next_frame()
        self._seq = self._kept.seq
        worker, self._worker = self._worker, None
        worker.leave(self._pool.give_back)

    async def _begin_alive(self) -> bytes:
        for _ in range(_DEAD_WORKERS):
            try:
                return await self._begin(self._job)
            except Lost as lost:
                worker, self._worker = self._worker, None
                assert worker is not None
                self._pool.give_back(worker)
                if not lost.crashed or worker.age > _SOON_SECONDS:
                    raise
        return await self._begin(self._job)

    async def _begin(self, job: Job) -> bytes:
        self._worker = worker = await self._pool.take()
        self._spent = 0.0
        self._ask(Frame(JOB, payload_of(job)))
        head = await worker.frame()
        if head.kind == REFUSED:
            problem, origin = orjson.loads(head.payload)
            if origin:
                _LOG.error("a worker failed at %s\n%s", job.operation, origin)
            raise Refused(problem)
        self.media_type, self.headers = orjson.loads(head.payload)
        return self._take(await worker.frame())

    async def _begin_again(self) -> bytes:
        self._times += 1
        if self._times > _TIMES_AGAIN:
            return self._fail(RequestError(503, "server.busy", seconds=1))
        job, framing = self._job, FRAMINGS[self._job.media]
        chunk = await self._begin(Job(job.operation, job.body, job.media, self._seq - 1))
        if framing.numbered:
            return chunk
        # The worker has opened a stream; here it goes on.
        rest = chunk.removeprefix(framing.before_first)
        return rest if chunk == framing.nothing else framing.before + rest

    def _ask(self, frame: Frame) -> None:
        assert self._worker is not None
        allowed = self._pool.settings.seconds
        reason = RequestError(422, "limit.seconds", allowed=allowed)
        self._worker.ask(frame, max(allowed - self._spent, 0.0) + _GRACE_SECONDS, reason)

    def _take(self, chunk: Frame) -> bytes:
        assert self._worker is not None
        self._spent += self._worker.spent
        self._seq, self.done = chunk.seq, chunk.done
        if chunk.done:
            worker, self._worker = self._worker, None
            self._pool.forget(self)
            worker.leave(self._pool.give_back)
        else:
            self._ask(Frame(NEXT))
        return chunk.payload

    def _fail(self, error: Exception) -> bytes:
        """The last event of a stream whose worker is gone."""
        self.close()
        framing = FRAMINGS[self._job.media]
        return framing.frame(self._seq, failed(self._seq, problem_of(error))) + framing.end
