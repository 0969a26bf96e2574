"""Statements are counted before they are parsed: what is long is refused, what is data is not."""

from __future__ import annotations

import ast

import pytest

import engine
from engine.errors import SourceError, Span
from engine.language import syntax
from engine.language.length import check_length, depth_of, operators_in

PLACE = Span(1, 1, 1, 2)
LONG = {
    "sum": "y = " + "x + " * 30_000 + "x",
    "signs": "y = " + "-" * 60_000 + "x",
    "words": "y = " + "not " * 16_000 + "x",
    "choices": "y = " + "x if 1 else " * 5_400 + "x",
    "powers": "n = " + "2**" * 20_000 + "2",
    "chain of indices": "y = x" + "[0]" * 20_000,
    "chain of calls": "y = x" + "()" * 30_000,
    "chain of attributes": "y = x" + ".T" * 30_000,
    "one index": "y = x[[" + "0," * 30_000 + "0]]",
    "one call": "y = zeros(" + "1," * 30_000 + "1)",
    "targets": "a = " * 16_000 + "1",
    "an import": "import " + "a." * 30_000 + "a",
    "strings with holes": "print(f'" + "{x}" * 20_000 + "')",
    "a loop": "for i in [" + "1," * 30_000 + "1]:",
}
DATA = {
    "numbers": "x = [" + "0.5, " * 12_000 + "1]",
    "exponents": "x = [" + "1.25e-03, -3.5e+02, " * 3_000 + "1]",
    "rows": "x = [" + "[1, -2], " * 7_000 + "[3, 4]]",
    "a tensor": "x = torch.tensor([" + "-1, " * 15_000 + "1])",
    "prose": '"""' + "It is a long story. " * 3_000 + '"""',
    "a long sum": "y = " + "x + " * 1_000 + "x",
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_is_never_parsed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def tree(text: str) -> list[ast.stmt]:
        parsed.append(text)
        return ast.parse(text).body

    monkeypatch.setattr(syntax, "_tree", tree)
    with pytest.raises(engine.EngineError) as caught:
        engine.prepare(f"x = [1.0, 2]\n{LONG[name]}\n")
    assert caught.value.code == "syntax.long"
    assert int(caught.value.params["asked"]) > int(caught.value.params["allowed"])
    assert max(map(len, parsed)) < 100


@pytest.mark.parametrize("name", DATA)
def test_data_and_prose_may_be_as_long_as_the_source(name: str) -> None:
    check_length(DATA[name], PLACE)


def test_a_sign_of_an_exponent_is_no_operator() -> None:
    assert operators_in("1e-3, 2.5E+4, -7, .5") == 0
    assert operators_in("a - b * c[0].T") == 4


def test_depth_is_that_of_brackets_inside_one_another() -> None:
    assert depth_of("([{}])()") == 3
    assert depth_of(")]") == 0


def test_the_error_names_the_limit_and_what_was_asked() -> None:
    with pytest.raises(SourceError) as caught:
        check_length("x + " * 4_000 + "x", PLACE)
    assert caught.value.detail.startswith("This has 8001 parts;")
    assert "6000" in caught.value.detail
