"""Record the first examples' traces into tests/golden, for the tests of both ends of the wire.

The time a run took is written as 0, so that the same engine writes the same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import engine
from app.wire.encode import encode
from engine.events import FinishedEvent

FOLDER = ROOT / "tests" / "golden"
RECORDED = engine.EXAMPLES[:4]
"""The tutorial's own: small enough to be read when they change."""


def record(example: engine.Example) -> bytes:
    """The trace of one example, one event a line."""
    program = engine.prepare(source=example.source, output=example.output)
    lines = []
    for event in program.events():
        if isinstance(event, FinishedEvent):
            event = replace(event, seconds=0.0)
        lines.append(encode(event) + b"\n")
    return b"".join(lines)


def main() -> int:
    """Write every file, and remove those whose example is gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = {FOLDER / f"{example.name}.jsonl": record(example) for example in RECORDED}
    for path, content in written.items():
        path.write_bytes(content)
    for path in set(FOLDER.glob("*.jsonl")) - set(written):
        path.unlink()
    print(f"{len(written)} traces in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
