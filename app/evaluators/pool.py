"""Jobs in worker processes: limited, killed at the deadline, replaced in milliseconds.

As many jobs are worked on as there are places; the others wait in order of arrival, up to a bound.
One worker more than places is kept ready. A stream whose client does not read keeps no place that
another waits for: its worker is taken from it, and when the client reads on, the computation is
done again up to where it was, as it gives the same events each time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from time import monotonic

from app.errors import RequestError
from app.evaluators.breeder import Breeder
from app.evaluators.remote import Remote
from app.evaluators.workers import Worker
from app.operations import Job
from app.settings import Settings

__all__ = ["Pool"]

_RETRY_SECONDS = 2
_HELD_UP_SECONDS = 0.25
"""How long a client may take over a chunk while others wait for its worker."""


class Pool:
    """Does jobs in worker processes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._breeder = Breeder(settings)
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._streams: set[Remote] = set()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._busy = 0
        self._lost = 0
        self._seconds = 0.0
        self._taken_at: dict[Worker, float] = {}
        self._filling: asyncio.Task[None] | None = None
        self._closed = False

    async def start(self, job: Job) -> Remote:
        """Begin a job in the next free worker."""
        if self._busy >= self.settings.workers and len(self._waiting) >= self.settings.queue:
            raise RequestError(503, "server.busy", seconds=_RETRY_SECONDS)
        stream = Remote(self, job)
        await stream.begin()
        if not stream.done:
            self._streams.add(stream)
        return stream

    async def open(self) -> None:
        """Start the workers."""
        self._closed = False
        self._fill()
        if self._filling is not None:
            await asyncio.shield(self._filling)

    async def close(self) -> None:
        """Kill every worker; streams that are under way end with `failed`."""
        self._closed = True
        stopping = RequestError(503, "server.stopping")
        for place in self._waiting:
            if not place.done():
                place.set_exception(stopping)
        self._waiting.clear()
        for worker in list(self._workers):
            worker.kill(stopping)
        if self._filling is not None:
            self._filling.cancel()
            await asyncio.gather(self._filling, return_exceptions=True)
        await self._breeder.close()

    def health(self) -> Mapping[str, float]:
        """Workers alive, jobs at work and waiting; so far, workers lost and seconds of work."""
        alive = sum(1 for worker in self._workers if worker.pid)
        ready = int(bool(alive) and not self._closed)
        figures = {"ready": ready, "workers": alive, "busy": self._busy}
        so_far = {"lost": self._lost, "seconds": round(self._seconds, 3)}
        return {**figures, "waiting": len(self._waiting), **so_far}

    @property
    def pids(self) -> list[int]:
        """The workers' processes."""
        return [worker.pid for worker in self._workers]

    async def take(self) -> Worker:
        """Wait for a place and return a worker; it must be given back."""
        if self._closed:
            raise RequestError(503, "server.stopping")
        if self._busy >= self.settings.workers:
            await self._wait()
        else:
            self._busy += 1
        try:
            worker = self._spare() or await self._new()
        except BaseException:
            self._free_place()
            raise
        self._taken_at[worker] = monotonic()
        return worker

    def _spare(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if not worker.lost:
                return worker
        return None

    def give_back(self, worker: Worker) -> None:
        """Take a worker back, alive or not, and let the next job in."""
        self._seconds += monotonic() - self._taken_at.pop(worker, monotonic())
        if not worker.lost:
            self._idle.append(worker)
        self._free_place()
        self._fill()

    def forget(self, stream: Remote) -> None:
        """A stream has ended."""
        self._streams.discard(stream)

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.append(place)
        timer = loop.call_later(_HELD_UP_SECONDS, self._clear_places)
        self._clear_places()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self._free_place()
            elif place in self._waiting:
                self._waiting.remove(place)
            raise
        finally:
            timer.cancel()

    def _free_place(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._busy -= 1

    def _clear_places(self) -> None:
        """Take workers from clients that hold others up; look again while somebody waits."""
        held_up = [s for s in self._streams if s.held_up_seconds > _HELD_UP_SECONDS]
        held_up.sort(key=lambda stream: stream.held_up_seconds, reverse=True)
        for stream in held_up[: len(self._waiting)]:
            stream.yield_place()
        if self._waiting and self._streams:
            asyncio.get_running_loop().call_later(_HELD_UP_SECONDS, self._clear_places)

    async def _new(self) -> Worker:
        worker = await self._breeder.order(self._on_lost)
        self._workers.add(worker)
        return worker

    def _on_lost(self, worker: Worker) -> None:
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if not self._closed:
            self._lost += 1
            self._fill()

    def _fill(self) -> None:
        if not self._closed and (self._filling is None or self._filling.done()):
            self._filling = asyncio.get_running_loop().create_task(self._fill_up())

    async def _fill_up(self) -> None:
        """Keep one worker more than there are places."""
        try:
            while len(self._workers) <= self.settings.workers:
                self._idle.append(await self._new())
        except RequestError:
            pass  # the next job tries again, and is told
