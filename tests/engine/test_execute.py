"""Statements: loops are unrolled, blocks read where they are called, errors gathered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import EngineError, SourceError
from engine.language.parse import parse, parse_partial


def shown(source: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(name, op, names of inputs) of every node."""
    graph = parse(source).graph
    graph.check()
    return [(n.name, n.op, tuple(graph[i].name for i in n.inputs)) for n in graph]


def value(source: str, name: str = "out") -> Any:
    return engine.prepare(source).evaluate().values[name]


def errors(source: str) -> list[tuple[str, int]]:
    """Code and line of every error."""
    _, found = parse_partial(source, 20_000)
    return [(each.code, each.span.line if each.span else 0) for each in found]


def test_a_loop_is_unrolled_into_nodes_of_its_rounds() -> None:
    nodes = shown("x = 2.0\nh = 1.0\nfor t in range(2):\n    h = h * x")
    assert nodes[2:] == [("h@2", "mul", ("h", "x")), ("h@3", "mul", ("h@2", "x"))]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("range(4)", 6),
        ("range(1, 6, 2)", 9),
        ("[2, 3]", 5),
        ("reversed((1, 2, 3))", 6),
        ("range(len(xs))", 3),
    ],
)
def test_a_loop_runs_over_what_is_known(run: str, expected: float) -> None:
    source = f"xs = [1.0, 2.0, 3.0]\nout = 0.0 * xs[0]\nfor i in {run}:\n    out = out + i"
    assert value(source, parse(source).graph.nodes[-1].name) == expected


def test_a_loop_runs_over_pairs_and_rows() -> None:
    source = (
        "X = [[1.0, 2.0], [3.0, 4.0]]\nout = X[0] * 0\n"
        "for i, row in enumerate(X):\n    out = out + row * i\n"
        "for a, b in zip(X, [10, 20]):\n    out += a * b\n"
    )
    last = parse(source).graph.nodes[-1].name
    np.testing.assert_array_equal(value(source, last), [3 + 10 + 60, 4 + 20 + 80])


def test_a_condition_on_constants_chooses() -> None:
    source = (
        "x = 3.0\nn = 2\nout = x\nfor i in range(3):\n"
        "    if i == 0 and n > 1:\n        out = out + 1\n"
        "    elif i == 1:\n        out = out * 2\n    else:\n        out = out - 3\n"
    )
    assert value(source, parse(source).graph.nodes[-1].name) == 5


def test_a_block_is_called_like_an_op() -> None:
    source = "def f(a, b=2.0, *, c=1):\n    y = a * b\n    return y + c\nx = 3.0\n"
    assert value(source + "out = f(x)") == 7
    assert value(source + "out = f(x, 3.0, c=0)") == 9
    assert value(source + "out = f(b=x, a=x)") == 10


def test_the_inside_of_a_block_has_names_of_its_own() -> None:
    source = "def f(a):\n    y = a * 2\n    y = y + 1\n    return tanh(y)\nx = 3.0\ny = f(f(x))"
    names = [name for name, op, _ in shown(source) if op not in ("leaf", "const")]
    assert names == ["y.f.y", "y.f.y@2", "y.f", "y.f@2.y", "y.f@2.y@2", "y"]


def test_a_block_sees_the_names_of_the_program_and_changes_none() -> None:
    source = (
        "w = 2.0\nx = 3.0\ndef f(x):\n    w = x * 10\n    return w\ndef g(x):\n    return w * x\n"
    )
    assert value(source + "a = f(x)\nout = g(x)") == 6


def test_a_block_may_return_several_values() -> None:
    source = "def f(a, b):\n    s = a + b\n    return s * 2, s\np, q = f(1.0 * z, 2.0)\nout = p - q"
    program = engine.prepare("z = 1.0\n" + source)
    assert program.evaluate().values["out"] == 3
    assert [node.name for node in program.graph_event.nodes][-3:] == ["q", "p", "out"]


def test_lists_gather_tensors() -> None:
    source = "hs = []\nh = 1.0\nfor t in range(3):\n    h = h * 2\n    hs.append(h)\n"
    np.testing.assert_array_equal(value(source + "out = stack(hs)"), [2, 4, 8])
    assert value(source + "out = sum(hs) + hs[-1] + len(hs)") == 25
    np.testing.assert_array_equal(
        value(source + "out = cat([stack(hs[1:]), stack(hs)])")[:2], [4, 8]
    )


def test_a_program_that_ends_with_a_list_stacks_it() -> None:
    np.testing.assert_array_equal(value("a = 1.0\nout = [a, a * 2]"), [1, 2])


def test_names_change_places() -> None:
    source = "a = 1.0\nb = 2.0\na, b = b, a + b\nout = a * 10 + b"
    assert value(source) == 23


def test_several_names_take_the_slices_of_a_tensor() -> None:
    assert (
        value("q, k, v = split([1.0, 2.0, 3.0] * z, 3)\nout = (q + k * v).sum()".replace("z", "1"))
        == 7
    )


def test_sizes_may_be_computed_and_leave_no_node() -> None:
    source = "n = 4\nx = arange(8.0)\ny = reshape(x, (n, n // 2))\nout = y / y.shape[1] ** 0.5"
    program = engine.prepare(source)
    assert "n" not in program.run.fine.id_of
    assert program.evaluate().values["out"].shape == (4, 2)


def test_a_leaf_that_shaped_the_graph_stays_as_it_is() -> None:
    source = "n = 2\nx = [1.0, 2.0]\ny = reshape(x, (n, 1)) * n"
    with pytest.raises(EngineError) as caught:
        engine.prepare(source, inputs={"n": 3})
    assert caught.value.code == "option.fixed"
    assert engine.prepare(source, inputs={"n": 2})
    with pytest.raises(EngineError) as shaped:
        engine.prepare("x = [1.0, 2.0]\nn = x.shape[0]\ny = x * n", inputs={"x": [1, 2, 3]})
    assert shaped.value.code == "option.shape"


def test_backward_chooses_the_output() -> None:
    source = "x = 2.0\nloss = x * x\nafter = loss + 1\nloss.backward()\nprint(x)"
    assert engine.prepare(source).graph_event.output == "loss"
    assert engine.prepare(source, output="after").graph_event.output == "after"


def test_what_a_library_asks_for_is_differentiated() -> None:
    source = (
        "a = torch.tensor(1.0)\nb = torch.tensor(1.0, requires_grad=True)\nc = np.array(1.0)\n"
        "d = nn.Parameter(torch.randn(2))\ne = const(2)\nf = param(2)\ng = torch.randn(2)\n"
        "h = np.random.randn(2)\ni = torch.zeros(2).requires_grad_()\nj = torch.ones(2)\n"
        "j.requires_grad = True\nk = 0.1 * torch.randn(2)\nl = 0.1 * np.random.randn(2)\n"
    )
    asked = {node.name for node in parse(source).graph if node.requires_grad}
    assert asked == set("bcdfhijl")


def test_comments_are_kept_with_their_statement() -> None:
    source = "# the weights\n# of it all\nw = 2  # two\n\n# lost\n\ny = w * 3\n"
    notes = {node.name: node.note for node in parse(source).graph if node.op != "const"}
    assert notes == {"w": "the weights\nof it all\ntwo", "y": ""}


def test_errors_are_gathered_but_not_what_follows_from_them() -> None:
    source = (
        "a = 1 +\nb = a * 2\nc = sigmiod(2)\nd = 2 ^ 3\ne = c + d + b\nx = 1.0\n"
        "for i in range(3):\n    f = qq + i\n    g = x * i\nz = (1, 2\nok = x * 2\n"
    )
    found = errors(source)
    assert found == [
        ("syntax.incomplete", 1),
        ("op.misspelled", 3),
        ("syntax.power", 4),
        ("name.unknown", 8),
        ("syntax.bracket", 10),
    ]
    parsed, _ = parse_partial(source)
    assert parsed is not None and "ok" in parsed.graph.id_of


def test_the_first_error_is_raised_with_the_others() -> None:
    with pytest.raises(SourceError) as caught:
        engine.prepare("y = b\nx = a +\nW = [[1, 2]]\nz = W @ W")
    assert [each.code for each in (caught.value, *caught.value.others)] == [
        "name.unknown",
        "syntax.incomplete",
        "shape.transpose",
    ]


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("hs = hs + [h * 3]", [2, 6]),
        ("hs = [h] + hs + [h * 3, 7]", [2, 2, 6, 7]),
        ("hs = hs + hs", [2, 2]),
        ("ks = []\nks = ks + hs\nhs.append(h * 5)\nhs = ks", [2]),
    ],
)
def test_lists_are_joined_as_python_joins_them(joined: str, expected: list[float]) -> None:
    result = engine.prepare(f"h = 2\nhs = [h]\n{joined}\ny = stack(hs)").evaluate()
    assert result.values["y"].tolist() == expected
