"""Where the engine's work is done. One protocol, several places; all pass the same tests.

An evaluator takes jobs (`app.operations`) and gives back answers that have begun. It never blocks
the event loop, refuses work when too much is waiting, and stops what nobody listens to any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from app.evaluators.cluster import Cluster
from app.evaluators.pool import Pool
from app.evaluators.small import Small
from app.evaluators.threads import Threads
from app.operations import Job
from app.settings import Settings

__all__ = ["Evaluator", "Started", "evaluator_of"]


class Started(Protocol):
    """An answer whose first chunk is made. Whoever starts one must close it."""

    media_type: str
    headers: Mapping[str, str]
    first: bytes

    @property
    def done(self) -> bool:
        """Whether no chunk follows those given so far."""

    async def following(self) -> bytes:
        """Return the next chunk; only while not `done`. A failure is in the chunk, as an event."""

    def close(self) -> None:
        """Stop the work, if it is not done, and free its place. May be called twice."""


class Evaluator(Protocol):
    """A place where jobs are done."""

    async def start(self, job: Job) -> Started:
        """Begin a job. Raises EngineError, RequestError; also when too many are waiting."""

    async def open(self) -> None:
        """Make ready for work, so that the first job need not wait; `start` works without."""

    async def close(self) -> None:
        """Stop everything; what is under way ends with `failed`."""

    def health(self) -> Mapping[str, float]:
        """Figures for monitoring; `ready` is 1 when a job would be begun."""


def evaluator_of(settings: Settings) -> Evaluator:
    """The evaluator that the settings ask for; small jobs are done at once in any case."""
    return Small(settings, _KINDS[settings.evaluator](settings))


_KINDS: dict[str, Callable[[Settings], Evaluator]] = {
    "pool": Pool,
    "threads": Threads,
    "ray": Cluster,
}
