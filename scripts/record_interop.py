"""Record what goes from PyTorch to the lab and back: `python scripts/record_interop.py`.

Needs an environment with torch 2.13.0, onnx and pytest, not ours. Writes to tests/engine/interop:
what `capture` takes from PyTorch to recorded.json, which exported scripts PyTorch ran to the same
numbers to exported.json, what ONNX files become to onnx.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.interop import capture, load_onnx
from engine.interop.captured import Captured
from tests.engine.interop.models import MODELS
from tests.engine.interop.onnx_models import MODELS as ONNX_MODELS
from tests.engine.test_torch_script import BY_NAME, compare, digest, program_of, torch_script


def recorded(name: str) -> dict[str, Any]:
    function, inputs = MODELS[name]()
    return told(capture(function, *inputs))


def told(found: Captured) -> dict[str, Any]:
    return {
        "request": found.request(),
        "values": {key: value.tolist() for key, value in found.values.items()},
        "gradients": {
            key: None if value is None else value.tolist() for key, value in found.gradients.items()
        },
        "opaque": list(found.opaque),
    }


def exported(name: str) -> str:
    program = program_of(name)
    compare(program)
    return digest(torch_script(program))


def write(name: str, found: dict[str, Any]) -> None:
    lines = [f"{json.dumps(key)}: {json.dumps(each)}" for key, each in found.items()]
    path = ROOT / "tests" / "engine" / "interop" / name
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def main() -> None:
    write("recorded.json", {name: recorded(name) for name in MODELS})
    write("exported.json", {name: exported(name) for name in BY_NAME})
    write("onnx.json", {name: told(load_onnx(each)) for name, each in ONNX_MODELS.items()})
    print(f"{len(MODELS)} models, {len(BY_NAME)} scripts")


if __name__ == "__main__":
    main()
