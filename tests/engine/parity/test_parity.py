"""PyTorch's behaviour, as recorded in the files beside this one, met by `engine.eager`."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.ops import ALIASES, OPS
from tests.engine.parity import shapes
from tests.engine.parity.observe import differences, eager_face, observe, torch_face
from tests.engine.parity.operations import KINKS, LINES, Line, run

EAGER = eager_face()
live = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="torch is not installed; the recorded answers are compared instead",
)


def recorded(name: str) -> dict[str, Any]:
    """What PyTorch answered, by row."""
    known: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_text("utf-8"))
    return known


CONTRACT, OPERATIONS, KNOWN_KINKS = (recorded(n) for n in ("contract", "operations", "kinks"))


def row_of(line: Line) -> Callable[[Any], Any]:
    return lambda T: run(line, T)


def known_here(line: Line) -> bool:
    """Whether the registry has the op of a line."""
    return ALIASES.get(line.op, line.op) in OPS


@pytest.mark.parametrize("title", CONTRACT)
def test_the_contract_is_met(title: str) -> None:
    assert differences(observe(EAGER, shapes.ROWS[title]), CONTRACT[title]) == []


@pytest.mark.parametrize("title", [title for title in OPERATIONS if known_here(LINES[title])])
def test_values_and_gradients_are_those_of_torch(title: str) -> None:
    found = observe(EAGER, row_of(LINES[title]))
    single = title == "hardsigmoid"  # torch divides by 6 in single precision
    assert differences(found, OPERATIONS[title], tolerance=1e-7 if single else 1e-11) == []


@pytest.mark.parametrize("title", [title for title in KNOWN_KINKS if known_here(KINKS[title])])
def test_conventions_at_kinks_are_those_of_torch(title: str) -> None:
    found = observe(EAGER, row_of(KINKS[title]))
    assert differences(found, KNOWN_KINKS[title], tolerance=1e-11) == []


def test_every_row_is_recorded() -> None:
    assert set(CONTRACT) == set(shapes.ROWS)
    assert set(OPERATIONS) == set(LINES)
    assert set(KNOWN_KINKS) == set(KINKS)


@live
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", [*CONTRACT, *OPERATIONS, *KNOWN_KINKS])
def test_torch_still_does_what_was_recorded(title: str) -> None:
    face = torch_face()
    known = CONTRACT | OPERATIONS | KNOWN_KINKS
    row = shapes.ROWS.get(title) or row_of((LINES | KINKS)[title])
    assert differences(observe(face, row), known[title], tolerance=1e-11) == []
