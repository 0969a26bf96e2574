"""Entries by ranges are those of the whole tensor, which is not formed."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

import engine
from engine.events import EdgeRef
from engine.probes.window import window

NETWORK = """W = [[1, 2, 3], [4, 5, 6]]
x = [0.1, -0.2, 0.3]
b = [1, 2]
z = tanh(W @ x + b)
y = z * z + exp(z)"""


def tangents_of(program: engine.Program) -> dict[str, Any]:
    return {e.node: e.value for e in program.events() if e.kind == "tangent"}


@pytest.mark.parametrize(
    ("ranges", "cut"),
    [
        (None, np.s_[:, :]),
        ([[0, 1]], np.s_[0:1, :]),
        ([None, [1, 3]], np.s_[:, 1:3]),
        ([[0, 2], [0, 3, 2]], np.s_[:, ::2]),
        ([[1, 1], [0, 3]], np.s_[1:1, :]),
    ],
)
def test_a_value_is_cut_like_an_array(ranges: Any, cut: Any) -> None:
    found = window(engine.prepare(NETWORK), "value", node="W", ranges=ranges)
    assert found.shape == (2, 3)
    np.testing.assert_array_equal(found.entries, np.arange(1.0, 7).reshape(2, 3)[cut])


def test_a_scalar_has_a_window_without_ranges() -> None:
    found = window(engine.prepare("x = 2\ny = x * x"), "value", node="y")
    assert (found.shape, found.ranges, float(found.entries)) == ((), (), 4.0)


@pytest.mark.parametrize("node", ["W", "x", "z", "y"])
@pytest.mark.parametrize("options", [{}, {"gradient": [1, -1]}])
def test_rows_and_columns_of_p(node: str, options: Any) -> None:
    program = engine.prepare(NETWORK, **options)
    found = program.evaluate()
    whole = (found.adjoints or found.gradients or {})[node].reshape(program.run.rows, -1)
    given = window(program, "adjoint", node=node, ranges=[None, [1, 2]])
    assert given.shape == whole.shape
    np.testing.assert_allclose(given.entries, whole[:, 1:2], rtol=1e-15)


def test_every_edge_gives_the_entries_of_its_jacobian() -> None:
    program = engine.prepare(NETWORK)
    for event in program.events():
        if event.kind == "jacobian":
            whole = event.jacobian.dense()
            found = window(
                program, "jacobian", edge=event.edge, ranges=[[0, 2], [1, whole.shape[1]]]
            )
            np.testing.assert_array_equal(found.entries, whole[0:2, 1:])
            steps = [[0, whole.shape[0], 2], [0, whole.shape[1], 2]]
            found = window(program, "jacobian", edge=event.edge, ranges=steps)
            np.testing.assert_array_equal(found.entries, whole[::2, ::2])


def test_a_tangent_is_that_of_the_trace() -> None:
    program = engine.prepare(NETWORK, mode="forward", tangents={"x": [1, 0, 0]})
    for node, tangent in tangents_of(program).items():
        np.testing.assert_array_equal(window(program, "tangent", node=node).entries, tangent)


def test_a_jacobian_that_would_fill_the_memory_is_never_formed() -> None:
    ones = [[1.0] * 1024]
    source = f"s = 1\nW = s * broadcast_to({ones}, (1024, 1024))\nx = {ones[0]}\ny = W @ x"
    program = engine.prepare(source, output="y", gradient=ones[0])
    edge = EdgeRef("W", "y", 0)
    tracemalloc.start()
    found = window(program, "jacobian", edge=edge, ranges=[[5, 6], [5 * 1024, 5 * 1024 + 3]])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.shape == (1024, 1024 * 1024)
    assert found.entries.tolist() == [[1, 1, 1]]
    assert peak < 100e6


def test_only_what_is_needed_is_computed() -> None:
    program = engine.prepare("x = [1, 2]\na = x * x\ni = sum(a)\ny = a[0] * exp(i)", output="y")
    asked: list[int] = []
    run = program.run
    run.__dict__["steps"] = tuple(
        (node, lambda *given, f=forward, n=node: (asked.append(n.id), f(*given))[1], read)
        for node, forward, read in run.steps
    )
    window(program, "value", node="a")
    assert {run.fine[i].name for i in asked} == {"a"}


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        ("option.range", {"what": "value", "node": "W", "ranges": [[0, 3]]}),
        ("option.range", {"what": "value", "node": "W", "ranges": [[1, 0]]}),
        ("option.range", {"what": "value", "node": "W", "ranges": [[0, 1, 0]]}),
        ("option.range", {"what": "value", "node": "W", "ranges": [[0]]}),
        ("option.range", {"what": "value", "node": "x", "ranges": [[0, 1], [0, 1]]}),
        ("option.node", {"what": "value", "node": "nobody"}),
        ("option.edge", {"what": "jacobian", "edge": EdgeRef("x", "z", 9)}),
        ("option.edge", {"what": "jacobian", "edge": EdgeRef("z", "nobody", 0)}),
        ("option.invalid", {"what": "jacobian", "node": "z"}),
        ("option.invalid", {"what": "value", "edge": EdgeRef("x", "z", 1)}),
        ("option.invalid", {"what": "tangent", "node": "z"}),
        ("option.invalid", {"what": "secret", "node": "z"}),
        ("limit.exceeded", {"what": "value", "node": "W", "most": 5}),
    ],
)
def test_what_does_not_fit_is_refused(code: str, request_: dict[str, Any]) -> None:
    with pytest.raises(engine.EngineError) as caught:
        window(engine.prepare(NETWORK), **request_)
    assert caught.value.code == code


def test_a_node_that_is_not_reached_has_no_p() -> None:
    program = engine.prepare("x = 1\nz = 2 * x\ny = x * x", output="y")
    with pytest.raises(engine.EngineError) as caught:
        window(program, "adjoint", node="z")
    assert caught.value.code == "option.reached"
