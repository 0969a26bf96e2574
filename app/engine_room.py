"""Where the engine's work is done: in a few threads, so that the event loop always answers.

Python runs one thread at a time: more threads than cores only wait for each other, and make the
event loop wait with them. So all of a server's engine work shares a few places, in order of
arrival; a queue that has grown too long is refused at once, with a time to come back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from app.problems import RequestError
from app.settings import Settings

__all__ = ["EngineRoom"]

Result = TypeVar("Result")
_RETRY_SECONDS = 2


class EngineRoom:
    """Runs the engine's work for one server."""

    def __init__(self, settings: Settings) -> None:
        self._places = CapacityLimiter(settings.workers)
        self._queue = settings.queue

    async def enter(self, work: Callable[[], Result]) -> Result:
        """Do the first work of a request. Raises RequestError when too many are waiting."""
        if self._places.statistics().tasks_waiting >= self._queue:
            raise RequestError(503, "server.busy", seconds=_RETRY_SECONDS)
        return await self.go_on(work)

    async def go_on(self, work: Callable[[], Result]) -> Result:
        """Do more work of a request that has been let in."""
        return await run_sync(work, limiter=self._places)
