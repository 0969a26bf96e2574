"""Ops with settings that few programs use: class weights, rows that are left out, places."""

from __future__ import annotations

from typing import Any

from tests.engine.parity.lines import X, add

__all__ = ["fill"]


def fill() -> None:
    """Record every call of this file."""
    _weighed()
    _left_out()
    add("round", lambda T, x: T.round(x * 3, decimals=1), X, tag="to a place")


def _weighed() -> None:
    scales = [0.5, 2.0, 1.25]
    ways: tuple[dict[str, Any], ...] = (
        {"reduction": "mean"},
        {"reduction": "sum", "ignore_index": 0},
        {"reduction": "none", "ignore_index": 2},
        {"ignore_index": 0},
    )
    for number, way in enumerate(ways):
        for name in ("cross_entropy", "nll_loss"):

            def call(T: Any, x: Any, name: str = name, way: Any = way) -> Any:
                scale = T.tensor(scales, dtype=T.float64)
                return getattr(T, name)(x, T.tensor([2, 0]), scale, **way)

            add(name, call, X, tag=f"weighed {number}")


def _left_out() -> None:
    scales, likely = [0.5, 2.0, 1.25], [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]]

    def smoothed(T: Any, x: Any) -> Any:
        scale = T.tensor(scales, dtype=T.float64)
        ways = {"ignore_index": 0, "label_smoothing": 0.3}
        return T.cross_entropy(x, T.tensor([2, 0]), scale, **ways)

    def probable(T: Any, x: Any) -> Any:
        scale, target = (T.tensor(each, dtype=T.float64) for each in (scales, likely))
        return T.cross_entropy(x, target, scale, label_smoothing=0.3)

    def left_out(T: Any, x: Any) -> Any:
        return T.cross_entropy(x, T.tensor([2, -100]), ignore_index=-100)

    add("cross_entropy", smoothed, X, tag="weighed and smoothed")
    add("cross_entropy", probable, X, tag="weighed probabilities")
    add("cross_entropy", left_out, X, tag="a row left out")
