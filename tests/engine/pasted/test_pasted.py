"""Programs as textbooks and courses show them mean what PyTorch, NumPy and JAX say they mean.

The programs are in the four text files beside this one; `by_library.py` ran them as they are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine

FOLDER = Path(__file__).parent
RECORDED: dict[str, Any] = json.loads((FOLDER / "recorded.json").read_text("utf-8"))


def program(key: str) -> str:
    """The text of a program."""
    style, _, name = key.partition(": ")
    text = (FOLDER / f"{style}.txt").read_text("utf-8")
    return text.split(f"### {name}\n")[1].partition("\n### ")[0]


def latest(values: dict[str, Any]) -> dict[str, Any]:
    """What each name stands for at the end: `h@3` is the third `h`."""
    found: dict[str, tuple[int, Any]] = {}
    for name, value in values.items():
        base, _, version = name.partition("@")
        if "." not in base and found.get(base, (0, None))[0] < int(version or 1):
            found[base] = (int(version or 1), value)
    return {name: value for name, (_, value) in found.items()}


@pytest.mark.parametrize("key", RECORDED)
def test_values_and_gradients_are_those_of_the_library(key: str) -> None:
    recorded = RECORDED[key]
    found = engine.prepare(program(key)).evaluate()
    values = latest(dict(found.values))
    shared = recorded["values"].keys() & values.keys()
    assert shared, "no name in common"
    for name in sorted(shared):
        expected = np.asarray(recorded["values"][name])
        assert values[name].shape == expected.shape, name
        np.testing.assert_allclose(values[name], expected, rtol=1e-6, atol=1e-9, err_msg=name)
    gradients = {} if found.gradients is None else found.gradients
    shared = recorded["gradients"].keys() & gradients.keys()
    assert shared or not recorded["gradients"], "no leaf in common"
    for name in sorted(shared):
        expected = recorded["gradients"][name]
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-6, atol=1e-9, err_msg=name)
