"""Which of the media types on offer a client likes best: RFC 9110, section 12.5.1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.errors import RequestError

__all__ = ["choose", "matches_tag"]

_MOST_RANGES = 64
"""Ranges of an Accept header that are looked at."""

_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """Return the type with the highest quality; of equals, the one the client names first, then the
    one offered first. Raises RequestError (406) where none will do."""
    if not accept or accept == "*/*":
        return offered[0]
    if accept in offered:
        return accept
    ranges = [_range(entry) for entry in accept.split(",")[:_MOST_RANGES]]
    best = max(
        ((*_quality(name, ranges), -place, name) for place, name in enumerate(offered)),
        key=lambda found: found[:3],
    )
    if best[0] <= 0:
        raise RequestError(406, "request.accept", choices=", ".join(offered))
    return best[3]


def _range(entry: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in entry.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            return name, float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
    return name, 1.0


def _quality(name: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The quality that the most specific range gives a type, and how early it stands (negative)."""
    wanted = {name: 3, f"{name.partition('/')[0]}/*": 2, "*/*": 1}
    found = [
        (wanted[each], quality, -place)
        for place, (each, quality) in enumerate(ranges)
        if each in wanted
    ]
    if not found:
        return 0.0, 0
    _, quality, early = max(found, key=lambda each: (each[0], each[2]))
    return quality, early


def matches_tag(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names an entity tag; compared weakly, as it is for GET."""
    if header.strip() == "*":
        return True
    return tag in (each.strip().removeprefix("W/") for each in header.split(","))
