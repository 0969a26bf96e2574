"""Granularity: a statement as one node satisfies the same equations as its ops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.contract import closed_groups, contract
from engine.language.parse import parse

MIXED = """
W = [[1, 2, -1], [0.5, -0.3, 2]]
x = [0.3, -0.2, 0.9]
y = tanh(W @ x + 1) * sum(x) - W @ (x * x)
z = (y * 2).T @ y / (1 + exp(-sum(x ** 2)))
"""


def test_a_statement_becomes_one_node_with_each_input_once() -> None:
    graph = parse("W = [[1, 2]]\nx = [3, 4]\nb = [5]\nz = W @ x + b\ne = (z - b).T @ (z - b)").graph
    view = contract(graph, closed_groups(graph, ()))
    view.check()
    shown = [(n.name, n.op, tuple(view[i].name for i in n.inputs)) for n in view]
    assert shown[3:] == [("z", "group", ("W", "x", "b")), ("e", "group", ("z", "b"))]


def test_a_statement_of_one_op_keeps_its_argument_slots() -> None:
    graph = parse("x = 3\ny = x * x").graph
    view = contract(graph, closed_groups(graph, ()))
    assert [(e.source, e.to, e.slot) for e in view.edges] == [(1, 2, 0), (1, 2, 1)]


def test_without_groups_the_graph_stays_as_it_is() -> None:
    graph = parse(MIXED).graph
    assert [(n.name, n.inputs) for n in contract(graph, {})] == [(n.name, n.inputs) for n in graph]


@pytest.mark.parametrize("source", [MIXED, *(example.source for example in engine.EXAMPLES)])
def test_values_and_adjoints_are_the_same_at_every_granularity(source: str) -> None:
    found: list[dict[str, Any]] = []
    for granularity in ("statement", "op"):
        events = list(engine.prepare(source, granularity=granularity).events())
        found.append({(e.kind, e.node): e.value for e in events if e.kind in ("value", "adjoint")})
    for key, value in found[0].items():
        np.testing.assert_allclose(value, found[1][key], rtol=1e-12, atol=1e-17)


def test_the_jacobian_of_a_group_agrees_with_central_differences() -> None:
    base = engine.prepare(MIXED, output="y").evaluate().values
    events = engine.prepare(MIXED, output="y").events()
    jacobians = {(e.edge.source, e.edge.to): e.jacobian for e in events if e.kind == "jacobian"}
    for name in ("W", "x"):
        for position in range(base[name].size):
            ends = []
            for sign in (1e-6, -1e-6):
                moved = base[name].copy()
                moved.flat[position] += sign
                ends.append(
                    engine.prepare(MIXED, inputs={name: moved.tolist()}).evaluate().values["y"]
                )
            measured = (ends[0] - ends[1]) / 2e-6
            column = jacobians[name, "y"].dense()[:, position]
            np.testing.assert_allclose(column, measured, rtol=1e-6, atol=1e-8)
