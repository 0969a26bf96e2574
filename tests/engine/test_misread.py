"""What Python's parser refuses is explained in words of our own."""

from __future__ import annotations

import pytest

from engine.language.parse import parse, parse_partial


@pytest.mark.parametrize(
    ("source", "code", "marked", "told"),
    [
        (">>> x = 1", "syntax.prompt", ">>>", ">>>"),
        ("In [1]: import numpy as np", "syntax.prompt", "In [1]:", "In [1]:"),
        ("In [2]: x = 2", "syntax.prompt", "In [2]", "In [2]"),
        ("%matplotlib inline", "syntax.prompt", "%", "%"),
        ("!pip install torch", "syntax.prompt", "!", "!"),
        ("```python\nx = 2\n```", "syntax.prompt", "```python", "```python"),
        ("y = （1 + 2)", "syntax.bracket", ")", ")"),
        ("y = （1 + 2）* 2", "syntax.character", "（", "`(`"),
        ("y = 3 − 1", "syntax.character", "−", "`-`"),
        ("y = 3 × 2", "syntax.character", "×", "`*`"),
        ("y = √2", "syntax.character", "√", "`sqrt(x)`"),
        ("x² = 3", "syntax.character", "²", "`**2`"),
        ("θ₁ = 2", "syntax.character", "₁", "`1`"),
        ("s = f(‘ij’)", "syntax.character", "‘", "`'`"),
        ("y = 2 ≤ 3", "syntax.character", "≤", "`<=`"),
        ("y = 2\u200b", "syntax.stray", "\u200b", "U+200B"),
        ("x = \x00", "syntax.stray", None, "U+0000"),
        ("x = \ud800", "syntax.stray", None, "U+D800"),
        ("y = 2x + 1", "syntax.factors", "2", "`2 * x`"),
        ("y = 2π", "syntax.factors", "π", "`2 * x`"),
        ("f(x) = x**2", "syntax.target", "f(x)", "def f(x):"),
        ("x + 2 = y", "syntax.target", "x + 2", "x + 2"),
        ("lambda = 0.1", "syntax.word", "=", "`lambda_`"),
        ("in = 2", "syntax.word", "in", "`in_`"),
        ("True = 3", "syntax.word", "True", "`True_`"),
        ("y = 'abc", "syntax.quote", "'", "x.T"),
        ("for i in range(3)\n    x = i", "syntax.colon", None, "`:`"),
        ("y = 3 if True", "syntax.choice", "3 if True", "else b"),
        ("y = sin x", "syntax.invalid", "x", "operator"),
    ],
)
def test_a_line_that_cannot_be_read_says_where_and_what_to_write(
    source: str, code: str, marked: str | None, told: str
) -> None:
    error = parse_partial(source, 20_000)[1][0]
    assert error.code == code
    assert told in f"{error.detail} {error.hint}"
    assert error.span is not None
    if marked is not None:
        row = source.split("\n")[error.span.line - 1]
        assert row[error.span.column - 1 : error.span.end_column - 1] == marked


def test_blanks_of_web_pages_are_blanks() -> None:
    parsed = parse("\ufeffx\u00a0= 2.0\ny\u3000= x\u2009* 3")
    assert [node.name for node in parsed.graph if "." not in node.name] == ["x", "y"]
