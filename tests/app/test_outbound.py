"""The server asks nobody: with every way out closed, the whole API still answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.serving import started

pytestmark = pytest.mark.slow

GUARD = """
import socket, sys, traceback
def audit(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        inside = event == "socket.connect" and isinstance(arguments[1], (str, bytes))
        if not inside:
            print("OUTBOUND", event, arguments, file=sys.stderr, flush=True)
            traceback.print_stack()
            raise PermissionError("the way out is closed")
    if event in ("os.system", "webbrowser.open", "urllib.Request"):
        print("OUTBOUND", event, arguments, file=sys.stderr, flush=True)
sys.addaudithook(audit)
"""
"""Runs first in every Python process of the server; workers talk through local sockets, which have
a path for an address."""


@pytest.fixture
def closed_in(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server that cannot reach anybody, and its log."""
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    log = tmp_path / "log"
    with log.open("w") as errors, started(errors=errors, PYTHONPATH=str(tmp_path)) as (found, _):
        yield found, log


def test_the_guard_closes_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    out = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    tried = subprocess.run(
        [sys.executable, "-c", out], env=environment, capture_output=True, text=True, check=False
    )
    assert "OUTBOUND" in tried.stderr
    assert "the way out is closed" in tried.stderr


def ask(address: str, body: bytes | None = None) -> int:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            response.read()
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def example_of(operation: dict[str, Any]) -> Any:
    media = operation["requestBody"]["content"]["application/json"]
    if "example" in media:
        return media["example"]
    return next(iter(media["examples"].values()))["value"]


def test_the_whole_api_answers_with_every_way_out_closed(closed_in: tuple[str, Path]) -> None:
    address, log = closed_in
    with urllib.request.urlopen(f"{address}/openapi.json", timeout=20) as response:
        paths = json.load(response)["paths"]
    asked = 0
    for path, operations in paths.items():
        url = address + re.sub(r"\{[^}]+\}", "sigmoid", path)
        for method, operation in operations.items():
            body = json.dumps(example_of(operation)).encode() if method == "post" else None
            assert ask(url, body) < 500
            asked += 1
    long = json.dumps({"source": "# x\n" * 300 + "x = 2\ny = x * x"}).encode()
    assert ask(f"{address}/api/v1/trace", long) == 200
    for path in ("/", "/lab", "/docs", "/healthz", "/readyz", "/metrics", "/locale/en.json"):
        assert ask(address + path) == 200
    for value in ("http://192.0.2.1/x", "//evil.example", "file:///etc/passwd"):
        assert ask(f"{address}/api/v1/graph", json.dumps({"source": value}).encode()) == 422
    assert asked >= 5
    assert "OUTBOUND" not in log.read_text()
