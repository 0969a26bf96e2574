"""Source text → statements with places."""

from __future__ import annotations

import ast
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.errors import LimitError, SourceError, Span
from engine.language.outline import statements
from engine.language.parse import parse


def test_reading_takes_time_in_proportion_to_the_text() -> None:
    started = time.process_time()
    with pytest.raises(LimitError):
        parse("a = 1\nb = stack([" + "1, " * 20_000 + "a])")
    assert time.process_time() - started < 10


def test_places_count_code_points_behind_letters_of_several_bytes() -> None:
    (statement,) = statements("é = (σ,\n ỹỹ + zz)")
    assert isinstance(statement.tree, ast.Assign)
    assert isinstance(statement.tree.value, ast.Tuple)
    total = statement.tree.value.elts[1]
    assert statement.span(total) == Span(2, 2, 2, 9)
    assert statement.segment(total) == "ỹỹ + zz"


def test_a_segment_over_many_lines_is_put_on_one_and_cut() -> None:
    (statement,) = statements("a = [1,\n" + "2,\n" * 500 + "3]")
    text = statement.segment(statement.tree)
    assert text.startswith("a = [1, 2, 2,")
    assert len(text) == 60


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_end_of_a_line_counts(end: str) -> None:
    graph = parse(f"a = 1{end}b = [{end}1,{end}\f2]{end}c = a").graph
    assert [node.name for node in graph] == ["a", "b", "c"]
    assert [node.span.line for node in graph if node.span] == [1, 2, 5]


def test_an_error_behind_a_bare_carriage_return_has_its_place() -> None:
    with pytest.raises(SourceError) as error:
        parse("a = (1,\r2,\r'x')")
    assert error.value.span == Span(3, 1, 3, 4)


@pytest.mark.parametrize("text", ["ij->ji#", "ij->ji)", "(ij->ji"])
def test_comments_and_brackets_in_strings_are_text(text: str) -> None:
    assert dict(parse(f"a = [[1]]\nb = einsum('{text}', a)  # it's (one)").graph[2].attrs) == {
        "subscripts": text
    }


def test_a_parser_that_loses_count_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = ast.parse, []

    def broken(text: str) -> Any:
        calls.append(text)
        if len(calls) == 1:
            raise SystemError("AST constructor recursion depth mismatch")
        return real(text)

    monkeypatch.setattr(ast, "parse", broken)
    assert len(list(statements("a = 1"))) == 1
    assert len(calls) == 2


def test_programs_are_read_in_several_threads() -> None:
    source = "a = 1\nb = " + "(" * 50 + "a" + ")" * 50 + " + a" * 200
    with ThreadPoolExecutor(8) as pool:
        assert len({len(found.graph) for found in pool.map(parse, [source] * 64)}) == 1
