"""What is sure of an expression before it is read counts no node that is not made."""

from __future__ import annotations

import ast

import pytest

from engine.language.known import Known
from engine.language.needs import NODE, NOTHING, UNKNOWN, Sure
from engine.language.scope import Constant, Scope, Where
from engine.language.surely import needed
from engine.language.syntax import Statement, Text

NAMES = {"x": NODE, "n": Constant(3), "q": UNKNOWN, "t": Sure("list", (NODE, UNKNOWN))}


def weighed(text: str) -> tuple[int, object]:
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.Expr)
    where = Where(Statement(Text(text, 1, 1), tree), Scope(dict(NAMES)), Known([], {}))
    needs, kind, _ = needed(tree.value, where, lambda *_: (NOTHING, UNKNOWN))
    return needs.nodes, kind


@pytest.mark.parametrize(
    ("text", "nodes", "kind"),
    [
        ("x * x + x", 2, NODE),
        ("x * 2", 2, NODE),
        ("-x.T", 2, NODE),
        ("sin(x)", 1, NODE),
        ("np.exp(x).sum()", 2, NODE),
        ("x[0]", 1, NODE),
        ("x < 1", 2, NODE),
        ("param(2) * x", 2, NODE),
        ("n * n", 0, UNKNOWN),
        ("q * q", 0, UNKNOWN),
        ("q[0] + q", 0, UNKNOWN),
        ("x + [q]", 0, UNKNOWN),
        ("len(x) * 2", 0, UNKNOWN),
        ("x.shape[0]", 0, UNKNOWN),
        ("t[0] * t[0]", 1, NODE),
        ("t[1] * q", 0, UNKNOWN),
        ("x if n > 2 else x * x", 0, NODE),
        ("x * x if q else x * x * x", 1, NODE),
    ],
)
def test_only_what_is_sure_is_counted(text: str, nodes: int, kind: object) -> None:
    assert weighed(text) == (nodes, kind)
