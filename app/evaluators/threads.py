"""Work in a few threads of this process, where other processes are not to be had.

Python runs one thread at a time: more threads than cores only wait for each other, and make the
event loop wait with them. So all jobs share a few places, in order of arrival; a queue that has
grown too long is refused at once, with a time to come back. Nothing here can stop a step that takes
too long: that is what worker processes are for.
"""

from __future__ import annotations

from collections.abc import Mapping

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from app.errors import RequestError
from app.operations import Answer, Job, perform
from app.settings import Settings

__all__ = ["RETRY_SECONDS", "Threads"]

RETRY_SECONDS = 2
"""When to come back to a server that has too much to do."""


class Threads:
    """Does jobs in threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = CapacityLimiter(settings.workers)
        self._starting = 0

    async def start(self, job: Job) -> _InThreads:
        """Do the first work of a job."""
        if self._starting >= self._settings.workers + self._settings.queue:
            raise RequestError(503, "server.busy", seconds=RETRY_SECONDS)

        def begin() -> tuple[Answer, bytes]:
            answer = perform(job, self._settings)
            return answer, answer.first()

        self._starting += 1
        try:
            return _InThreads(*await run_sync(begin, limiter=self._places), self._places)
        finally:
            self._starting -= 1

    async def open(self) -> None:
        """Threads are made when they are needed."""

    async def close(self) -> None:
        """Threads end with their work."""

    def health(self) -> Mapping[str, float]:
        """How many jobs are worked on and wait."""
        seen = self._places.statistics()
        return {"ready": 1, "busy": seen.borrowed_tokens, "waiting": seen.tasks_waiting}


class _InThreads:
    """An answer whose chunks are each made in a thread."""

    def __init__(self, answer: Answer, first: bytes, places: CapacityLimiter) -> None:
        self._answer = answer
        self._places = places
        self.first = first
        self.media_type = answer.media_type
        self.headers = answer.headers

    @property
    def done(self) -> bool:
        return self._answer.done

    async def following(self) -> bytes:
        return await run_sync(self._answer.following, limiter=self._places)

    def close(self) -> None:
        self._answer.close()
