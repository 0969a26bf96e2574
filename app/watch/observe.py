"""What is known of every request afterwards: an id, one line of the log, and the figures.

The line says method, route, status, milliseconds and bytes; never a body, an address or a name.
Files of pages and probes have one only when they fail.
"""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.watch.logs import REQUEST_ID
from app.watch.metrics import Metrics

__all__ = ["Observed", "route_of"]

_ACCESS = logging.getLogger("app.access")
_ERRORS = logging.getLogger("app.errors")
_SANE = re.compile(rb"[A-Za-z0-9._:/+=-]{1,64}")
_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
_QUIET = ("/static", "/locale/{language}.json", "/healthz", "/readyz", "/metrics")
"""Asked for by the dozen with every page, or every few seconds: a line each would hide the rest."""

_SEPARATORS = {
    "application/jsonl": b"\n",
    "application/x-ndjson": b"\n",
    "text/event-stream": b"\n\n",
}
"""What stands after each event of a stream."""


class Observed:
    """Middleware around everything else; HEAD is answered as GET, without its body."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = _name(scope)
        seen = _Seen(name, self._metrics, send)
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        start = perf_counter()
        self._metrics.began()
        before = REQUEST_ID.set(name)
        try:
            await self._app(inner, receive, seen.send)
        except Exception as error:
            _ERRORS.error("a request failed", exc_info=error)
            if not seen.done:
                raise
        finally:
            self._tell(scope["method"], route_of(inner), seen, perf_counter() - start)
            REQUEST_ID.reset(before)

    def _tell(self, method: str, route: str, seen: _Seen, seconds: float) -> None:
        method = method if method in _METHODS else "other"
        seen.end_stream()
        status = seen.status or 499
        self._metrics.ended(route, method, status, seconds, seen.bytes, seen.events)
        line = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1e3, 2),
            "bytes": seen.bytes,
        }
        level = logging.DEBUG if route in _QUIET and status < 400 else logging.INFO
        _ACCESS.log(level, "request" if seen.done else "request cut", extra=line)


def _name(scope: Scope) -> str:
    """The id of a request: the client's own, if it is a sane one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _SANE.fullmatch(value):
            return str(value.decode())
    return secrets.token_hex(8)


class _Seen:
    """Watches one answer pass."""

    def __init__(self, name: str, metrics: Metrics, send: Send) -> None:
        self._name = name.encode()
        self._metrics = metrics
        self._send = send
        self._streams = False
        self._problem = False
        self._separator = b""
        self.status = self.bytes = self.events = 0
        self.done = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._read_type(message["headers"])
            message["headers"] = [*message["headers"], (b"x-request-id", self._name)]
        elif message["type"] == "http.response.body":
            self._count(message.get("body", b""), message.get("more_body", False))
        await self._send(message)

    def end_stream(self) -> None:
        if self._streams:
            self._metrics.streams(-1)
            self._streams = False

    def _read_type(self, headers: list[tuple[bytes, bytes]]) -> None:
        media = next((value for name, value in headers if name == b"content-type"), b"")
        self._problem = media == b"application/problem+json"
        self._separator = _SEPARATORS.get(media.decode("latin-1").partition(";")[0], b"")

    def _count(self, body: bytes, more: bool) -> None:
        self.bytes += len(body)
        if self._separator:
            self.events += body.count(self._separator)
        if self._problem and body and not more:
            self._metrics.refused(orjson.loads(body)["code"])
        if more and body and not self._streams:
            self._streams = True
            self._metrics.streams(1)
        self.done = not more


def route_of(scope: Scope) -> str:
    """The template of the route that a request took: few values, whatever is asked for."""
    route = scope.get("route")
    if route is None:
        return str(scope.get("root_path") or "-")
    return str(route.path)
