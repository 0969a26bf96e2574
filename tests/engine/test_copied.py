"""What the page copies as NumPy or PyTorch computes what the engine does. The texts are recorded in
tests/copied.json, and `copy.test.ts` holds the page to them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine

RECORDED = json.loads((Path(__file__).resolve().parents[1] / "copied.json").read_text("utf-8"))


def statements() -> dict[str, tuple[str, dict[str, Any], Any]]:
    """Every computed node of every example: its text, the values it is made from, and its own."""
    found = {}
    for example in engine.EXAMPLES:
        program = engine.prepare(example.source, output=example.output)

        values = {event.node: event.value for event in program.events() if event.kind == "value"}
        for node in program.graph_event.nodes:
            if node.op not in ("leaf", "const"):
                given = {name.partition("@")[0]: values[name] for name in node.inputs}
                found[f"{example.name} {node.name}"] = (node.source, given, values[node.name])
    return found


STATEMENTS = statements()


def test_every_statement_of_the_examples_is_recorded() -> None:
    assert {key: (one["source"], one["inputs"]) for key, one in RECORDED.items()} == {
        key: (source, list(given)) for key, (source, given, _) in STATEMENTS.items()
    }


def ran(text: str, given: dict[str, Any], library: str, module: Any) -> Any:
    names = {library: module, **given}
    exec(text, names)  # our own recorded text
    return names[text.partition("=")[0].strip()]


@pytest.mark.parametrize("key", [key for key, one in RECORDED.items() if one["numpy"]])
def test_a_copy_for_numpy_computes_the_engine_s_value(key: str) -> None:
    _, given, value = STATEMENTS[key]
    arrays = {name: np.asarray(each) for name, each in given.items()}
    np.testing.assert_allclose(ran(RECORDED[key]["numpy"], arrays, "np", np), value, rtol=1e-12)


@pytest.mark.filterwarnings("ignore:The use of `x.T`")
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("key", [key for key, one in RECORDED.items() if one["pytorch"]])
def test_a_copy_for_pytorch_computes_the_engine_s_value(key: str) -> None:
    torch = importlib.import_module("torch")
    _, given, value = STATEMENTS[key]
    arrays = {name: torch.tensor(np.asarray(each)) for name, each in given.items()}
    found = ran(RECORDED[key]["pytorch"], arrays, "torch", torch)
    np.testing.assert_allclose(found.numpy(), value, rtol=1e-12)
