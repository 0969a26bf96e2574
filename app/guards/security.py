"""What the browser is told about trust, and who may call: headers, `Host`, `Origin`.

Plain ASGI middleware, which leaves streams alone. Headers by the rules of Mozilla's Observatory;
requests by `Sec-Fetch-Site`, which pages cannot forge and other programs do not send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import RequestError
from app.problems import answer
from app.settings import Settings

__all__ = ["HEADERS", "Door", "SecurityHeaders", "framed_by"]

# KaTeX places its boxes by style attributes; no other inline style and no inline script is allowed.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def framed_by(sites: Sequence[str]) -> dict[str, str]:
    """What stands in the place of HEADERS on a page that pages of `sites` may show in a frame."""
    ancestors = f"frame-ancestors {' '.join(sites)}"
    return {
        "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", ancestors),
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


HTTPS_ONLY = {"Strict-Transport-Security": "max-age=63072000"}

_ONCE = {
    b"host": "Host",
    b"origin": "Origin",
    b"sec-fetch-site": "Sec-Fetch-Site",
    b"content-type": "Content-Type",
    b"last-event-id": "Last-Event-ID",
}
"""Of two, a proxy in front might believe the other one."""

_HOST = re.compile(r"([\w.~!$&'()*+,;=%-]+|\[[0-9a-f:.]+\])(:\d*)?", re.ASCII | re.IGNORECASE)
_SAFE = ("GET", "HEAD", "OPTIONS")
_PROBES = ("/healthz", "/readyz", "/metrics")
_EXPOSED = "ETag, Last-Modified, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "accept, content-type, if-none-match, last-event-id, "
    "x-request-id",
    "Access-Control-Max-Age": "600",
}


class SecurityHeaders:
    """Adds HEADERS to every HTTP response, but for those that it has already.

    https: whether the server is reached by nothing else; then HTTPS_ONLY is added too, and cookies
    are for https alone.
    """

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        self._https = https
        wanted = {**HEADERS, **(HTTPS_ONLY if https else {})}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in wanted.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; only the start of a response is touched."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                if self._https:
                    headers = [_secure(name, value) for name, value in headers]
                own = {name.lower() for name, _ in headers}
                added = [header for header in self._headers if header[0] not in own]
                message["headers"] = [*headers, *added]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _secure(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return (name, value + b"; Secure") if name == b"set-cookie" else (name, value)


class Door:
    """Lets in what comes under our own name, from no page of another site.

    A site named in `cors_origins` may call the API, without cookies; `*` names them all.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = {host.lower() for host in settings.hosts if host}
        self._origins = {origin.lower().rstrip("/") for origin in settings.cors_origins if origin}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or answer a preflight, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            headers = _read(scope)
            invited = self._is_invited(scope, headers)
            self._check(scope, headers, invited)
        except RequestError as refusal:
            await answer(refusal)(scope, receive, send)
            return
        if invited is None:
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and _asks_first(scope):
            response = Response(status_code=204, headers={**invited, **_PREFLIGHT})
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, _adding(send, invited))

    def _check(
        self, scope: Scope, headers: Mapping[bytes, str], invited: dict[str, str] | None
    ) -> None:
        host = headers.get(b"host", "").lower()
        if not _HOST.fullmatch(host) and (b"host" in headers or scope["http_version"] != "1.0"):
            raise RequestError(400, "request.hostname")
        known = not self._hosts or {host, host.rpartition(":")[0]} & self._hosts
        if not known and scope["path"] not in _PROBES:
            raise RequestError(421, "request.host")
        if scope["method"] not in _SAFE and invited is None and not _is_own(headers, host):
            raise RequestError(403, "request.origin")

    def _is_invited(self, scope: Scope, headers: Mapping[bytes, str]) -> dict[str, str] | None:
        """The headers that let a page of another site read the answer, if it may."""
        origin = headers.get(b"origin", "").lower()
        if not origin or not self._origins or not scope["path"].startswith("/api/"):
            return None
        if "*" not in self._origins and origin not in self._origins:
            return None
        return {
            "Access-Control-Allow-Origin": headers[b"origin"],
            "Access-Control-Expose-Headers": _EXPOSED,
            "Vary": "Origin",
        }


def _read(scope: Scope) -> dict[bytes, str]:
    """The headers that trust depends on. Raises RequestError where one is there twice."""
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in _ONCE:
            if name in found:
                raise RequestError(400, "request.twice", header=_ONCE[name])
            found[name] = value.decode("latin-1")
    return found


def _asks_first(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])


def _is_own(headers: Mapping[bytes, str], host: str) -> bool:
    """Whether a request comes from one of our pages, or from no page at all."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get(b"origin")
    return origin is None or origin.lower().partition("://")[2] == host


def _adding(send: Send, headers: dict[str, str]) -> Send:
    added = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]

    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *added]
        await send(message)

    return send_with
