"""Lines → statements nested by indentation, with their places and comments."""

from __future__ import annotations

import pytest

from engine.errors import Span
from engine.language.outline import statements
from engine.language.read import Broken
from engine.language.syntax import Block


def drawn(block: Block) -> list[object]:
    """Statements as (text, what is inside, what is under `else`), errors as (code, line)."""
    made: list[object] = []
    for each in block:
        if isinstance(each, Broken):
            made.append((each.error.code, each.error.span and each.error.span.line))
        elif each.body or each.otherwise:
            made.append((each.text, drawn(each.body), drawn(each.otherwise)))
        else:
            made.append(each.text)
    return made


def outline(source: str) -> list[object]:
    return drawn(list(statements(source)))


def test_indentation_nests() -> None:
    source = "def f(x):\n    for i in range(2):\n        x = x * i\n    return x\ny = f(1)"
    inside = ["return x"]
    assert outline(source) == [
        ("def f(x):", [("for i in range(2):", ["x = x * i"], []), *inside], []),
        "y = f(1)",
    ]


def test_else_belongs_to_the_if_above_it() -> None:
    source = "if a:\n  x = 1\nelif b:\n  x = 2\nelse:\n  x = 3\ny = x"
    assert outline(source) == [
        ("if a:", ["x = 1"], [("if b:", ["x = 2"], ["x = 3"])]),
        "y = x",
    ]


def test_a_block_may_stand_on_the_line_of_its_header() -> None:
    assert outline("if a: x = 1; y = 2\nelse: x = 3\nfor i in b: x = i")[1:] == [
        ("for i in b: x = i", ["for i in b: x = i"], [])
    ]


def test_what_cannot_be_read_takes_its_block_with_it() -> None:
    source = "while a:\n    x = 1\n    y = 2\nz = 3\nfor in b:\n    u = 4\nv = 5"
    found = list(statements(source))
    assert drawn(found) == [("syntax.while", 1), "z = 3", ("syntax.invalid", 5), "v = 5"]
    broken = [each for each in found if isinstance(each, Broken)]
    assert [each.names for each in broken] == [["x", "y"], ["u"]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if a:\nx = 1", [("if a:", [("syntax.body", 1)], []), "x = 1"]),
        (
            "if a:\n    x = 1\n  y = 2\nz = 3",
            [("if a:", ["x = 1", ("syntax.indent", 3)], []), "z = 3"],
        ),
        ("x = (1\ny = 2\nz = 3\n u = 4", [("syntax.bracket", 1), "y = 2", "z = 3", "u = 4"]),
        ("x = 1\n    y = 2", ["x = 1", "y = 2"]),
    ],
)
def test_reading_goes_on_behind_an_error(source: str, expected: list[object]) -> None:
    assert outline(source) == expected


def test_strings_and_backslashes_carry_a_statement_on() -> None:
    assert outline('def f(x):\n    """One\n    x = 2\n    """\n    return x')[0][1][1:] == [
        "return x"
    ]  # type: ignore[index]
    assert outline("x = 1 + \\\n    2\ny = 3") == ["x = 1 + 2", "y = 3"]


def test_a_place_in_a_block_is_that_in_the_source() -> None:
    (loop,) = statements("for ỹ in b:\n    σ = ỹ + é  # so")
    assert not isinstance(loop, Broken)
    (inner,) = loop.body
    assert not isinstance(inner, Broken)
    assert (inner.span(), inner.note) == (Span(2, 5, 2, 14), "so")
    assert loop.span() == Span(1, 1, 1, 12)
