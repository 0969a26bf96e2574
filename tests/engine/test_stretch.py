"""Broadcasting is told at the edge where it happens, and is what the local Jacobian says."""

from __future__ import annotations

import numpy as np
import pytest

import engine

MATRIX = "X = [[1, 2], [3, 4], [5, 6]]\n"


def stretched(source: str, granularity: str = "statement") -> dict[tuple[str, str], int]:
    event = engine.prepare(source, granularity=granularity).graph_event
    return {(edge.source, edge.to): edge.stretched for edge in event.edges}


@pytest.mark.parametrize(
    ("program", "name", "times"),
    [
        ("b = [1, 2]\ny = X + b", "b", 3),
        ("b = [1, 2]\ny = X + b", "X", 1),
        ("c = [[1], [2], [3]]\ny = X * c", "c", 2),
        ("a = 2.0\ny = where(X > 3, X, a)", "a", 6),
        ("a = [1, 2]\ny = a.expand(4, 2)", "a", 4),
        ("t = [1, 2]\ny = mean(X)", "X", 1),
    ],
)
def test_an_argument_is_stretched_as_often_as_its_size_goes_into_the_result(
    program: str, name: str, times: int
) -> None:
    assert stretched(MATRIX + program)[name, "y"] == times


def test_where_no_edge_is_stretched_each_entry_is_used_once_or_by_a_product() -> None:
    assert set(stretched("W = [[1, 2], [3, 4]]\nx = [1, 2]\ny = W @ x\nz = y * y").values()) == {1}


def test_a_group_stretches_what_a_member_takes_and_not_what_comes_of_it() -> None:
    source = MATRIX + "b = [1, 2]\nc = [3, 4]\ns = sum(X * b + exp(c))"
    assert stretched(source) == {("X", "s"): 1, ("b", "s"): 3, ("c", "s"): 1}
    opened = stretched(source, granularity="op")
    assert [times for (_, to), times in opened.items() if times > 1 and to != "s"] == [3, 3]


def test_what_has_no_entries_is_not_stretched() -> None:
    assert stretched("X = zeros(0, 2)\nb = [1, 2]\ny = X + b")["b", "y"] == 1


def test_the_copies_are_the_non_zero_entries_of_a_column_of_the_local_jacobian() -> None:
    program = engine.prepare(MATRIX + "b = [1, 2]\ny = X + b")
    found = [event for event in program.events() if event.kind == "jacobian"]
    (jacobian,) = [event.jacobian.dense() for event in found if event.edge.source == "b"]
    assert np.count_nonzero(jacobian, axis=0).tolist() == [3, 3]
