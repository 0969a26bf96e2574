"""How often a comprehension is sure to run is never more than it runs."""

from __future__ import annotations

import ast

import pytest

from engine.language.known import Known
from engine.language.needs import UNKNOWN
from engine.language.often import rounds
from engine.language.scope import Constant, Scope, Where
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
