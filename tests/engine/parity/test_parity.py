"""PyTorch's behaviour, as recorded in the files beside this one, met by `engine.eager`."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.ops import ALIASES, OPS
from tests.engine.parity import programs, shapes
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
PROGRAMS = recorded("programs")


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
    # torch divides by 6 in single precision, and has ten digits of the trigamma function
    coarse = {"hardsigmoid": 1e-7, "digamma": 1e-9}
    assert differences(found, OPERATIONS[title], tolerance=coarse.get(title, 1e-11)) == []


@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_torch_runs_the_text_of_an_example_to_the_same_numbers(example: engine.Example) -> None:
    recorded = PROGRAMS[example.name]
    program = engine.prepare(example.source, output=example.output, gradient=example.gradient)
    found = program.evaluate()
    p_of = found.gradients if found.gradients is not None else found.adjoints
    np.testing.assert_allclose(found.values[example.output], recorded["value"], rtol=1e-13)
    assert set(recorded["leaves"]) == {
        node.name
        for node in program.graph_event.nodes
        if node.op == "leaf" and p_of[node.name] is not None
    }
    for name, rows in recorded["leaves"].items():
        np.testing.assert_allclose(np.ravel(p_of[name]), np.ravel(rows), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("title", [title for title in KNOWN_KINKS if known_here(KINKS[title])])
def test_conventions_at_kinks_are_those_of_torch(title: str) -> None:
    found = observe(EAGER, row_of(KINKS[title]))
    assert differences(found, KNOWN_KINKS[title], tolerance=1e-11) == []


def test_every_row_is_recorded() -> None:
    assert set(CONTRACT) == set(shapes.ROWS)
    assert set(OPERATIONS) == set(LINES)
    assert set(KNOWN_KINKS) == set(KINKS)
    assert set(PROGRAMS) == {example.name for example in engine.EXAMPLES}


@live
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", [*CONTRACT, *OPERATIONS, *KNOWN_KINKS])
def test_torch_still_does_what_was_recorded(title: str) -> None:
    face = torch_face()
    known = CONTRACT | OPERATIONS | KNOWN_KINKS
    row = shapes.ROWS.get(title) or row_of((LINES | KINKS)[title])
    assert differences(observe(face, row), known[title], tolerance=1e-11) == []


@live
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_torch_still_runs_the_examples_to_what_was_recorded(example: engine.Example) -> None:
    found, known = programs.run(example), PROGRAMS[example.name]
    np.testing.assert_allclose(found["value"], known["value"], rtol=1e-13)
    for name, rows in known["leaves"].items():
        np.testing.assert_allclose(found["leaves"][name], rows, rtol=1e-11, atol=1e-14)
