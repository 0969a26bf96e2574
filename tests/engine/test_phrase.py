"""One node as an expression, and how strongly it binds."""

from __future__ import annotations

import pytest

from engine.forms.phrase import CALL, NEGATIVE, call, phrase
from engine.graph import Definition, Graph, Group, Node, Ref


def text_of(node: Node, number: bool = False) -> str:
    _, pieces = phrase(node, lambda _: number, lambda name: name)
    return "".join(each if isinstance(each, str) else f"<{each[0]}>" for each in pieces)


@pytest.mark.parametrize(
    ("op", "inputs", "attrs", "text"),
    [
        ("add", (1, 2), {}, "<1> + <2>"),
        ("neg", (1,), {}, "-<1>"),
        ("transpose", (1,), {}, "<1>.T"),
        ("transpose", (1,), {"axes": (0, 1)}, "transpose(<1>, axes=(0, 1))"),
        ("getitem", (1,), {"index": (0, ("slice", 1, None, None))}, "<1>[0, 1:]"),
        ("concat", (1, 2), {"axis": 1}, "concat([<1>, <2>], axis=1)"),
        ("einsum", (1,), {"subscripts": "ij->j"}, "einsum([<1>], subscripts='ij->j')"),
        ("layer_norm", (1, 2, 3), {}, "layer_norm(<1>, weight=<2>, bias=<3>)"),
        ("linear", (1, 2), {}, "linear(<1>, <2>)"),
    ],
)
def test_an_op_is_written_as_it_is_used(
    op: str, inputs: tuple[int, ...], attrs: dict[str, object], text: str
) -> None:
    assert text_of(Node(9, "y", op, inputs, attrs)) == text


def test_the_opposite_of_a_number_is_a_call_as_a_minus_would_belong_to_it() -> None:
    assert text_of(Node(9, "y", "neg", (1,)), number=True) == "neg(<1>)"


def test_operators_say_how_strongly_they_and_their_operands_bind() -> None:
    binding, pieces = phrase(Node(9, "y", "sub", (1, 2)), lambda _: False, str)
    (_, left), _, (_, right) = (each for each in pieces if not isinstance(each, str) or each)
    assert binding == left < right < NEGATIVE < CALL


def test_the_call_of_a_block_has_its_arguments_in_order() -> None:
    arguments = (("x", Ref(1)), ("k", 2.5), ("names", (Ref(2), None)))
    group = Group(("y",), 9, "f", arguments)
    behind = Definition("f", ("x", "*", "k", "names"), "")
    for blocks, expected in (
        ({}, "f(<1>, 2.5, [<2>, None])"),
        ({"f": behind}, "f(<1>, k=2.5, names=[<2>, None])"),
    ):
        _, pieces = call(Graph((), {}, blocks), group, str)
        text = "".join(each if isinstance(each, str) else f"<{each[0]}>" for each in pieces)
        assert text == expected
