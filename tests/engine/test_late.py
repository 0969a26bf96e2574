"""Numbers that were worked out while a program was read."""

from __future__ import annotations

from engine.forms.late import late
from engine.forms.sequence import in_order
from engine.language.parse import parse


def test_a_number_worked_out_while_reading_is_late() -> None:
    graph = parse("def n(x):\n    return len(x)\nx = [1, 2]\ny = n(x) - exp(x)").graph
    statement = next(each for each in in_order(graph) if each.name == "y")
    found, sure = late(graph, graph[statement.value], statement)
    assert [graph[i].op for i in found] == ["const"]
    assert sure
