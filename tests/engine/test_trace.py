"""The events of a run, in order, with every number of the tutorial's worked example."""

from __future__ import annotations

import contextvars
from typing import Any

import numpy as np
import pytest

import engine
from engine.events import Event

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"


def entries(array: Any) -> Any:
    return np.asarray(array).tolist()


def brief(event: Event) -> tuple[Any, ...]:
    """An event without what varies from run to run."""
    match event.kind:
        case "jacobian":
            edge = event.edge
            return ("jacobian", edge.source, edge.to, edge.slot, entries(event.jacobian.dense()))
        case "accumulate":
            return ("accumulate", event.node, entries(event.value), event.missing)
        case "term":
            return ("term", event.node, event.via.to, entries(event.value))
        case _:
            return (event.kind, event.node, entries(event.value))


def test_the_worked_example_streams_every_number_in_order() -> None:
    events = list(engine.prepare(WORKED).events())
    assert [event.seq for event in events] == list(range(len(events)))
    assert events[0].kind == "graph" and events[-1].kind == "finished"
    assert [brief(event) for event in events[1:-1]] == [
        ("value", "u1", 2.0),
        ("value", "u2", 3.0),
        ("value", "u3", 5.0),
        ("value", "u4", 15.0),
        ("jacobian", "u1", "u3", 0, [[1.0]]),
        ("jacobian", "u2", "u3", 1, [[1.0]]),
        ("jacobian", "u2", "u4", 0, [[5.0]]),
        ("jacobian", "u3", "u4", 1, [[3.0]]),
        ("seed", "u4", [[1.0]]),
        ("adjoint", "u4", [[1.0]]),
        ("term", "u3", "u4", [[3.0]]),
        ("accumulate", "u3", [[3.0]], 0),
        ("adjoint", "u3", [[3.0]]),
        ("term", "u2", "u4", [[5.0]]),
        ("accumulate", "u2", [[5.0]], 1),
        ("term", "u2", "u3", [[3.0]]),
        ("accumulate", "u2", [[8.0]], 0),
        ("adjoint", "u2", [[8.0]]),
        ("term", "u1", "u3", [[3.0]]),
        ("accumulate", "u1", [[3.0]], 0),
        ("adjoint", "u1", [[3.0]]),
    ]


@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
@pytest.mark.parametrize("granularity", ["statement", "op"])
def test_the_graph_event_says_how_many_steps_follow(example: Any, granularity: str) -> None:
    events = list(engine.prepare(example.source, granularity=granularity).events())
    assert events[0].steps == len(events) - 1
    assert events[-1].events == len(events) - 1


def test_forward_mode_ends_in_the_tangents() -> None:
    program = engine.prepare(WORKED, mode="forward", tangents={"u2": 1.0})
    events = list(program.events())
    tangents = {event.node: entries(event.value) for event in events if event.kind == "tangent"}
    assert tangents == {"u1": 0.0, "u2": 1.0, "u3": 1.0, "u4": 8.0}
    assert events[0].steps == len(events) - 1


def test_a_node_that_does_not_reach_the_output_gets_no_adjoint() -> None:
    events = list(engine.prepare(WORKED, output="u3").events())
    assert [event.node for event in events if event.kind == "adjoint"] == ["u3", "u2", "u1"]
    assert [node.reached for node in events[0].nodes] == [True, True, True, False]


def test_infinities_are_results_not_warnings() -> None:
    events = list(engine.prepare("x = 0\ny = log(x)\nz = exp(-y)").events())
    values = {event.node: entries(event.value) for event in events if event.kind == "value"}
    assert values == {"x": 0.0, "y": -np.inf, "z": np.inf}


def test_a_trace_may_be_read_on_in_another_context() -> None:
    """A server hands the generator from thread to thread; nothing may be held across events."""
    iterator = engine.prepare("x = [0, 1]\ny = 1 / x\nz = sum(y * x)").events()
    count = 0
    while contextvars.copy_context().run(next, iterator, None) is not None:
        count += 1
        with np.errstate(all="raise"):
            pass
    assert count == 1 + engine.prepare("x = [0, 1]\ny = 1 / x\nz = sum(y * x)").graph_event.steps


def test_terms_that_overflow_add_up_without_a_warning() -> None:
    source = "x = 800\na = exp(x)\nb = exp(x)\ny = a - b"
    adjoints = {
        e.node: entries(e.value) for e in engine.prepare(source).events() if e.kind == "adjoint"
    }
    assert np.isnan(adjoints["x"])
