"""What PyTorch did with the snippets of the corpus, as recorded, done by our interpreter."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path
from typing import Any

import pytest

from engine.autograd import Event, Executed, Stopped, TensorState, run
from tests.engine.autograd.by_torch import observed, sentence
from tests.engine.autograd.snippets import SNIPPETS

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text("utf-8"))


def states_of(events: list[Event]) -> list[Any]:
    """Line, changed tensors and names gone, after every statement outside functions."""
    found = []
    for event in events:
        if isinstance(event, Executed) and not event.function:
            changed = {t.name: seen(t) for t in event.tensors}
            for tensor in event.tensors:
                changed |= dict.fromkeys(tensor.names, changed[tensor.name])
            found.append([event.span.line, changed, list(event.gone)])
    return found


def seen(tensor: TensorState) -> dict[str, Any]:
    return {
        "data": tensor.data,
        "shape": list(tensor.shape),
        "dtype": tensor.dtype,
        "requires_grad": tensor.requires_grad,
        "is_leaf": tensor.is_leaf,
        "grad": tensor.grad,
        "grad_fn": tensor.grad_fn,
        "version": tensor.version,
    }


def whole(steps: list[Any]) -> list[tuple[int, dict[str, Any]]]:
    """The state after each step, instead of what changed."""
    now: dict[str, Any] = {}
    found = []
    for line, changed, gone in steps:
        now = {name: state for name, state in now.items() if name not in gone} | changed
        found.append((line, now))
    return found


def close(a: Any, b: Any) -> bool:
    """Whether two observations agree; numbers in single precision."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(close, a, b))
    if isinstance(b, str) and isinstance(a, float):
        return str(a) == b
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=2e-6, abs_tol=2e-7)
    return bool(a == b)


def compared(source: str, known: dict[str, Any]) -> list[str]:
    """Where our run differs from PyTorch's."""
    events = list(run(source))
    done = [event for event in events if isinstance(event, Executed)]
    failed = next((event for event in events if isinstance(event, Stopped)), None)
    output = sentence("".join(event.output for event in done))
    told = list(dict.fromkeys(sentence(text) for event in done for text in event.warnings))
    error = None if failed is None else [failed.type, sentence(failed.message)]
    found = []
    for what, ours, theirs in (
        ("output", output, known["output"]),
        ("warnings", told, known["warnings"]),
        ("error", error, known.get("error")),
    ):
        if ours != theirs:
            found.append(f"{what}: {ours!r} is not {theirs!r}")
    return found + differing(whole(states_of(events)), whole(known["states"]))


def differing(ours: list[Any], theirs: list[Any]) -> list[str]:
    """The first statement after which something differs."""
    at = 0
    for line, state in theirs:
        while at < len(ours) and ours[at][0] != line:
            at += 1
        if at == len(ours):
            return [f"line {line}: did not run"]
        mine = {name: ours[at][1].get(name) for name in state}
        for name, expected in state.items():
            if not close(mine[name], expected):
                return [f"line {line}, {name}: {mine[name]} is not {expected}"]
        at += 1
    return []


OTHERWISE: dict[str, str] = {}
"""Where we differ, and why; a difference that goes away must leave this list."""

MARKED = [
    pytest.param(name, marks=[pytest.mark.xfail(reason=OTHERWISE[name], strict=True)])
    if name in OTHERWISE
    else name
    for name in SNIPPETS
]


@pytest.mark.parametrize("name", MARKED)
def test_a_snippet_prints_and_leaves_what_it_does_in_torch(name: str) -> None:
    assert compared(SNIPPETS[name], RECORDED[name]) == []


def test_every_snippet_is_recorded() -> None:
    assert list(SNIPPETS) == list(RECORDED)
    assert len(SNIPPETS) >= 150


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="torch is not installed; the recorded answers are compared instead",
)
@pytest.mark.parametrize("name", SNIPPETS)
def test_torch_still_does_what_was_recorded(name: str) -> None:
    found = observed(SNIPPETS[name])
    assert {k: found[k] for k in found if k != "states"} == {
        k: RECORDED[name][k] for k in RECORDED[name] if k != "states"
    }
    assert close(found["states"], RECORDED[name]["states"])
