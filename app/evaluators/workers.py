"""Worker processes as the server sees them: started in milliseconds, asked, timed and killed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import cast

from app.errors import RequestError
from app.evaluators.frames import BEGUN, FREE, JOB, LEAVE, READY, Frame, split

__all__ = ["Lost", "Worker"]

_LEAVE_SECONDS, _FREE_SECONDS = 0.05, 1.0
"""A worker may finish its chunk and free what it holds within this time, one that owes none within
the second; then it is killed."""


class Lost(Exception):
    """The worker is gone; `reason` is the problem for its client. crashed: nobody killed it."""

    def __init__(self, reason: RequestError | None) -> None:
        self.crashed = reason is None
        self.reason = reason or RequestError(500, "server.worker")
        super().__init__(self.reason.code)


class Worker(asyncio.Protocol):
    """One process. It is asked one thing at a time, by the one client that it works for.

    kill: ends a process by its number. on_lost: told once, when this one is gone. computing:
    whether it owes an answer. waiting_since: when it gave the last one. spent: how long that took.
    """

    def __init__(self, kill: Callable[[int], None], on_lost: Callable[[Worker], None]) -> None:
        self._kill = kill
        self._on_lost = on_lost
        self._received = bytearray()
        self._frames: deque[Frame] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._left: Callable[[Worker], None] | None = None
        self._reason: RequestError | None = None
        self._asked = perf_counter()
        self._free = True
        self.pid = 0
        self.computing = True
        self.waiting_since = 0.0
        self.spent = 0.0
        self.lost = False

    def ask(self, frame: Frame, seconds: float, reason: RequestError) -> None:
        """Ask for a chunk; after so many seconds kill the process, for this reason."""
        self.computing, self._asked = True, perf_counter()
        self._free = self._free and frame.kind != JOB
        if not self._transport.is_closing():  # else whoever waits for its frame is told
            self._expire_in(seconds, reason)
            self._transport.write(bytes(frame))

    async def frame(self) -> Frame:
        """Return the next frame. Raises Lost."""
        while not self._frames:
            if self.lost:
                raise Lost(self._reason)
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._frames.popleft()

    def next_frame(self) -> Frame:
        """Return the frame that is there; only while held up."""
        return self._frames.popleft()

    @property
    def age(self) -> float:
        """How many seconds ago it was asked."""
        return perf_counter() - self._asked

    @property
    def is_held_up(self) -> bool:
        """Whether its client does not take what it has made."""
        return bool(self._frames) and self._reader is None and not self.computing

    def leave(self, then: Callable[[Worker], None]) -> None:
        """Give its job up, and call `then` when it is free or gone."""
        self._frames.clear()
        if self.lost or self._free:
            then(self)
            return
        self._left = then
        if not self._transport.is_closing():
            self._transport.write(bytes(Frame(LEAVE)))
            self._expire_in(_LEAVE_SECONDS if self.computing else _FREE_SECONDS, None)

    def kill(self, reason: RequestError | None = None) -> None:
        """End the process now; whoever waits for it is told the reason."""
        if not self.lost:
            self._reason = reason
            self._kill(self.pid)
            self._transport.abort()
            self._end()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        self._received += data
        for frame in split(self._received):
            self._take(frame)

    def connection_lost(self, _: Exception | None) -> None:
        """Called by the event loop when the process has ended."""
        self._end()

    def _take(self, frame: Frame) -> None:
        if frame.kind == FREE:
            self._free = True
            self._let_go()
        elif self._left is None:
            if frame.kind != BEGUN:
                self._answered()
            self.pid = frame.seq if frame.kind == READY else self.pid
            self._frames.append(frame)
            self._wake()

    def _answered(self) -> None:
        self.computing, self.waiting_since = False, perf_counter()
        self.spent = self.waiting_since - self._asked
        self._stop_timer()

    def _let_go(self) -> None:
        if self._left is not None:
            self._stop_timer()
            then, self._left = self._left, None
            then(self)

    def _end(self) -> None:
        if self.lost:
            return
        self.lost = True
        self._stop_timer()
        self._wake()
        self._on_lost(self)
        self._let_go()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _expire_in(self, seconds: float, reason: RequestError | None) -> None:
        self._stop_timer()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, self.kill, reason)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
