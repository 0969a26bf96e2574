"""Every construct of docs/language.md, as it is written there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.probes.check import check

TEXT = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("source", EXAMPLES)
def test_an_example_runs_and_agrees_with_differences(source: str) -> None:
    program = engine.prepare(source)
    assert all(np.isfinite(value).any() for value in program.evaluate().values.values())
    assert [event.kind for event in program.events()][-1] == "finished"
    checked = check(program)
    assert checked.verdict == "ok"
