"""Record what PyTorch does with the snippets: `python scripts/record_autograd.py [FILE ...]`.

Needs an environment with torch 2.13.0, not ours. Runs every file of tests/engine/autograd/corpus,
or only those named (`classes`), and writes tests/engine/autograd/recorded.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.engine.autograd.by_torch import observed
from tests.engine.autograd.snippets import SNIPPETS


def main() -> None:
    path = ROOT / "tests" / "engine" / "autograd" / "recorded.json"
    known = json.loads(path.read_text("utf-8")) if sys.argv[1:] else {}
    found = {
        name: observed(source) if name.split("/")[0] in sys.argv[1:] or not known else known[name]
        for name, source in SNIPPETS.items()
        if not known or name in known or name.split("/")[0] in sys.argv[1:]
    }
    lines = [f"{json.dumps(name)}: {json.dumps(seen)}" for name, seen in found.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    failed = [name for name, seen in found.items() if "error" in seen]
    print(f"{len(found)} snippets, {len(failed)} of which end with an error")


if __name__ == "__main__":
    main()
