"""From the start of a server to its end: the engine is ready before, and streams end in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypedDict

from fastapi import FastAPI

from app.evaluators import Evaluator
from app.settings import Settings
from app.watch.metrics import Metrics

__all__ = ["Life", "lifespan"]


class Life(TypedDict):
    """What every request and connection can see in its `state`."""

    settings: Settings
    stopping: asyncio.Event
    metrics: Metrics


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[Life]:
    """Open the evaluator and close it in the end.

    When the server is told to stop, streams have half of `shutdown_seconds` to finish; then the
    evaluator ends them with `failed`, so that there is time left for their readers to take it.
    """
    settings: Settings = app.state.settings
    evaluator: Evaluator = app.state.evaluator
    stopping = app.state.stopping = asyncio.Event()
    await evaluator.open()
    last_call = asyncio.create_task(_close_late(stopping, settings.shutdown_seconds / 2, evaluator))
    try:
        yield {"settings": settings, "stopping": stopping, "metrics": app.state.metrics}
    finally:
        stopping.set()
        last_call.cancel()
        with suppress(asyncio.CancelledError):
            await last_call
        await evaluator.close()


async def _close_late(stopping: asyncio.Event, seconds: float, evaluator: Evaluator) -> None:
    await stopping.wait()
    await asyncio.sleep(seconds)
    await evaluator.close()
