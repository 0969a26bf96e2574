"""The graph checks itself and answers who uses whom."""

from __future__ import annotations

import pytest

from engine.graph import LEAF, Edge, Graph, Node
from engine.language.parse import parse

GRAPH = parse("u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3").graph


def test_edges_are_those_of_the_tutorial() -> None:
    assert [(edge.source, edge.to) for edge in GRAPH.edges] == [(1, 3), (2, 3), (2, 4), (3, 4)]


def test_users_come_from_the_first_to_the_last() -> None:
    assert GRAPH.users[2] == (Edge(2, 3, 1), Edge(2, 4, 0))
    assert GRAPH.users[4] == ()


def test_reaching_follows_differentiable_paths_only() -> None:
    assert GRAPH.reaches(3) == {1, 2, 3}
    constant = parse("x = 1\ny = x + 2\nz = 3 * x").graph
    assert constant.reaches(constant.id_of["y"]) == {constant.id_of["x"], constant.id_of["y"]}


@pytest.mark.parametrize(
    ("nodes", "complaint"),
    [
        ((Node(1, "a", LEAF), Node(2, "a", LEAF)), "share a name"),
        ((Node(2, "a", LEAF),), "has id 2 at position 1"),
        ((Node(1, "a", "neg", (2,)), Node(2, "b", LEAF)), "does not come before"),
        ((Node(1, "a", "neg", (1,)),), "does not come before"),
    ],
)
def test_check_finds_what_is_wrong(nodes: tuple[Node, ...], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Graph(nodes).check()
