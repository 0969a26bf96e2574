"""Server-sent events from chunks of bytes, cut anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

__all__ = ["events_of"]


def events_of(chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The events whose last byte has come; comments and what is unfinished are left out."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n\n")
        for block in whole:
            lines = [line[5:] for line in block.split(b"\n") if line.startswith(b"data:")]
            if lines:
                yield orjson.loads(b"\n".join(lines))
