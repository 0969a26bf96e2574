"""The checks find wrong derivatives, name the entry, and let kinks be."""

from __future__ import annotations

import pytest

from engine import eager
from engine.eager import Tensor, gradcheck, gradgradcheck, tensor
from engine.eager.apply import edge_of
from engine.eager.node import Custom


def wrong_square(x: Tensor) -> Tensor:
    """x², whose recorded derivative is wrong in the last entry by one part in a million."""
    kept = x.detach()
    out = (kept * kept).detach()
    if x.requires_grad:
        off = tensor([1.0, 1.0, 1.000001])
        out._node = Custom("WrongBackward0", (edge_of(x),), lambda g: [g * 2 * kept * off])
    return out


def test_analytic_functions_are_held_to_the_complex_step() -> None:
    report = gradcheck(lambda a, b: (a * b).exp() / (1 + b * b), [tensor([0.5, 1.5]), tensor(0.3)])
    assert report
    assert report.measures == ("adjoint identity", "complex step")


def test_other_functions_are_held_to_differences() -> None:
    report = gradcheck(lambda a: a.abs().sum() * a.sigmoid(), tensor([0.5, -1.5]))
    assert report.measures == ("adjoint identity", "central differences")


def test_an_error_of_one_part_in_a_million_is_found_and_placed() -> None:
    report = gradcheck(wrong_square, tensor([1.0, 2.0, 3.0]), raise_exception=False)
    assert not report
    assert {(each.input, each.entry) for each in report.failures} == {(0, 2)}
    with pytest.raises(RuntimeError, match="input 0, entry 2: backward gives"):
        gradcheck(wrong_square, tensor([1.0, 2.0, 3.0]))


def test_a_kink_is_told_and_not_compared() -> None:
    report = gradcheck(lambda a, b: a.relu() * b, [tensor([0.0, 1.0]), tensor([2.0, 3.0])])
    assert report.kinks == (0,)
    assert report


def test_a_steep_function_is_not_taken_for_a_kink() -> None:
    assert gradcheck(lambda a: (a * 50).sigmoid(), tensor([0.01, -0.02])).kinks == ()


def test_second_derivatives_are_checked_too() -> None:
    assert gradgradcheck(lambda a, b: (a * b).exp() * a, [tensor([0.5, 1.5]), tensor([0.3, 0.2])])


@pytest.mark.parametrize("name", ["exp", "sigmoid", "sqrt", "softmax", "logsumexp", "prod", "std"])
def test_ops_pass(name: str) -> None:
    assert gradcheck(getattr(eager, name), tensor([[0.5, 1.25], [2.0, 0.75]]))
