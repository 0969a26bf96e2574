"""Entity tags: every whole answer of the API is named by its content, and a GET may ask whether it
has changed. A plain ASGI middleware, which leaves streams alone.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.wire.negotiation import matches_tag

__all__ = ["COMPRESSED_FROM", "EntityTags", "tag_of"]

COMPRESSED_FROM = 1024
"""Bytes of an answer that is compressed, on its way out, where the client takes that."""

_TAGGED = ("/api/v1/", "/openapi.json")


def tag_of(body: bytes, coding: str = "") -> str:
    """The strong entity tag of an answer; each coding of it has its own."""
    return f'"{blake2b(body, digest_size=12).hexdigest()}{coding and "-"}{coding}"'


class EntityTags:
    """Adds ETag and Vary under the API's addresses, and answers 304 to a GET that has the answer.

    A POST is carried out whatever `If-None-Match` says: the address it is sent to has no
    representation of its own that the tags could name (RFC 9110, section 13.1.2).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold back the start of a whole answer until its body is known."""
        if scope["type"] != "http" or not scope["path"].startswith(_TAGGED):
            await self._app(scope, receive, send)
            return
        started: list[Message] = []

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in message["headers"]}
                if b"vary" not in names:
                    message["headers"].append((b"vary", b"Accept"))
                if message["status"] == 200 and b"content-length" in names:
                    started.append(message)
                    return
            elif started:
                start = started.pop()
                message = _tagged(scope, start, message)
                await send(start)
            await send(message)

        await self._app(scope, receive, tagged)


def _tagged(scope: Scope, start: Message, message: Message) -> Message:
    """Put the tag of a whole body into its start; of one the client has, take the body away."""
    if message.get("more_body"):
        return message
    headers = MutableHeaders(raw=start["headers"])
    asked, body = Headers(scope=scope), message.get("body", b"")
    packed = len(body) >= COMPRESSED_FROM and "gzip" in asked.get("accept-encoding", "")
    headers["ETag"] = tag = tag_of(body, "gzip" if packed else "")
    if scope["method"] not in ("GET", "HEAD"):
        return message
    headers.setdefault("Cache-Control", "no-cache")
    if matches_tag(asked.get("if-none-match", ""), tag):
        start["status"] = 304
        headers.add_vary_header("Accept-Encoding")
        del headers["content-length"], headers["content-type"]
        empty: dict[str, Any] = {**message, "body": b""}
        return empty
    return message
