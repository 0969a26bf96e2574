"""Figures of one server for Prometheus: counted as requests pass, read at /metrics.

With several web processes (`PROMETHEUS_MULTIPROC_DIR` is set by `backprop-lab serve`) the figures
are those of all of them; then there are none about the process itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "SHARED_FOLDER", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_PREFIX = "backprop_lab_"


class Metrics:
    """The figures of one application.

    health: the evaluator's own, by name; read when somebody asks.
    """

    def __init__(self, health: Callable[[], Mapping[str, float]]) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests.", "route", "method", "status")
        self._problems = self._counter("problems", "Requests that got a problem.", "code")
        self._events = self._counter("events", "Trace events sent.")
        self._bytes = self._counter("sent_bytes", "Bytes of all answers.")
        self._seconds = Histogram(
            _PREFIX + "request_seconds",
            "From a request's head to the end of its answer.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._open = self._gauge("open_requests", "Requests being answered.")
        self._streams = self._gauge("open_streams", "Answers that have begun and go on.")
        self._registry.register(_Evaluator(health))
        if SHARED_FOLDER not in os.environ:
            ProcessCollector(registry=self._registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(_PREFIX + name, text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        # With several processes: the sum over those that live.
        full = _PREFIX + name
        return Gauge(full, text, registry=self._registry, multiprocess_mode="livesum")

    def began(self) -> None:
        """A request came."""
        self._open.inc()

    def streams(self, change: int) -> None:
        """A stream began, or ended."""
        self._streams.inc(change)

    def ended(
        self, route: str, method: str, status: int, seconds: float, size: int, events: int
    ) -> None:
        """A request was answered, in so many bytes with so many trace events."""
        self._open.dec()
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)
        self._bytes.inc(size)
        if events:
            self._events.inc(events)

    def refused(self, code: str) -> None:
        """A request, or a connection, was answered by a problem."""
        self._problems.labels(code).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' format."""
        if SHARED_FOLDER not in os.environ:
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)


class _Evaluator(Collector):
    """The evaluator's figures, each a gauge."""

    def __init__(self, health: Callable[[], Mapping[str, float]]) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        for name, value in self._health().items():
            yield GaugeMetricFamily(f"{_PREFIX}evaluator_{name}", "Of the evaluator.", value)

    def describe(self) -> Iterator[Metric]:
        return iter(())  # named when they are read
