"""The settings of the process."""

from __future__ import annotations

import gc
import sys

import pytest

from engine.tuning import tune


@pytest.fixture(autouse=True)
def restored() -> object:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_collection_is_made_rarer() -> None:
    tune()
    assert gc.get_threshold() == (50_000, 20, 100)


def test_another_platform_goes_without_mallopt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    tune()
    assert gc.get_threshold()[0] == 50_000
