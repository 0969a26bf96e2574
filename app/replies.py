"""Answers of an evaluator to HTTP: whole, or chunk by chunk as the client takes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse
from starlette.types import Send

if TYPE_CHECKING:
    from app.evaluators import Started

__all__ = ["StreamReply", "reply"]


def reply(started: Started) -> Response:
    """The response that carries an answer."""
    if not started.done:
        return StreamReply(started)
    started.close()
    return Response(started.first, headers=dict(started.headers), media_type=started.media_type)


class StreamReply(StreamingResponse):
    """Sends the chunks; each is asked for only when the one before it has been taken."""

    def __init__(self, started: Started) -> None:
        self._started = started
        headers = dict(started.headers)
        super().__init__(self._pull(), headers=headers, media_type=started.media_type)

    async def _pull(self) -> AsyncIterator[bytes]:
        yield self._started.first
        while not self._started.done:
            yield await self._started.following()

    async def stream_response(self, send: Send) -> None:
        """Send everything; whether the client stays or leaves, the computation is freed."""
        try:
            await super().stream_response(send)
        finally:
            self._started.close()
