"""Resolve requirements/*.txt: names, versions and hashes, for every platform and Python from 3.11.

No address of a registry and no path of this machine is written; the hashes are those of all files
that the release has on PyPI, so that the lock holds on any machine.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {
    "runtime": ["pyproject.toml"],
    "build": ["--group", "build", "-c", "requirements/runtime.txt"],
    "dev": ["pyproject.toml", "--group", "dev", "-c", "requirements/runtime.txt"],
    "node": ["--group", "node"],
}
OPTIONS = [
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
]


def main() -> int:
    """Write one lock after the other; the later ones keep to the versions of the first."""
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv>=0.9"], check=True)
    for name, sources in TARGETS.items():
        print(f"requirements/{name}.txt", flush=True)
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *sources]
        subprocess.run([*command, "-o", f"requirements/{name}.txt"], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
