"""The lessons of /autograd: one file each, a snippet with a question, choices and an explanation.

A file is named by its number and its name. `snippet` is text; `title`, `question`, `explanation`
and each of `choices` are in every language; exactly one choice is `right`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["lessons"]

_FOLDER = Path(__file__).parent


@cache
def lessons() -> tuple[dict[str, Any], ...]:
    """All lessons as records, in the order in which they are best taken."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.toml")))


def _read(path: Path) -> dict[str, Any]:
    told = tomllib.loads(path.read_text("utf-8"))
    choices = [{"right": False, **choice} for choice in told["choices"]]
    return {
        "name": path.stem.partition("-")[2],
        "title": told["title"],
        "snippet": told["snippet"].rstrip("\n"),
        "question": told["question"],
        "choices": choices,
        "explanation": told["explanation"],
    }
