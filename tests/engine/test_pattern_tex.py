r"""Kronecker products, direct sums and deltas, read off the labels of a pattern."""

from __future__ import annotations

import pytest

from engine.formulas.pattern_tex import by_entries, mapping, product_of, row_of
from engine.jacobians.pattern import Pattern

SIZES = {0: 2, 1: 3, 2: 4}
ONE, ROW = r"\mathbf{1}", r"\mathbf{1}^T"


@pytest.mark.parametrize(
    ("out", "in_", "tex"),
    [
        ((0, 1), (0, 1), "I"),
        ((0, 1), (1,), rf"{ONE} \otimes I"),
        ((1,), (0, 1, 2), rf"{ROW} \otimes I \otimes {ROW}"),
        ((), (0, 1), ROW),
        ((0, 1), (), ONE),
        ((0, 1), (1, 0), "K"),
        ((0, 1), (1, 2, 0), r"\left(\delta_{jj'} \, \delta_{ii'}\right)_{ij,\, j'ki'}"),
    ],
)
def test_what_copies_and_sums_is_a_product_of_identities_and_ones(
    out: tuple[int, ...], in_: tuple[int, ...], tex: str
) -> None:
    assert mapping(Pattern.of(out, in_, None, SIZES)).tex(matrix=True) == tex


@pytest.mark.parametrize(
    ("out", "in_", "value", "tex"),
    [
        ((0,), (1,), (0, 1), "W"),
        ((0,), (1,), (1, 0), "{W}^T"),
        ((0, 1), (2, 1), (0, 2), r"W \otimes I"),
        ((0, 1), (0, 2), (1, 2), r"I \otimes W"),
        ((0, 1), (0, 2), (0, 1, 2), r"\bigoplus_{i} W_{i}"),
        ((), (0, 1), (0, 1), r"{\operatorname{vec}\left(W\right)}^T"),
        ((0, 1), (1, 2), (0, 2), r"\left(\delta_{jj'} \, W_{ik}\right)_{ij,\, j'k}"),
    ],
)
def test_the_other_operand_stands_in_the_middle(
    out: tuple[int, ...], in_: tuple[int, ...], value: tuple[int, ...], tex: str
) -> None:
    pattern = Pattern.of(out, in_, value, SIZES)
    number = {label: place for place, label in enumerate(dict.fromkeys((*out, *in_)))}
    labels = tuple(number[label] for label in value)
    assert product_of(pattern, ("W", 9), labels).tex(matrix=True) == tex


def test_labels_that_only_operands_have_are_summed() -> None:
    pattern = Pattern.of((0,), (1,), (0, 1), SIZES)
    factor = by_entries(pattern, [(("a", 9), (0, 2)), (("b", 9), (2, 1))])
    expected = r"\left(\textstyle\sum_{k} a_{ik} \, b_{kj}\right)_{i,\, j}"
    assert factor.tex(matrix=True) == expected


def test_merged_axes_are_summed_and_the_rest_kept() -> None:
    assert row_of((2, 3, 1, 4), (0,)) == rf"{ROW} \otimes I"
