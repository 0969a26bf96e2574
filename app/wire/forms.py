"""A program in both of its forms, text and data, whichever it came in."""

from __future__ import annotations

from typing import Any

from engine.forms.records import to_records
from engine.forms.sequence import Unprintable
from engine.forms.source import source
from engine.language.parse import Parsed

__all__ = ["MOST_ENTRIES", "both_forms"]

MOST_ENTRIES = 65_536
"""Of all values together: beyond this, neither form is written."""


def both_forms(parsed: Parsed) -> dict[str, Any]:
    """The program as `source` and as `graph`; null where it has no text, or is too large."""
    if sum(value.size for value in parsed.literal_of.values()) > MOST_ENTRIES:
        return {"source": None, "graph": None}
    try:
        text = source(parsed)
    except Unprintable:
        text = None
    return {"source": text, "graph": to_records(parsed)}
