"""Answers of an evaluator to HTTP: whole, or chunk by chunk as the client takes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import TYPE_CHECKING, Any

from anyio import CancelScope
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

if TYPE_CHECKING:
    from app.evaluators import Started

__all__ = ["PING_SECONDS", "StreamReply", "reply"]

PING_SECONDS = 15.0
"""A comment is sent when nothing else has been for so long."""


def reply(started: Started) -> Response:
    """The response that carries an answer."""
    if not started.done:
        return StreamReply(started)
    started.close()
    if not started.first:  # the client has the whole stream already
        return Response(status_code=204)
    return Response(started.first, headers=dict(started.headers), media_type=started.media_type)


class StreamReply(StreamingResponse):
    """Sends the chunks; each is asked for only when the one before it has been taken."""

    def __init__(self, started: Started) -> None:
        self._started = started
        headers = dict(started.headers)
        super().__init__(self._chunks(), headers=headers, media_type=started.media_type)

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield self._started.first
        waits = self._started.media_type == "text/event-stream"
        while not self._started.done:
            following = self._started.following()
            async for chunk in _with_pings(following) if waits else _alone(following):
                yield chunk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send everything; whether the client stays or leaves, the computation is freed.

        What is there already goes out before the rest is computed: an event loop writes when it
        gets its turn.
        """
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        chunks = aiter(self.body_iterator)
        watch: asyncio.Task[None] | None = None
        try:
            await send(start)
            await send(_part(await anext(chunks)))
            await asyncio.sleep(0)
            with CancelScope() as rest:
                watch = asyncio.create_task(_until_gone(receive, rest))
                async for chunk in chunks:
                    await send(_part(chunk))
                await send(_part(b"", more=False))
        finally:
            if watch is not None:
                watch.cancel()
            self._started.close()


def _part(body: Any, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _until_gone(receive: Receive, scope: CancelScope) -> None:
    """Wait until the client leaves, and stop what is done for it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _alone(following: Coroutine[Any, Any, bytes]) -> AsyncIterator[bytes]:
    yield await following


async def _with_pings(following: Coroutine[Any, Any, bytes]) -> AsyncIterator[bytes]:
    """The next chunk, and comments while it is long in coming, so that nobody in between hangs
    up."""
    task = asyncio.create_task(following)
    try:
        while not (await asyncio.wait({task}, timeout=PING_SECONDS))[0]:
            yield b": ping\n\n"
        yield task.result()
    finally:
        task.cancel()
