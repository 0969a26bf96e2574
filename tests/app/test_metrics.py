"""Figures of one web process, or of all of them together."""

from __future__ import annotations

import os
import time
import urllib.request
from collections.abc import Iterator

import pytest

from app.watch.metrics import Metrics
from tests.app.serving import started


def test_the_evaluator_s_figures_are_those_of_now() -> None:
    figures = {"busy": 1}
    metrics = Metrics(lambda: figures)
    assert b"backprop_lab_evaluator_busy 1.0" in metrics.text()
    figures["busy"] = 3
    figures["waiting"] = 2
    assert b"backprop_lab_evaluator_busy 3.0" in metrics.text()
    assert b"backprop_lab_evaluator_waiting 2.0" in metrics.text()


def test_two_applications_count_apart() -> None:
    one, other = Metrics(dict), Metrics(dict)
    one.refused("request.json")
    assert b"request.json" in one.text()
    assert b"request.json" not in other.text()


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a server of two web processes."""
    with started("--workers", "2") as (found, _):
        yield found


def read(url: str) -> str:
    for _ in range(100):  # both may still be starting
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return str(response.read().decode())
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="several web processes need signals")
def test_several_web_processes_are_counted_together(address: str) -> None:
    pages = 40
    for _ in range(pages):
        read(f"{address}/locale/en.json")
    line = 'backprop_lab_requests_total{method="GET",route="/locale/{language}.json",status="200"}'
    told = [read(f"{address}/metrics").partition(f"{line} ")[2].split("\n")[0] for _ in range(5)]
    assert len(set(told)) == 1
    assert float(told[0]) >= pages  # more, if one had to be asked for again
    assert "backprop_lab_evaluator_ready" in read(f"{address}/metrics")
