"""Alive and ready are two things."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient


def test_a_server_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/readyz").headers["cache-control"] == "no-store"


def test_a_server_that_stops_is_alive_and_not_ready(client: TestClient, app: Any) -> None:
    app.state.stopping.set()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["code"]) == (503, "server.stopping")
    assert response.headers["retry-after"]
    assert client.get("/healthz").status_code == 200


def test_a_server_whose_engine_is_not_ready_says_so(
    client: TestClient, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.evaluator, "health", lambda: {"ready": 0})
    assert client.get("/readyz").status_code == 503


def test_the_figures_are_in_prometheus_format(client: TestClient) -> None:
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    assert "# TYPE backprop_lab_requests_total counter" in response.text
