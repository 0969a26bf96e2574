"""Events of a snippet in the form of the wire."""

from __future__ import annotations

import json

from app.wire.encode import encode
from app.wire.told import numbered
from engine.autograd import run


def told(snippet: str) -> list[dict[str, object]]:
    return [json.loads(encode(event)) for event in numbered(run(snippet))]


def test_events_are_counted_from_zero_and_begin_with_their_kind() -> None:
    events = told("x = 1\ny = 2")
    assert [event["seq"] for event in events] == [0, 1, 2]
    assert all(list(event)[:2] == ["kind", "seq"] for event in events)


def test_numbers_that_are_not_finite_are_words() -> None:
    (state,) = told("x = torch.tensor([float('nan'), -float('inf'), 1.5])")[0]["tensors"]  # type: ignore[misc]
    assert state["data"] == ["NaN", "-Infinity", 1.5]  # type: ignore[index]


def test_what_is_absent_is_left_out_and_what_is_too_large_is_null() -> None:
    (state,) = told("x = torch.zeros(2000)")[0]["tensors"]  # type: ignore[misc]
    assert "grad_fn" not in state and "node" not in state
    assert state["data"] is None  # type: ignore[index]


def test_an_input_that_nothing_flows_to_is_null() -> None:
    events = told("x = torch.ones(2, requires_grad=True)\n(x * torch.ones(2)).sum().backward()")
    product = next(event for event in events if event.get("name") == "MulBackward0")
    assert product["inputs"][1] is None and product["parts"][1] is None  # type: ignore[index]
