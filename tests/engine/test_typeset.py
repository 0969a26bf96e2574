r"""Names and numbers in TeX, and TeX as text: brackets, transposes, signs."""

from __future__ import annotations

import math

import pytest

from engine.formulas import typeset
from engine.formulas.typeset import (
    bracketed,
    is_negation,
    loose,
    number,
    symbol,
    turned,
    written_out,
)


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("x", "x"),
        ("u1", "u_{1}"),
        ("W12", "W_{12}"),
        ("x_hat", r"x_{\mathrm{hat}}"),
        ("w_1_2", "w_{1,2}"),
        ("ỹ", r"\tilde{y}"),
        ("ŷ2", r"\hat{y}_{2}"),
        ("alpha", r"\alpha"),
        ("σ", "σ"),
        ("loss", r"\mathrm{loss}"),
        ("dW1", r"\mathrm{dW}_{1}"),
        ("h@2", "h^{(2)}"),
        ("h3@2", "h_{3}^{(2)}"),
        ("z1.2", r"z_{1}{\scriptstyle .2}"),
        ("损失", r"\text{损失}"),
    ],
)
def test_a_name_is_typeset_as_it_would_be_written(name: str, tex: str) -> None:
    assert symbol(name) == tex


@pytest.mark.parametrize(
    ("value", "tex"),
    [
        (2.0, "2"),
        (-0.5, "-0.5"),
        (1e-7, "10^{-7}"),
        (2.5e20, r"2.5 \cdot 10^{20}"),
        (1 / 3, r"\frac{1}{3}"),
        (-2 / 3, r"-\frac{2}{3}"),
        (1 / 784, r"\frac{1}{784}"),
        (0.044715, "0.044715"),
        (1.0507009873554805, "1.0507009873554805"),
        (math.pi, r"\pi"),
        (math.inf, r"\infty"),
        (-math.inf, r"-\infty"),
        (math.nan, r"\mathrm{NaN}"),
    ],
)
def test_a_number_is_written_as_by_hand(value: float, tex: str) -> None:
    assert number(value) == tex


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (("x", 9), "{x}^T"),
        (("{x}^T", 4), "x"),
        (("a + b", 1), r"{\left(a + b\right)}^T"),
        ((r"{\left(a + b\right)}^T", 4), "a + b"),
        ((r"{a}^T \, {b}^T", 2), r"{\left({a}^T \, {b}^T\right)}^T"),
        ((r"{\left(a\right) \, \left(b\right)}^T", 4), r"\left(a\right) \, \left(b\right)"),
    ],
)
def test_transposing_twice_gives_back_what_was_there(tex: tuple[str, int], expected: str) -> None:
    assert turned(tex)[0] == expected


def test_a_sum_that_begins_with_a_minus_is_no_negation() -> None:
    assert is_negation("-x")
    assert is_negation(r"-\left(a + b\right)")
    assert not is_negation("-x + y")
    assert not is_negation("x")


def test_what_binds_loosely_is_put_in_brackets() -> None:
    assert bracketed(("a + b", 1), 2) == r"\left(a + b\right)"
    assert bracketed(("a + b", 1), 1) == "a + b"


def test_how_strongly_tex_binds_is_read_from_what_is_outside_all_brackets() -> None:
    assert loose(r"I \otimes x") == loose("a - b") == 1
    assert loose(r"a \, b") == 2
    assert loose(r"\operatorname{f}\left(a + b\right)") == loose(r"\frac{a + b}{c}") == 9


def test_what_is_kept_of_names_is_bounded() -> None:
    for i in range(6_000):
        assert symbol(f"bounded{i}") == f"\\mathrm{{bounded}}_{{{i}}}"
    kept = typeset._remembered.cache_info()
    assert kept.currsize <= 4096
    assert symbol("a" * 200) == r"\mathrm{" + "a" * 200 + "}"
    assert typeset._remembered.cache_info().misses == kept.misses


def test_small_tensors_are_written_out() -> None:
    assert written_out([1.0, 0.5]) == r"\left(1,\, 0.5\right)"
    assert written_out([[1.0, 2.0], [3.0, 4.0]]) == (
        r"\left(\begin{smallmatrix} 1 & 2 \\ 3 & 4 \end{smallmatrix}\right)"
    )
    assert written_out([1.0] * 5) is written_out([[[1.0]]]) is written_out(2.0) is None
    assert written_out([]) is None
