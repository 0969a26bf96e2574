"""Statements that change a tensor in place."""

from __future__ import annotations

from engine.forms.aliases import changed_in_place
from engine.forms.equal import alike
from engine.forms.records import from_records, to_records
from engine.forms.source import source
from engine.language.parse import parse

BLOCK = "def f(x):\n    return x + b\n"
LEAVES = "a = [1, 2]\nb = torch.tensor([3.0, 4.0], requires_grad=True)\n"


def names_of(text: str) -> list[str]:
    graph = parse(text).graph
    return [graph[i].name for i in sorted(changed_in_place(graph))]


def test_what_a_block_reads_by_another_name_was_made_in_place() -> None:
    changing = "w = b\nw *= a\nw -= a\ny = f(a)"
    assert names_of(BLOCK + LEAVES + changing) == ["b", "w", "w@2", "w@3"]


def test_arguments_and_names_that_the_block_says_were_not() -> None:
    assert names_of(BLOCK + LEAVES + "w = b - a\ny = f(w)\nb = w * 1\nz = f(y)") == []


def test_a_change_that_a_block_tells_of_survives_both_forms() -> None:
    changing = "w = b\nfor i in range(2):\n    w -= f(a)\ny = f(w)"
    parsed = parse(BLOCK + LEAVES + changing)
    assert "w -= f(a)" in source(parsed)
    assert alike(parse(source(parsed)), parsed)
    assert alike(from_records(to_records(parsed)), parsed)


def test_an_argument_that_the_block_reads_by_its_own_name_too_survives() -> None:
    parsed = parse(BLOCK + LEAVES + "c = b\nc -= a\ny = f(b)")
    assert alike(parse(source(parsed)), parsed)
