"""A worker as the server sees it: what it is asked, and how its end is told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.errors import RequestError
from app.evaluators.frames import NEXT, Frame
from app.evaluators.workers import Lost, Worker


class Closed:
    """What is left of a connection to a process that was killed; as uvloop's, it takes no bytes."""

    def is_closing(self) -> bool:
        return True

    def write(self, data: bytes) -> None:
        raise RuntimeError("the handler is closed")


@pytest.mark.parametrize("told", ["before", "after"])
def test_a_process_killed_between_two_chunks_is_lost_and_no_error(told: str) -> None:
    async def scenario() -> None:
        gone: list[Any] = []
        worker = Worker(lambda pid: None, gone.append)
        worker.connection_made(Closed())  # type: ignore[arg-type]
        if told == "before":
            worker.connection_lost(None)
        worker.ask(Frame(NEXT), 1.0, RequestError(422, "limit.seconds", allowed=1))
        if told == "after":
            asyncio.get_running_loop().call_soon(worker.connection_lost, None)
        with pytest.raises(Lost) as caught:
            await worker.frame()
        assert caught.value.reason.code == "server.worker" and gone == [worker]
        left: list[Any] = []
        worker.leave(left.append)
        assert left == [worker]

    asyncio.run(scenario())
