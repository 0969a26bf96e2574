"""The evaluator lives as long as the server, and hears of its end early enough."""

from __future__ import annotations

import asyncio

from app.lifespan import lifespan
from app.main import create_app
from app.settings import Settings


class Recorder:
    """An evaluator that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def open(self) -> None:
        self.told.append("open")

    async def close(self) -> None:
        self.told.append("close")


def test_the_evaluator_is_opened_first_and_closed_last() -> None:
    app = create_app(Settings())
    evaluator = app.state.evaluator = Recorder()

    async def live() -> None:
        async with lifespan(app) as state:
            assert evaluator.told == ["open"]
            assert not state["stopping"].is_set()
            assert state["settings"] == Settings()
        assert state["stopping"].is_set()

    asyncio.run(live())
    assert evaluator.told == ["open", "close"]


def test_streams_are_ended_halfway_through_the_time_to_stop() -> None:
    app = create_app(Settings(shutdown_seconds=1))
    evaluator = app.state.evaluator = Recorder()

    async def live() -> None:
        async with lifespan(app) as state:
            await asyncio.sleep(0)
            state["stopping"].set()
            await asyncio.sleep(0.3)
            assert "close" not in evaluator.told
            await asyncio.sleep(0.4)
            assert evaluator.told == ["open", "close"]

    asyncio.run(live())
