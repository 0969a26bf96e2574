"""How much one client may ask: requests in a minute, and how many are under way at once.

The minute slides: the part of the last one that is still within sixty seconds counts. Every answer
of the API says what is left, in the fields of draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, time
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import RequestError
from app.guards.clients import Clients
from app.guards.turns import Turns
from app.problems import answer
from app.settings import Settings, store_of

__all__ = ["InMemory", "Left", "Rates", "Shared", "Windows"]

PERIOD = 60.0
REMEMBERED = 65_536
"""Clients that are counted at most; the ones not seen for longest are forgotten."""

LATE_SECONDS = 1.0
"""How late a refusal comes, and how long an evaluation waits for its turn before it is refused."""

STORE_SECONDS = 0.5
"""A shared store that takes longer does not answer."""

_ALONE_SECONDS = 5.0
_QUICK_AT_ONCE, _FIRST_AT_ONCE, _QUICK_PATIENCE = 2, 4, 10.0
_RETRY_SECONDS = 1
_ROUNDING = 1e-6
_LOG = logging.getLogger("app.guards.rates")


@dataclass(frozen=True, slots=True)
class Left:
    """What a client has left after a request. seconds: until there is more."""

    allowed: bool
    requests: int
    seconds: int


class Windows(Protocol):
    """Counts the requests of clients."""

    async def hit(self, client: str) -> Left:
        """Count one request."""


class InMemory:
    """Counts in this process: two numbers a client, and no clock that ticks."""

    def __init__(self, limit: int, clock: Callable[[], float] = monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._counts_of: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    async def hit(self, client: str) -> Left:
        """Count one request; a refused one does not count."""
        now = self._clock() / PERIOD
        window = int(now)
        seen, before, here = self._counts_of.pop(client, (window, 0, 0))
        if seen != window:
            before, here = (here if seen == window - 1 else 0), 0
        rest = 1 - (now - window)
        used = before * rest + here
        allowed = used + 1 <= self._limit + _ROUNDING
        self._counts_of[client] = (window, before, here + allowed)
        if len(self._counts_of) > REMEMBERED:
            self._counts_of.popitem(last=False)
        wait = rest if allowed else self._wait(before, here, rest)
        left = max(0, math.floor(self._limit - used - allowed + _ROUNDING))
        return Left(allowed, left, max(1, math.ceil(wait * PERIOD)))

    def _wait(self, before: int, here: int, rest: float) -> float:
        """After how many periods one more request is allowed."""
        within = (before * rest + here + 1 - self._limit) / before if before else rest + 1
        if within <= rest:
            return within
        return rest + max(0, here + 1 - self._limit) / max(1, here)


class Shared:
    """Counts in a store that several servers share, through the library `limits`.

    uri: such as `redis://host:6379`. While the store does not answer, each process counts alone.
    """

    def __init__(self, limit: int, uri: str, clock: Callable[[], float] = monotonic) -> None:
        from limits import RateLimitItemPerMinute
        from limits.aio.strategies import SlidingWindowCounterRateLimiter

        self._limit = RateLimitItemPerMinute(limit)
        self._limiter = SlidingWindowCounterRateLimiter(store_of(uri))
        self._clock = clock
        self._alone = InMemory(limit, clock)
        self._alone_until = -math.inf

    async def hit(self, client: str) -> Left:
        """Count one request."""
        if self._clock() < self._alone_until:
            return await self._alone.hit(client)
        try:
            async with asyncio.timeout(STORE_SECONDS):
                allowed = await self._limiter.hit(self._limit, client)
                stats = await self._limiter.get_window_stats(self._limit, client)
        except Exception as error:
            self._alone_until = self._clock() + _ALONE_SECONDS
            _LOG.warning("the store of rates does not answer: counting alone", exc_info=error)
            return await self._alone.hit(client)
        return Left(allowed, stats.remaining, max(1, math.ceil(stats.reset_time - time())))


class Rates:
    """Middleware that counts the requests to the API, and lets no client have all the others' time.

    Pages, files and probes are not counted, but come in turn too. Who asks too much is answered
    late: a client that asks again as soon as it is refused would be a load all the same.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._limit = settings.requests_per_minute
        self._policy = f'"client";q={self._limit};w={int(PERIOD)}'.encode()
        self._at_once = settings.client_evaluations
        self._clients = Clients(settings.proxies)
        self._quick = Turns(_QUICK_AT_ONCE, _QUICK_PATIENCE)
        self._first = Turns(max(_FIRST_AT_ONCE, settings.workers), _QUICK_PATIENCE)
        self._long = Turns(self._at_once or sys.maxsize, LATE_SECONDS)
        self._windows: Windows = (
            Shared(self._limit, settings.rate_storage)
            if settings.rate_storage
            else InMemory(self._limit)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when its turn has come, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = self._clients.of(scope)
        if self._limit and scope["path"].startswith("/api/"):
            left = await self._windows.hit(client)
            send = self._telling(send, left)
            if not left.allowed:
                await asyncio.sleep(LATE_SECONDS)
                refusal = RequestError(
                    429, "client.rate", allowed=self._limit, seconds=left.seconds
                )
                await answer(refusal)(scope, receive, send)
                return
        await self._in_turn(client, scope, receive, send)

    async def _in_turn(self, client: str, scope: Scope, receive: Receive, send: Send) -> None:
        """An evaluation has a place to the end of its answer. Whatever is asked has one among few
        up to the beginning, as small jobs are done on the event loop itself."""
        if scope["method"] != "POST":
            await self._begin(self._quick, client, scope, receive, send)
        elif await self._long.take(client):
            try:
                await self._begin(self._first, client, scope, receive, send)
            finally:
                self._long.leave(client)
        else:
            await self._refuse(self._long, scope, receive, send)

    async def _begin(
        self, turns: Turns, client: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if not await turns.take(client):
            await self._refuse(turns, scope, receive, send)
            return
        here = True

        async def send_and_leave(message: Message) -> None:
            nonlocal here
            if here:
                here = False
                turns.leave(client)
            await send(message)

        try:
            await self._app(scope, receive, send_and_leave)
        finally:
            if here:
                turns.leave(client)

    async def _refuse(self, turns: Turns, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = RequestError(
            429, "client.evaluations", allowed=turns.limit, seconds=_RETRY_SECONDS
        )
        await answer(refusal)(scope, receive, send)

    def _telling(self, send: Send, left: Left) -> Send:
        now = f'"client";r={left.requests};t={left.seconds}'.encode()
        added = ((b"ratelimit-policy", self._policy), (b"ratelimit", now))

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        return send_with
