"""The corpus: each file holds snippets, parted by lines `# --- name`."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["SNIPPETS"]

FOLDER = Path(__file__).parent / "corpus"


def _parted() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.py")):
        parts = re.split(r"^# --- (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
        for name, source in zip(parts[1::2], parts[2::2], strict=True):
            key = f"{path.stem}/{name}"
            assert key not in found, key
            found[key] = source.strip("\n") + "\n"
    return found


SNIPPETS = _parted()
"""By file and name, the text."""
