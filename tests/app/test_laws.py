"""The laws of the time line hold for the trace of every example."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import engine

ROOT = Path(__file__).resolve().parents[2]
LAWS = ["run", "test", "--", "laws"]


def test_every_example_obeys_the_laws_of_the_time_line(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("golden", ROOT / "scripts" / "golden.py")
    assert spec is not None
    assert spec.loader is not None
    golden = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(golden)
    for example in engine.EXAMPLES:
        (tmp_path / f"{example.name}.jsonl").write_bytes(golden.record(example))
    command = [sys.executable, "scripts/frontend.py", "npm", *LAWS]
    told = {**os.environ, "BACKPROP_LAB_TRACES": str(tmp_path)}
    done = subprocess.run(
        command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert f"# pass {3 * len(engine.EXAMPLES)}" in done.stdout
