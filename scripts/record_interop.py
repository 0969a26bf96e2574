"""Record what `engine.interop.capture` takes from PyTorch: `python scripts/record_interop.py`.

Needs an environment with torch 2.13.0, not ours. Writes tests/engine/interop/recorded.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.interop import capture
from tests.engine.interop.models import MODELS


def recorded(name: str) -> dict[str, Any]:
    function, inputs = MODELS[name]()
    found = capture(function, *inputs)
    return {
        "request": found.request(),
        "values": {key: value.tolist() for key, value in found.values.items()},
        "gradients": {
            key: None if value is None else value.tolist() for key, value in found.gradients.items()
        },
        "opaque": list(found.opaque),
    }


def main() -> None:
    found = {name: recorded(name) for name in MODELS}
    lines = [f"{json.dumps(name)}: {json.dumps(each)}" for name, each in found.items()]
    path = ROOT / "tests" / "engine" / "interop" / "recorded.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(f"{len(found)} models")


if __name__ == "__main__":
    main()
