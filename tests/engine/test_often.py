"""How often a comprehension is sure to run is never more than it runs."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from engine.language.build import Builder
from engine.language.known import Known
from engine.language.needs import UNKNOWN
from engine.language.often import rounds, times
from engine.language.scope import Constant, Items, Scope, Where
from engine.language.syntax import Statement, Text

FREE = {"a": UNKNOWN, "b": UNKNOWN, "n": Constant(3)}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("for a in range(4)", 4),
        ("for a in range(4) for b in range(n)", 12),
        ("for a in range(4) for b in range(a)", 6),
        ("for a in (5, 6)", 2),
        ("for a in range(4) if n > 2", 4),
        ("for a in range(4) if n > 3", 0),
        ("for a in range(4) if a > 1", 0),
        ("for a in q", 0),
        ("for a in range(10 ** 30)", 2**62),
    ],
)
def test_rounds_are_counted_where_they_are_sure(text: str, count: int) -> None:
    tree = ast.parse(f"[a {text}]").body[0]
    assert isinstance(tree, ast.Expr)
    assert isinstance(tree.value, ast.ListComp)
    scope = Scope(dict(FREE))
    where = Where(Statement(Text(text, 1, 1), tree), scope, Known([], {}))
    assert rounds(tree.value.generators, where) == count
    assert scope.names == FREE


@pytest.mark.parametrize(("name", "count"), [("h", 3), ("X", 5), ("s", 0), ("new", 0)])
def test_a_loop_runs_over_a_list_or_the_rows_of_a_tensor(name: str, count: int) -> None:
    builder = Builder()
    for each, value in (("X", np.ones((5, 2))), ("s", np.ones(()))):
        builder.begin(each, None, "")
        builder.leaf(value)
    scope = Scope({**builder.names, "h": Items([Constant(1)] * 3)})
    tree = ast.parse(name).body[0]
    assert isinstance(tree, ast.Expr)
    where = Where(Statement(Text(name, 1, 1), tree), scope, builder.known)
    assert times(tree.value, where) == count
