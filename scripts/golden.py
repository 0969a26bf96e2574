"""Record traces into tests/golden, for the tests of both ends of the wire: those of the first
examples, and in a folder of their own the runs of the lessons of /autograd.

The time a run took is written as 0, so that the same engine writes the same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import engine
from app.lessons import lessons
from app.wire.encode import encode
from app.wire.told import numbered
from engine.autograd import run
from engine.events import FinishedEvent

FOLDER = ROOT / "tests" / "golden"
LESSONS = FOLDER / "lessons"
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


def record_snippet(snippet: str) -> bytes:
    """The run of a snippet, one event a line."""
    return b"".join(encode(event) + b"\n" for event in numbered(run(snippet)))


def main() -> int:
    """Write every file, and remove those whose example is gone."""
    LESSONS.mkdir(parents=True, exist_ok=True)
    written = {FOLDER / f"{example.name}.jsonl": record(example) for example in RECORDED}
    for lesson in lessons():
        written[LESSONS / f"{lesson['name']}.jsonl"] = record_snippet(lesson["snippet"])
    for path, content in written.items():
        path.write_bytes(content)
    for path in set(FOLDER.rglob("*.jsonl")) - set(written):
        path.unlink()
    print(f"{len(written)} traces in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
