"""When two graphs are the same."""

from __future__ import annotations

import numpy as np

from engine.forms.equal import alike
from engine.language.parse import Parsed, parse


def test_different_graphs_are_not_alike() -> None:
    first = parse("x = 1\ny = x * 2")
    for other in ("x = 1\ny = x * 3", "x = 1\nz = x * 2", "x = const(1)\ny = x * 2"):
        assert not alike(first, parse(other))
    assert not alike(first, parse("x = 1\ny = x * 2  # note"))


def test_nan_is_nan_however_it_is_stored_but_zeros_have_signs() -> None:
    graph = parse("x = 0").graph
    first, second = Parsed(graph, {1: np.asarray(np.nan)}), Parsed(graph, {1: np.asarray(-np.nan)})
    assert alike(first, second)
    assert not alike(Parsed(graph, {1: np.asarray(0.0)}), Parsed(graph, {1: np.asarray(-0.0)}))
