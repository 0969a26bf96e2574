"""One connection, guarded: nobody can hold it open by being slow, nor hold too many.

uvicorn has no deadline for a request's head or body, none for a client that stops reading, and no
bound on a head. Each connection here is in one of three phases: waiting for a head, waiting for
the rest of a body, or being answered; the first two have a deadline.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from contextlib import suppress
from enum import Enum, auto
from typing import Any
from weakref import WeakKeyDictionary

from httptools import HttpParserError, HttpParserUpgrade
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from app.guards.clients import Clients, key
from app.guards.security import HEADERS
from app.problems import RequestError, answer
from app.settings import Settings

__all__ = ["HEAD_BYTES", "PIPELINED", "Doors", "Hardened"]

HEAD_BYTES = 32 * 1024
"""Longest request line with its headers."""

PIPELINED = 16
"""Requests that may wait on one connection behind the one being answered."""

_RETRY_SECONDS = 2
_LOG = logging.getLogger("app.guards.protocol")
_UPGRADE = re.compile(rb"\nUpgrade:", re.IGNORECASE)


class _Phase(Enum):
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()


class Doors:
    """Counts the open connections of one process, in all and for each client."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients = Clients(settings.proxies)
        self._open_of: Counter[str] = Counter()
        self.refused = 0

    def enter(self, address: str) -> str | None:
        """Let one connection in: what to hand to `leave` later, or None if there are too many.

        A trusted proxy brings many clients over its own connections, so it counts as nobody.
        """
        client = "" if self._clients.is_proxy(address) else key(address)
        full = self._open_of.total() >= self._settings.connections
        if full or (client and self._open_of[client] >= self._settings.client_connections):
            self.refused += 1
            return None
        self._open_of[client] += 1
        return client

    def leave(self, client: str) -> None:
        """One connection that was let in has ended."""
        self._open_of[client] -= 1
        if not self._open_of[client]:
            del self._open_of[client]


_DOORS: WeakKeyDictionary[ServerState, Doors] = WeakKeyDictionary()


class Hardened(HttpToolsProtocol):
    """uvicorn's connection with deadlines, bounds, and problems for answers.

    The application's lifespan state gives `settings`; `stopping`, an event that is set when the
    server begins to stop, so that streams can end by themselves; and `metrics`, which counts.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits: Settings = app_state.get("settings") or Settings.model_validate({})
        if server_state not in _DOORS:
            _DOORS[server_state] = Doors(self._limits)
        self._doors = _DOORS[server_state]
        self._client_key: str | None = None
        self._phase, self._watched = _Phase.HEAD, _Phase.ANSWER
        self._deadline: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._end: asyncio.TimerHandle | None = None
        self._since = 0.0
        self._received = self._head_bytes = self._body_bytes = 0
        self._fault: RequestError | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the first deadline; or refuse the connection when there are too many."""
        super().connection_made(transport)
        self._client_key = self._doors.enter(self.client[0] if self.client else "")
        if self._client_key is None:
            self._refuse(RequestError(503, "server.connections", seconds=_RETRY_SECONDS))
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock and make room for another connection."""
        for clock in (self._deadline, self._stall, self._end):
            if clock is not None:
                clock.cancel()
        if self._client_key is not None:
            self._doors.leave(self._client_key)
            self._client_key = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, as long as the head stays within its bound."""
        if self.transport.is_closing():
            return
        self._received += len(data)
        if self._phase is _Phase.HEAD:
            self._head_bytes += len(data)
        self._parse(data if self._phase is _Phase.BODY else _staying(data))
        if self._phase is _Phase.HEAD and self._head_bytes > HEAD_BYTES:
            self._refuse(RequestError(431, "request.head", allowed=HEAD_BYTES))
        elif not self.transport.is_closing():
            self._watch()

    def _parse(self, data: bytes) -> None:
        """What the base class does, but for its warnings, which any stranger could have written."""
        self._unset_keepalive_if_required()
        with suppress(HttpParserUpgrade):
            try:
                self.parser.feed_data(data)
            except HttpParserError:
                self._refuse(self._fault or RequestError(400, "request.malformed"))

    def on_message_begin(self) -> None:
        """A request's first byte."""
        self._phase, self._head_bytes = _Phase.HEAD, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is whole; an exception here ends the connection with `_fault`."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEAD_BYTES:
            self._fault = RequestError(431, "request.head", allowed=HEAD_BYTES)
            raise self._fault
        if len(self.pipeline) >= PIPELINED:
            raise RequestError(400, "request.malformed")
        self._phase, self._body_bytes = _Phase.BODY, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is whole: from here on the server is the one who keeps waiting."""
        self._phase = _Phase.ANSWER
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client has stopped reading: it has some time to begin again."""
        super().pause_writing()
        self._stall = self.loop.call_later(self._limits.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()

    def shutdown(self) -> None:
        """Close when idle; else finish, and tell streams to come to their end.

        A client that has not taken its answer in time is cut off here: uvicorn would cancel the
        task that answers it, as if that had failed.
        """
        super().shutdown()
        self._end = self.loop.call_later(self._limits.shutdown_seconds, self.transport.abort)
        stopping = self.app_state.get("stopping")
        if stopping is not None:
            stopping.set()

    def _watch(self) -> None:
        """Have the deadline of the present phase."""
        phase = self._phase
        idle = self.cycle is not None and self.cycle.response_complete
        if phase is _Phase.ANSWER and idle and self.timeout_keep_alive_task is None:
            phase = _Phase.HEAD  # bytes that begin no request, such as empty lines, start the clock
        if phase is self._watched:
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self._watched, self._since = phase, self.loop.time()
        if phase is _Phase.HEAD:
            self._deadline = self.loop.call_later(self._limits.head_seconds, self._expire)
        elif phase is _Phase.BODY:
            self._deadline = self.loop.call_later(self._limits.body_seconds, self._expire)

    def _expire(self) -> None:
        """The time is over, unless we are the ones who do not read, or enough has come."""
        due = self._since
        if self.flow.read_paused:
            due = self.loop.time() + self._limits.body_seconds
        elif self._watched is _Phase.BODY:
            due += self._limits.body_seconds + self._body_bytes / self._limits.body_rate
        if due > self.loop.time():
            self._deadline = self.loop.call_at(due, self._expire)
        else:
            self._refuse(RequestError(408, "request.slow"))

    def _refuse(self, error: RequestError) -> None:
        """End the connection, with a problem where one can still be sent."""
        if self.transport.is_closing():
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        begun = answering and (self.cycle.response_started or self.pipeline)
        silent = error.status == 408 and not self._received
        if not begun and not silent:
            self.transport.write(_whole(error))
        self.transport.close()
        _LOG.debug("request refused", extra={"code": error.code, "status": error.status})
        metrics = self.app_state.get("metrics")
        if metrics is not None:
            metrics.refused(error.code)


def _staying(data: bytes) -> bytes:
    """Hide the offer of another protocol, which we never take, in a request's first head: the
    parser would not read a body behind it, as `curl --http2` sends one."""
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"\nX-Upgrd:", head) + end + rest


def _whole(error: RequestError) -> bytes:
    """A problem as the bytes of a whole HTTP response, the last of its connection."""
    response = answer(error)
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Connection"] = "close"
    lines = [name + b": " + value + b"\r\n" for name, value in response.raw_headers]
    return b"".join((STATUS_LINE[error.status], *lines, b"\r\n", bytes(response.body)))
