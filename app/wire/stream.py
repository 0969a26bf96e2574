"""Events to coalesced chunks: the first event at once, then chunks of 32 KiB or 10 ms.

A chunk is computed and encoded only when it is asked for. So a slow reader holds the computation
back, and one that leaves ends it. Coalescing is worth 4 to 18 times; the framing is worth little.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextvars import copy_context
from time import perf_counter
from typing import Protocol

from app.errors import RequestError, problem_of
from app.settings import Settings
from app.wire.encode import encode, failed, record
from app.wire.lines import Lines
from engine.events import FinishedEvent
from engine.sweeps.columns import Column

__all__ = ["HEADERS", "Chunks", "Sequenced"]

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Accept"}
"""What every stream says of itself: nobody may keep it or hold it up."""

_LOG = logging.getLogger("app")


class Sequenced(Protocol):
    """What every event has."""

    @property
    def seq(self) -> int:
        """Its number in the stream."""


def _last(event: Sequenced | Column) -> int:
    """The number of an event, of a column that of its last."""
    return event.seq + len(event) - 1 if isinstance(event, Column) else event.seq


class Chunks:
    """The events of one run as framed chunks; ends with `finished` or `failed`, whatever happens.

    lines: who writes them down. after: events up to this number are computed but not sent, as the
    reader has them. Every chunk may be made by another thread, but all in one context, as a
    generator that has set NumPy's error state must be resumed where it set it.
    """

    def __init__(
        self,
        events: Iterator[Sequenced | Column],
        lines: Lines,
        settings: Settings,
        after: int = -1,
    ) -> None:
        self._events = events
        self._framing = framing = lines.framing
        self._settings = settings
        self._after = after
        self._lines = lines
        self._spent = 0.0
        self._context = copy_context()
        self.media_type = framing.media_type
        self.headers: Mapping[str, str] = HEADERS
        self.seq = after + 1
        self._first = True
        self.done = False

    def first(self) -> bytes:
        """The first event alone, so that the reader has something to show at once."""
        return self._context.run(self._collect, 1)

    def following(self) -> bytes:
        """The next events, until a chunk is full or its first event is old enough."""
        return self._context.run(self._collect, self._settings.flush_bytes)

    def close(self) -> None:
        """Free what the computation holds; nothing more will be asked of it."""
        self.done = True
        close = getattr(self._events, "close", None)
        if close is not None:
            self._context.run(close)

    def _collect(self, flush_bytes: int) -> bytes:
        parts: list[bytes] = []
        size, start = 0, perf_counter()
        deadline = start + self._settings.flush_seconds
        try:
            while size < flush_bytes:
                part = self._next()
                parts.append(part)
                size += len(part)
                if self.done or perf_counter() > deadline:
                    break
            self._spend(perf_counter() - start)
        except MemoryError:
            allowed = self._settings.worker_bytes
            parts.append(self._fail(RequestError(422, "limit.memory", allowed=allowed)))
        except Exception as error:
            parts.append(self._fail(error))
        return b"".join(parts)

    def _next(self) -> bytes:
        """The next event, or column of events, that the reader does not have."""
        event = next(self._events, None)
        while event is not None and _last(event) <= self._after:
            event = next(self._events, None)
        if event is None:
            self.done = True
            return self._framing.nothing if self._first else self._framing.end
        if isinstance(event, Column):
            if self._first or event.seq <= self._after:
                return self._framed(event.seq, self._lines.column(event))
            self.seq = event.seq + len(event)
            return self._lines.framed(event)
        return self._framed(event.seq, [self._payload(event)])

    def _framed(self, seq: int, payloads: list[bytes]) -> bytes:
        """Events that follow one another, but those that the reader has."""
        known = max(self._after + 1 - seq, 0)
        first, self._first = self._first, False
        self.seq = seq + len(payloads)
        return self._framing.frames(seq + known, payloads[known:], first)

    def _payload(self, event: Sequenced) -> bytes:
        """The event itself; what differs from run to run is left out where a cut stream must go on
        byte for byte."""
        if self._framing.numbered and isinstance(event, FinishedEvent):
            wire = record(event)
            del wire["seconds"]
            return encode(wire)
        return self._lines.write(event)

    def _spend(self, seconds: float) -> None:
        """Count the time spent computing, not the time a slow reader takes."""
        self._spent += seconds
        if self._spent > self._settings.seconds and not self.done:
            raise RequestError(422, "limit.seconds", allowed=self._settings.seconds)

    def _fail(self, error: Exception) -> bytes:
        problem = problem_of(error)
        if problem["status"] >= 500:
            _LOG.error("a stream failed after its first byte", exc_info=error)
        self.done = True
        last = self._framing.frame(self.seq, failed(self.seq, problem), self._first)
        return last + self._framing.end
