"""Statements in an order in which a program may write them."""

from __future__ import annotations

import pytest

from engine.forms.sequence import base, in_order, stale, version
from engine.language.parse import parse


def names(text: str) -> list[str]:
    return [each.name for each in in_order(parse(text).graph)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\ny = x * 2\nz = 3", "x z y"),
        ("x = 1\ny = x * 2\nx = 3\nz = x * y", "x y x@2 z"),
        ("x = 1\nx = x + 1\nx = 4\nw = 2\ny = x * w", "x x@2 x@3 w y"),
        ("x = 1\nx = 2\ny = 3", "x x@2 y"),
    ],
)
def test_leaves_come_first_unless_they_bind_a_name_again(text: str, expected: str) -> None:
    assert " ".join(names(text)) == expected


def test_a_value_used_after_its_name_is_bound_again_is_stale() -> None:
    graph = parse("h = 1\nhs = [h]\nh = 2 * h\ny = stack(hs) * h").graph
    assert {graph[i].name for i in stale(graph, list(in_order(graph)))} == {"h"}


def test_a_call_that_returns_several_binds_them_all() -> None:
    graph = parse("def f(x):\n    return x * 2, x * 3\nx = 1\na, b = f(x)\nc = a * b").graph
    _, several, _ = in_order(graph)
    assert [name for name, _ in several.binds(graph)] == ["a", "b"]


def test_names_and_their_versions() -> None:
    assert (base("h@12"), version("h@12")) == ("h", 12)
    assert (base("h"), version("h")) == ("h", 1)
