"""Figures of one server for Prometheus: counted as requests pass, read at /metrics.

With several web processes (`PROMETHEUS_MULTIPROC_DIR` is set by `backprop-lab serve`) the figures
are those of all of them; then there are none about the process itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

__all__ = ["CONTENT_TYPE", "SHARED_FOLDER", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_PREFIX = "backprop_lab_"


class Metrics:
    """The figures of one application.

    health: the evaluator's own, by name.
    """

    def __init__(self, health: Callable[[], Mapping[str, float]]) -> None:
        self._shared = SHARED_FOLDER in os.environ
        self._registry = CollectorRegistry()
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
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
        self._health = health
        self._evaluator: dict[str, Gauge] = {}
        if not self._shared:
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
        key = (route, method, status)
        known = self._known.get(key)
        if known is None:
            count = self._requests.labels(route, method, str(status))
            known = self._known[key] = (count, self._seconds.labels(route, method))
        known[0].inc()
        known[1].observe(seconds)
        self._bytes.inc(size)
        if events:
            self._events.inc(events)
        if self._shared:
            self._look()  # whoever asks may ask another process

    def refused(self, code: str) -> None:
        """A request, or a connection, was answered by a problem."""
        self._problems.labels(code).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' format."""
        self._look()
        if not self._shared:
            return generate_latest(self._registry)
        _forget_dead(Path(os.environ[SHARED_FOLDER]))
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)

    def _look(self) -> None:
        """Take over the evaluator's figures."""
        for name, value in self._health().items():
            if name not in self._evaluator:
                text = "What the evaluator says of itself."
                self._evaluator[name] = self._gauge(f"evaluator_{name}", text)
            self._evaluator[name].set(value)


def _forget_dead(folder: Path) -> None:
    """Leave out the gauges of web processes that are gone."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
        except PermissionError:
            pass  # it lives, as another user
