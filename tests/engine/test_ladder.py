"""What a ladder of steps says of a slope."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.probes.differences import LADDER, Difference
from engine.probes.ladder import Try, Verdict, judge


def difference(f: Callable[[float], float], x: float, step: float) -> Difference:
    top, here, bottom = f(x + step), f(x), f(x - step)
    noise = 16 * np.finfo(float).eps * abs(here) / (2 * step)
    slopes = ((top - bottom) / (2 * step), (top - here) / step, (here - bottom) / step)
    return Difference(step, *(np.array([each]) for each in (*slopes, noise)))


def verdict(f: Callable[[float], float], x: float, analytic: float) -> Verdict:
    with np.errstate(all="ignore"):
        ladder = [difference(f, x, step) for step in LADDER]
        tried = Try(np.ones(1), 6e-6, np.array([analytic]), 0, difference(f, x, 6e-6))
        return judge(tried, ladder, 0, 1e-6, max(tried.scale(), abs(analytic)))[0]


def test_a_right_slope_is_ok() -> None:
    assert verdict(np.sin, 0.3, np.cos(0.3)) == "ok"


def test_a_slope_that_is_wrong_by_a_thousandth_is_off() -> None:
    assert verdict(np.sin, 0.3, 1.001 * np.cos(0.3)) == "off"


def test_sides_that_stay_apart_are_a_kink() -> None:
    assert verdict(abs, 0.0, 0.0) == "kink"


def test_a_sharp_bend_is_no_kink() -> None:
    assert verdict(lambda x: float(np.sqrt(x * x + 1e-4)), 0.0, 0.0) == "ok"


def test_a_jump_is_a_kink() -> None:
    assert verdict(lambda x: x + (x > 0), 0.0, 1.0) == "kink"


def test_the_edge_of_a_domain_is_a_kink() -> None:
    assert verdict(np.sqrt, 0.0, np.inf) == "kink"


def test_a_function_that_is_nowhere_a_number_is_undefined() -> None:
    assert verdict(np.log, -1.0, -1.0) == "undefined"


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_slope_that_is_not_finite_is_off_where_the_function_is_smooth(wrong: float) -> None:
    assert verdict(np.sin, 0.3, wrong) == "off"


def test_a_fast_function_needs_a_smaller_step() -> None:
    assert verdict(lambda x: float(np.sin(1e6 * x)), 0.3e-6, 1e6 * np.cos(0.3)) == "ok"


def test_equal_infinities_are_no_error_and_one_of_them_is() -> None:
    ends = Difference(1e-6, *(np.array([np.inf, 1.0]) for _ in range(3)), np.zeros(2))
    tried = Try(np.ones(1), 1e-6, np.array([np.inf, np.nan]), 0, ends)
    with np.errstate(invalid="ignore"):
        assert tried.errors().tolist() == [0.0, np.inf]
