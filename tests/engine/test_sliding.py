"""The three products of a convolution are the same when windows are copied part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.ops import sliding
from engine.ops.sliding import Sliding

RNG = np.random.default_rng(0)
X, Y, W = (RNG.normal(size=size) for size in ((2, 4, 9, 7), (2, 6, 5, 4), (6, 2, 3, 3)))
SLIDE = Sliding.over("conv2d", (9, 7), (3, 3), {"stride": 2, "padding": 1}, groups=2)
PRODUCTS: dict[str, Callable[[], Any]] = {
    "convolve": lambda: SLIDE.convolve(np, X, W),
    "spread": lambda: SLIDE.spread(np, Y, W),
    "correlate": lambda: SLIDE.correlate(np, X, Y),
    "convolve, a stack": lambda: SLIDE.convolve(np, np.stack([X] * 3), W),
    "spread, a stack": lambda: SLIDE.spread(np, np.stack([Y] * 30), W),
    "spread, a stack of weights": lambda: SLIDE.spread(np, Y, np.stack([W] * 3)),
    "correlate, a stack": lambda: SLIDE.correlate(np, np.stack([X] * 3), Y),
}


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("at_once", [1, 500, 2_000])
def test_parts_make_up_the_whole(name: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PRODUCTS[name]()
    monkeypatch.setattr(sliding, "_AT_ONCE", at_once)
    np.testing.assert_allclose(PRODUCTS[name](), whole, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", PRODUCTS)
def test_no_more_windows_are_copied_at_once_than_are_allowed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[int] = []
    product = sliding.product

    def watched(xp: Any, first: Any, *rest: Any) -> Any:
        copied.append(first.size)
        return product(xp, first, *rest)

    monkeypatch.setattr(sliding, "_AT_ONCE", 7_000)
    monkeypatch.setattr(sliding, "product", watched)
    PRODUCTS[name]()
    assert max(copied) <= 7_000
