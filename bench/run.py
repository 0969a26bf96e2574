"""Measure everything and write docs/benchmarks.md and docs/benchmarks.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from itertools import chain
from pathlib import Path

import numpy as np
import orjson

from bench.engine_work import engine_comparisons
from bench.measure import Comparison
from bench.work import comparisons
from engine.tuning import tune

DOCS = Path(__file__).resolve().parent.parent / "docs"

HEAD = """\
# Benchmarks

Made by `make bench`; the same numbers are in [benchmarks.json](benchmarks.json). Each row is a
ratio to a floor measured in the same run, turn by turn: the median, and in brackets the 10th and
90th percentiles. Machines differ, ratios little.

| work | time | floor | its time | ratio | target |
| --- | --- | --- | --- | --- | --- |
"""


def main() -> int:
    """Measure, print each row as it is known, and write the files."""
    tune()
    done = []
    for comparison in chain(engine_comparisons(), comparisons()):
        print(row(comparison), flush=True)
        done.append(comparison)
    text = HEAD + "".join(f"{row(comparison)}\n" for comparison in done) + notes(done)
    (DOCS / "benchmarks.md").write_text(text, "utf-8")
    content = {"machine": machine(), "comparisons": [each.record() for each in done]}
    (DOCS / "benchmarks.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    return 0


def row(c: Comparison) -> str:
    """One comparison as a row of the table."""
    ratio = f"{c.ratio:.1f} ({c.ratio_low:.1f}-{c.ratio_high:.1f})"
    target = "" if c.target is None else f"≤ {c.target:g}, {met(c)}"
    times = f"{c.name} | {shown(c.seconds)} | {c.floor_name} | {shown(c.floor_seconds)}"
    return f"| {times} | {ratio} | {target} |"


def met(c: Comparison) -> str:
    """Whether the target was reached, in words, so that nobody has to compare."""
    return "met" if c.target is not None and c.ratio <= c.target else "not met"


def shown(seconds: float) -> str:
    """A time with the unit that fits it."""
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def notes(done: list[Comparison]) -> str:
    """The notes of the rows, and what was measured on."""
    lines = [f"- {c.name}: {c.note}." for c in done if c.note]
    made = ", ".join(f"{name} {value}" for name, value in machine().items())
    return "\n" + "\n".join([*lines, f"- Measured with {made}; one BLAS thread."]) + "\n"


def machine() -> dict[str, str]:
    """What matters of the machine, and nothing that names it."""
    return {
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "orjson": orjson.__version__,
        "cores": str(os.cpu_count()),
    }


if __name__ == "__main__":
    sys.exit(main())
