"""Small jobs right here, on the event loop: a hop to another process takes longer than they do.

A job is small when it passes limits that prove it so, before any work: those of `SMALL`. They were
measured: the slowest programs that they let through hold the event loop for 4 ms, the worked
example for 0.7, where a round trip to a worker takes 0.1. Whatever exceeds them goes on to the
evaluator behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING

from app.operations import Answer, Job, perform
from app.settings import Settings
from engine.errors import LimitError

if TYPE_CHECKING:
    from app.evaluators import Evaluator, Started

__all__ = ["SHORT_BODY", "SMALL", "Small"]

SHORT_BODY = 1024
"""Bytes of a request; a longer one is not looked at here."""

_TELLS_LIMITS = b'"partial"'
"""In a request for what can be read, limits are part of the answer: they must be the server's."""

_UNKNOWN = "autograd"
"""What a snippet takes is known only once it has run."""

SMALL = {"nodes": 32, "rows": 32, "tensor_entries": 1024, "flops": 100_000, "memory_bytes": 2**20}


class Small:
    """Does small jobs itself and hands the others on."""

    def __init__(self, settings: Settings, behind: Evaluator) -> None:
        tighter = {name: min(getattr(settings, name), most) for name, most in SMALL.items()}
        self._settings = settings.model_copy(update=tighter)
        self._behind = behind
        self._jobs, self._seconds = 0, 0.0
        self._one_at_a_time = asyncio.Lock()

    async def start(self, job: Job) -> Started:
        """Do a job here if it is small.

        One after the other, so that the event loop looks at its connections between two of them.
        """
        short = len(job.body) <= SHORT_BODY and job.operation != _UNKNOWN
        if short and _TELLS_LIMITS not in job.body:
            async with self._one_at_a_time:
                started = self._here(job)
            if started is not None:
                return started
        return await self._behind.start(job)

    def _here(self, job: Job) -> _Here | None:
        start = perf_counter()
        try:
            return _Here(perform(job, self._settings))
        except LimitError:
            return None  # it is not small
        finally:
            self._jobs += 1
            self._seconds += perf_counter() - start

    async def open(self) -> None:
        """Make the evaluator behind ready."""
        self._one_at_a_time = asyncio.Lock()  # belongs to the event loop that now begins
        await self._behind.open()

    async def close(self) -> None:
        """Close the evaluator behind."""
        await self._behind.close()

    def health(self) -> Mapping[str, float]:
        """The figures of the evaluator behind, with the small jobs and the seconds they took."""
        behind = self._behind.health()
        seconds = round(behind.get("seconds", 0.0) + self._seconds, 3)
        return {**behind, "small": self._jobs, "seconds": seconds}


class _Here:
    """An answer whose chunks are made where they are asked for."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.first = answer.first()
        self.media_type = answer.media_type
        self.headers = answer.headers

    @property
    def done(self) -> bool:
        return self._answer.done

    async def following(self) -> bytes:
        return self._answer.following()

    def close(self) -> None:
        self._answer.close()
