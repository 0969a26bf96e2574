"""Numbers that only size something are told as numbers where their node is gone."""

from __future__ import annotations

from engine.forms.source import alike, source
from engine.language.parse import parse

LABELS = "def f(p, y):\n    return -log(p[range(2), y])\np = [[0.5, 0.5], [0.2, 0.8]]\n"


def test_labels_that_are_no_node_are_told_as_numbers_of_the_call() -> None:
    graph = parse(f"{LABELS}y = [0, 1]\nloss = f(p, y)").graph
    assert "y" not in graph.id_of
    assert dict(graph.groups["loss"].arguments)["y"] == (0, 1)


def test_such_a_program_prints_and_reads_back() -> None:
    parsed = parse(f"{LABELS}y = [0, 1]\nloss = f(p, y)")
    assert alike(parse(source(parsed)), parsed)


def test_an_entry_of_a_leaf_may_be_an_index() -> None:
    parsed = parse("t = [2, 0]\nx = [1.0, 2.0, 3.0]\ny = x[t[0]] + x[t[1]]")
    assert parsed.fixed == {"t"}
    assert [node.attrs["index"] for node in parsed.graph if node.op == "getitem"] == [(2,), (0,)]
