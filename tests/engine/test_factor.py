r"""Matrices in symbols, multiplied and added."""

from __future__ import annotations

from engine.formulas.factor import Factor, stated

W, X = stated("W"), stated(r"x^T")


def test_numbers_and_scalars_come_first_and_identities_vanish() -> None:
    product = Factor(2.0, (("s", 9),)).times(W).times(Factor(0.5)).times(stated("I")).times(X)
    assert product.tex(matrix=True) == r"s \cdot W \, x^T"


def test_a_sum_inside_a_product_is_bracketed() -> None:
    total = W.plus(X, matrix=True)
    assert W.times(total).tex(matrix=True) == r"W \, \left(W + x^T\right)"


def test_equal_paths_are_counted() -> None:
    assert W.plus(W, matrix=True).tex(matrix=True) == r"2 \cdot W"


def test_a_path_on_which_nothing_flows_adds_nothing() -> None:
    assert W.plus(stated("0"), matrix=True) == W
    assert stated("0").times(W).tex(matrix=True) == "0"


def test_the_identity_of_numbers_is_one() -> None:
    assert Factor().plus(Factor(1.0, (("s", 9),)), matrix=False).tex(matrix=False) == "1 + s"
    assert Factor().plus(W, matrix=True).tex(matrix=True) == "I + W"


def test_a_minus_moves_to_the_front() -> None:
    assert stated(r"-a \otimes b").tex(matrix=True) == r"-\left(a \otimes b\right)"
    assert W.plus(stated("-x"), matrix=True).tex(matrix=True) == "W - x"
