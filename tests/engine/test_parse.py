"""Source text → graph."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import SourceError, Span
from engine.language.parse import parse


def shown(source: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(name, op, names of inputs) of every node."""
    graph = parse(source).graph
    graph.check()
    return [(n.name, n.op, tuple(graph[i].name for i in n.inputs)) for n in graph]


def test_leaves_come_first_in_order_of_appearance() -> None:
    nodes = shown("a = 1\nb = a + a\nc = 2\nd = b * c")
    assert [name for name, _, _ in nodes] == ["a", "c", "b", "d"]


def test_operators_bind_as_in_mathematics() -> None:
    nodes = shown("a = 1\nb = 2\nr = -a ** b + a * b - a / b")
    assert [op for _, op, _ in nodes[2:]] == ["pow", "neg", "mul", "add", "div", "sub"]


@pytest.mark.parametrize(
    "call",
    [
        "sigmoid(x)",
        "torch.sigmoid(x)",
        "F.sigmoid(x)",
        "nn.functional.sigmoid(x)",
        "x.sigmoid()",
        "σ(x)",
    ],
)
def test_lines_from_a_notebook_work(call: str) -> None:
    assert shown(f"x = 1\ny = {call}")[-1] == ("y", "sigmoid", ("x",))


def test_keywords_of_numpy_and_pytorch_mean_the_same() -> None:
    for call in ("sum(x, axis=0, keepdims=True)", "x.sum(dim=0, keepdim=True)", "sum(x, 0, True)"):
        parsed = parse(f"x = [[1, 2]]\ny = {call}")
        assert dict(parsed.graph[2].attrs) == {"axis": 0, "keepdims": True}


def test_literals_inside_expressions_are_constants_that_need_no_gradient() -> None:
    graph = parse("x = 3\ny = 2 * x").graph
    constant = graph[2]
    assert (constant.op, constant.requires_grad) == ("const", False)
    assert [(e.source, e.to, e.slot) for e in graph.edges] == [(1, 3, 1)]


def test_statements_over_numbers_are_computed_later_when_they_are_many_or_large() -> None:
    lines = [f"a{i} = 0 + broadcast_to(1, 65536)" for i in range(200)]
    parsed = parse("\n".join([*lines, "x = 1 + 1"]))
    assert sum(value.size for value in parsed.literal_of.values()) < 2**20
    assert {node.op for node in parsed.graph} >= {"leaf", "const", "add", "broadcast_to"}
    deep = parse("a = " + "gelu(" * 50 + "0 + broadcast_to(1, 65536)" + ")" * 50)
    assert deep.graph[len(deep.graph)].op == "gelu"


@pytest.mark.parametrize(
    "expression",
    [
        "a[:99999999999999999999999]",
        "a[::99999999999999999999999]",
        "a[-99999999999999999999:]",
        "a[0x" + "f" * 5000 + "]",
        "a[[0x" + "f" * 5000 + "]]",
        "sum(a, axis=" + "-" * 2001 + "x)",
        "sum(a, axis=0x" + "f" * 5000 + ")",
        "einsum('\\ud800->', a)",
    ],
)
def test_an_attribute_that_no_op_can_use_has_an_error(expression: str) -> None:
    with pytest.raises(SourceError) as error:
        parse(f"a = [1]\nb = {expression}")
    assert error.value.code in ("op.attribute", "op.index")
    assert len(error.value.detail.encode()) < 200


def test_signs_of_an_attribute_may_be_many() -> None:
    assert parse("a = [1]\nb = sum(a, axis=" + "-" * 2001 + "1)").graph[2].attrs["axis"] == -1


def test_a_statement_over_numbers_alone_is_a_leaf() -> None:
    parsed = parse("h = 1 / 2 + 1")
    assert shown("h = 1 / 2 + 1") == [("h", "leaf", ())]
    assert parsed.literal_of[1] == 1.5


def test_negative_numbers_are_values_not_computations() -> None:
    assert shown("x = -2") == [("x", "leaf", ())]
    np.testing.assert_array_equal(
        parse("x = [[-1, 2], [+3, --4]]").literal_of[1], [[-1, 2], [3, 4]]
    )


def test_a_name_bound_again_makes_a_new_node() -> None:
    nodes = shown("h = 1\nh = h * h\nh = h * h")
    assert nodes == [("h", "leaf", ()), ("h@2", "mul", ("h", "h")), ("h@3", "mul", ("h@2", "h@2"))]


def test_another_name_for_a_node_is_a_node() -> None:
    assert shown("a = 1\nb = a") == [("a", "leaf", ()), ("b", "identity", ("a",))]


def test_comments_blank_lines_and_open_brackets_are_read_through() -> None:
    source = "# the weights\nW = [[1, 2],  # first row\n     [3, 4]]\n\n  y = W.T  # transposed\n"
    graph = parse(source).graph
    assert [n.name for n in graph] == ["W", "y"]
    assert graph[1].span == Span(2, 1, 3, 13)
    assert graph[2].span == Span(5, 3, 5, 10)


def test_columns_count_code_points_not_bytes() -> None:
    graph = parse("ỹ = 1\nσσ = 2\nz = ỹ + σσ").graph
    assert graph[3].span == Span(3, 1, 3, 11)


@pytest.mark.parametrize(
    ("source", "code", "span"),
    [
        ("u1 = 2\nu3 = u1 +", "syntax.incomplete", Span(2, 9, 2, 10)),
        ("x = (1", "syntax.bracket", Span(1, 5, 1, 6)),
        ("x = 1)", "syntax.bracket", Span(1, 6, 1, 7)),
        ("a = 3 4", "syntax.invalid", Span(1, 7, 1, 8)),
        ("x = [1.5]\nif x:\n y = 1", "flow.condition", Span(2, 4, 2, 5)),
        ("x = 1\nx + 1", "syntax.unnamed", Span(2, 1, 2, 6)),
        ("x = [1]\ny = x if x else x", "flow.condition", Span(2, 5, 2, 18)),
        ("x = 1\ny = x.__class__", "syntax.unsupported", Span(2, 5, 2, 16)),
        ("x = 1\ny = (lambda: x)()", "syntax.lambda", None),
        ("x = 1\ny = [x, '2']", "literal.number", Span(2, 9, 2, 12)),
        ("x = [[1], [1, 2]]", "literal.ragged", Span(1, 5, 1, 18)),
        ("x = 1j", "literal.number", Span(1, 5, 1, 7)),
        ("x = 1e999", "literal.number", Span(1, 5, 1, 10)),
        ("x = 9 ** 9 ** 99", "literal.number", None),
        ("x = [1j]", "literal.number", None),
        ("x = 'text'", "literal.number", None),
        ("y = x + 1", "name.unknown", Span(1, 5, 1, 6)),
        ("weight = 1\ny = wieght + 1", "name.misspelled", Span(2, 5, 2, 11)),
        ("x = 1\ny = qqqqqqqqqq(x)", "op.unknown", Span(2, 5, 2, 15)),
        ("x = 1\ny = sigmiod(x)", "op.misspelled", Span(2, 5, 2, 12)),
        ("x = 1\ny = sigmoid()", "op.arguments", Span(2, 5, 2, 14)),
        ("x = 1\ny = sigmoid(x, x)", "op.arguments", None),
        ("x = [1]\ny = sum(x, axis=x)", "op.attribute", Span(2, 17, 2, 18)),
        ("x = [1]\ny = sum(x, colour=1)", "op.keyword", None),
        ("x = " + "(" * 100 + "1" + ")" * 100, "syntax.deep", None),
        ("x = 1\ny = " + "-" * 20000 + "x", "syntax.long", None),
        ("x = \x00", "syntax.stray", None),
        ("x = \ud800", "syntax.stray", None),
        ("# nothing", "syntax.empty", None),
    ],
)
def test_an_error_names_the_place(source: str, code: str, span: Span | None) -> None:
    with pytest.raises(SourceError) as caught:
        parse(source)
    assert caught.value.code == code
    if span is not None:
        assert caught.value.span == span
    assert caught.value.detail and caught.value.hint


def test_a_long_expression_does_not_exhaust_the_stack() -> None:
    assert len(parse("x = 1\ny = " + " + ".join(["x"] * 900)).graph) == 900
