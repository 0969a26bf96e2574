"""The tree of groups, and what is seen when some of them are open."""

from __future__ import annotations

import engine

SOURCE = (
    "def inner(v):\n    s = v * 2 + 1\n    return tanh(s)\n"
    "def outer(v):\n    dead = v * 100 + 7\n    a = inner(v)\n    return a * v + 1\n"
    "x = 2.0\ny = outer(x)\nz = y * 3 - 1\n"
)


def seen(*opened: str, source: str = SOURCE) -> list[str]:
    return [
        n.name for n in engine.prepare(source, open=opened).graph_event.nodes if n.op != "const"
    ]


def test_a_call_is_one_node_until_it_is_opened() -> None:
    assert seen() == ["x", "y", "z"]
    assert seen("y") == ["x", "y.dead", "y.a", "y", "z"]
    assert seen("y", "y.a") == ["x", "y.dead", "y.a.s", "y.a", "y", "z"]
    assert seen("y.a") == ["x", "y", "z"]


def test_the_tree_tells_what_can_be_opened() -> None:
    event = engine.prepare(SOURCE, open=["y"]).graph_event
    told = {g.name: (g.node, g.parent, g.block, g.open) for g in event.groups}
    assert told == {
        "y": ("y", "", "outer", True),
        "y.dead": ("y.dead", "y", "", False),
        "y.a": ("y.a", "y", "inner", False),
        "y.a.s": ("y.a.s", "y.a", "", False),
        "y.return": ("y", "y", "", False),
        "z": ("z", "", "", False),
    }
    (y,) = (group for group in event.groups if group.name == "y")
    assert [(m.name, m.op) for m in y.members] == [
        ("y.dead", "group"),
        ("y.a", "group"),
        ("y.return", "group"),
    ]


def test_one_op_alone_is_no_group() -> None:
    assert engine.prepare("x = 2.0\ny = x * x").graph_event.groups == ()


def test_every_group_is_open_where_every_op_is_a_node() -> None:
    groups = engine.prepare(SOURCE, granularity="op").graph_event.groups
    assert groups and all(group.open for group in groups)


def test_a_block_of_several_values_stays_open() -> None:
    source = "def f(v):\n    s = v * 2 + 1\n    return tanh(s), s\nx = 2.0\na, b = f(x)\nc = a * b"
    assert seen(source=source) == ["x", "b", "a", "c"]
    (group, *_) = engine.prepare(source).graph_event.groups
    assert (group.name, group.node, group.open) == ("a_b", "", True)


def test_what_a_block_does_not_need_is_no_input_of_it() -> None:
    source = (
        "def f(v, w):\n    lost = w * 2 + 1\n    return v * 3 + 1\nx = 2.0\nu = 5.0\ny = f(x, u)"
    )
    node = engine.prepare(source).graph_event.nodes[-1]
    assert node.inputs == ("x",)
