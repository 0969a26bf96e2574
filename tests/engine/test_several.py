"""Expressions of several values."""

from __future__ import annotations

from engine.forms.sequence import Statement, in_order, loose
from engine.forms.several import cut, cuts, is_ordered, steps, unpacked
from engine.graph import Graph
from engine.language.parse import parse


def graph_of(text: str) -> Graph:
    return parse(f"x = [1, 2, 3]\n{text}").graph


def one_by_one(graph: Graph) -> list[list[Statement]]:
    return [[each] for each in in_order(graph)]


def test_pieces_of_one_tensor_are_a_cut() -> None:
    graph = graph_of("a, b = torch.split(x, [1, 2])")
    found = cut(graph, (2, 3))
    assert found is not None
    assert (found.source, found.bounds, found.axis) == (1, ((0, 1), (1, 3)), 0)
    assert found.call() == ("torch", "split(", ", [1, 2])")
    assert cut(graph_of("a, b = [x[:1], -x][:]"), (2, 3)) is None


def test_a_cut_that_is_no_partition_is_numpys() -> None:
    found = cut(graph_of("a, b, c = np.split(x, [2, 1])"), (2, 3, 4))
    assert found is not None and found.call() == ("numpy", "split(", ", [2, 1])")


def test_a_piece_that_is_used_alone_stands_for_all() -> None:
    graph = graph_of("y = torch.split(x, [1, 2])[1] * 2")
    statement = list(in_order(graph))[-1]
    idle = {i for i in loose(graph, statement) if i != statement.value}
    assert [graph[i].name for i in idle] == ["y.1"]
    assert cuts(graph, statement.nodes, idle) == {4: [3, 4]}


def test_entries_that_nothing_else_uses_are_unpacked() -> None:
    graph = graph_of("a, b = split([1, 2, 3, 4], 2)\ny = a * b")
    names = [[each.name for each in some] for some in unpacked(graph, one_by_one(graph))]
    assert names == [["x"], ["a_b"], ["y"]]
    graph = graph_of("a_b = exp(x)\na = a_b[0]\nb = a_b[1]\ny = sum(a_b)")
    assert len(list(unpacked(graph, one_by_one(graph)))) == 5


def test_steps_are_in_the_order_in_which_they_were_made() -> None:
    graph = graph_of("y = sum([v * v for v in [-x, exp(x)]])")
    statement = list(in_order(graph))[-1]
    assert [graph[i].op for i, _ in steps(graph, statement)] == ["neg", "exp", "mul", "mul", "add"]
    assert not is_ordered(graph, statement)
    plain = graph_of("y = -x * exp(x) + x")
    assert is_ordered(plain, list(in_order(plain))[-1])
