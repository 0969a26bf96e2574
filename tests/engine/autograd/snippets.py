"""The corpus: each file holds snippets, parted by lines `# --- name`; and those of the lessons."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

__all__ = ["SNIPPETS"]

FOLDER = Path(__file__).parent / "corpus"
LESSONS = Path(__file__).parents[3] / "app" / "lessons"


def _parted() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.py")):
        parts = re.split(r"^# --- (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
        for name, source in zip(parts[1::2], parts[2::2], strict=True):
            key = f"{path.stem}/{name}"
            assert key not in found, key
            found[key] = source.strip("\n") + "\n"
    return found


def _lessons() -> dict[str, str]:
    """Read as they are: PyTorch's environment, which records, has nothing of ours."""
    told = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in LESSONS.glob("*.toml")}
    return {f"lessons/{name}": told[name]["snippet"] for name in sorted(told)}


SNIPPETS = _parted() | _lessons()
"""By file and name, the text."""
