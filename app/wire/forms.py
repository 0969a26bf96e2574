"""A program in both of its forms, text and data, whichever it came in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.forms.records import to_records
from engine.forms.sequence import Unprintable
from engine.forms.source import source
from engine.forms.torch_script import torch_script
from engine.language.parse import Parsed
from engine.program import Program

__all__ = ["MOST_ENTRIES", "both_forms", "script_of"]

MOST_ENTRIES = 65_536
"""Of all values together: beyond this, no form is written."""


def both_forms(parsed: Parsed) -> dict[str, Any]:
    """The program as `source` and as `graph`; null where it has no text, or is too large."""
    if _is_large(parsed.literal_of.values()):
        return {"source": None, "graph": None}
    try:
        text = source(parsed)
    except Unprintable:
        text = None
    return {"source": text, "graph": to_records(parsed)}


def script_of(program: Program) -> str | None:
    """The program as a script of PyTorch; None where it is too large."""
    return None if _is_large(program.run.given.values()) else torch_script(program)


def _is_large(values: Iterable[Any]) -> bool:
    count: int = sum(value.size for value in values)
    return count > MOST_ENTRIES
