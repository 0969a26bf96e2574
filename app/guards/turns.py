"""So many requests of one client at a time; the next ones wait a little for their turn.

The event loop takes requests as they come, so a client with many connections would have nearly all
of it. Where only a few requests of each are under way, everybody else's stand next in line.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

__all__ = ["Turns"]


@dataclass(slots=True)
class _Line:
    places: asyncio.Semaphore
    users: int = 0


class Turns:
    """The lines of all clients. limit: places of each; patience: seconds to wait for one."""

    def __init__(self, limit: int, patience: float) -> None:
        self.limit = limit
        self._patience = patience
        self._line_of: dict[str, _Line] = {}

    async def take(self, client: str) -> bool:
        """Wait for a place: whether there was one. Who has one must `leave`."""
        line = self._line_of.get(client)
        if line is None:
            line = self._line_of[client] = _Line(asyncio.Semaphore(self.limit))
        line.users += 1
        try:
            if line.places.locked():
                async with asyncio.timeout(self._patience):
                    await line.places.acquire()
            else:
                await line.places.acquire()
        except BaseException as error:
            self._forget(client, line)
            if isinstance(error, TimeoutError):
                return False
            raise
        return True

    def leave(self, client: str) -> None:
        """Give a place back."""
        line = self._line_of[client]
        line.places.release()
        self._forget(client, line)

    def _forget(self, client: str, line: _Line) -> None:
        line.users -= 1
        if not line.users:
            del self._line_of[client]
