"""Record what PyTorch does, for tests that run without it: `python scripts/record_torch.py`.

Needs an environment with torch 2.13.0 and NumPy, not ours. Writes tests/engine/parity/*.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import engine
from tests.engine.parity import programs, shapes
from tests.engine.parity.observe import observe, torch_face
from tests.engine.parity.operations import KINKS, LINES, run

TABLES: dict[str, dict[str, Any]] = {
    "contract": shapes.ROWS,
    "operations": {name: lambda T, each=each: run(each, T) for name, each in LINES.items()},
    "kinks": {name: lambda T, each=each: run(each, T) for name, each in KINKS.items()},
}


def write(name: str, rows: dict[str, Any]) -> None:
    """One row a line, so that a change can be read."""
    lines = [f"{json.dumps(title)}: {json.dumps(seen)}" for title, seen in rows.items()]
    path = ROOT / "tests" / "engine" / "parity" / f"{name}.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def main() -> None:
    face = torch_face()
    for name, rows in TABLES.items():
        found = {title: observe(face, row) for title, row in rows.items()}
        write(name, found)
        refused = [t for t, seen in found.items() if "raises" in seen and name != "contract"]
        print(f"{name}: {len(found)} rows", *(f"  refused: {title}" for title in refused), sep="\n")
    answers = {example.name: programs.run(example) for example in engine.EXAMPLES}
    write("programs", answers)
    print(f"programs: {len(answers)} rows")


if __name__ == "__main__":
    main()
