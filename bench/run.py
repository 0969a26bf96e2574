"""Measure everything and write docs/benchmarks.md and docs/benchmarks.json; or measure only the
parts that are named, and print them: `python -m bench.run attention_block long_stream`."""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import orjson

from bench import engine_work, page, refusals, work
from bench.measure import Comparison
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


_PARTS = (*engine_work.PARTS, *work.PARTS, *refusals.PARTS, *page.PARTS)
PARTS = {part.__name__: part for part in _PARTS}


def main(names: list[str]) -> int:
    """Measure, print each row as it is known, and write the files unless parts are named."""
    unknown = set(names) - set(PARTS)
    if unknown:
        print(f"No part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
        return 2
    tune()
    done = []
    for name in names or PARTS:
        for comparison in PARTS[name]():
            print(row(comparison), flush=True)
            done.append(comparison)
    if not names:
        write(done)
    return 0


def write(done: list[Comparison]) -> None:
    """Write the files."""
    text = (
        HEAD + "".join(f"{row(comparison)}\n" for comparison in done) + notes(done) + misses(done)
    )
    (DOCS / "benchmarks.md").write_text(text, "utf-8")
    content = {"machine": machine(), "comparisons": [each.record() for each in done]}
    (DOCS / "benchmarks.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def row(c: Comparison) -> str:
    """One comparison as a row of the table."""
    ratio = f"{figure(c.ratio)} ({figure(c.ratio_low)}-{figure(c.ratio_high)})"
    target = "" if c.target is None else f"≤ {figure(c.target)}, {met(c)}"
    times = f"{c.name} | {amount(c, c.seconds)} | {c.floor_name} | "
    times += amount(c, c.floor_seconds)
    return f"| {times} | {ratio} | {target} |"


def figure(ratio: float) -> str:
    """A ratio to two digits at least, however small."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def met(c: Comparison) -> str:
    """Whether the target was reached, in words, so that nobody has to compare."""
    return "met" if c.target is not None and c.ratio <= c.target else "not met"


def amount(c: Comparison, value: float) -> str:
    """A time, or bytes."""
    return f"{value:,.0f} bytes" if c.unit == "B" else shown(value)


def shown(seconds: float) -> str:
    """A time with the unit that fits it."""
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def notes(done: list[Comparison]) -> str:
    """The notes of the rows, and what was measured on."""
    lines = [f"- {c.name}: {c.note}." for c in done if c.note]
    made = ", ".join(f"{name} {value}" for name, value in machine().items())
    return "\n" + "\n".join([*lines, f"- Measured with {made}; one BLAS thread."]) + "\n"


def misses(done: list[Comparison]) -> str:
    """A section for each row that misses its target, saying why."""
    missed = [c for c in done if c.target is not None and met(c) == "not met"]
    if not missed:
        return ""
    parts = [
        f"### {c.name}, against {c.floor_name}\n\n"
        f"{figure(c.ratio)} where {figure(c.target or 0)} is asked for. "
        f"{c.missed or 'Why is not known yet.'}\n"
        for c in missed
    ]
    return "\n" + "\n".join(["## Targets that are missed\n", *parts])


def machine() -> dict[str, str]:
    """What matters of the machine, and nothing that names it."""
    peers = ("torch", "jax", "autograd", "micrograd", "mygrad")
    installed = {name: _version(name) for name in peers}
    return {
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "orjson": orjson.__version__,
        **{name: version for name, version in installed.items() if version},
        "cores": str(os.cpu_count()),
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
