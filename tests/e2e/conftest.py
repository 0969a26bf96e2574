"""The real server on a free port, a real Chromium, and a laboratory that must stay clean."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]

# Chromium must not talk to anyone: a request that leaves the origin is a failure, not an update.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Which browser: the one `scripts/ensure_browser.py` found, or one on the PATH."""
    found = os.environ.get("BACKPROP_LAB_BROWSER") or shutil.which("chromium")
    return {"args": ARGUMENTS, **({"executable_path": found} if found else {})}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """One window size and language; motion is reduced, so that a picture is still at once."""
    return {
        "viewport": {"width": 1440, "height": 900},
        "locale": "en-GB",
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The address of a server that was started for these tests."""
    subprocess.run([sys.executable, "scripts/frontend.py", "build"], cwd=ROOT, check=True)
    with serving({}) as address:
        yield address


@contextmanager
def serving(settings: dict[str, str]) -> Iterator[str]:
    """A server with settings of its own; gives its address."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    told = {**os.environ, **settings}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=told) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"https?://\S+", server.stdout.readline())
            assert address is not None, "the server printed no address"
            yield address[0].rstrip("/")
        finally:
            server.terminate()
            server.wait(timeout=10)


@pytest.fixture
def messages(page: Page) -> list[str]:
    """What the console and uncaught errors said; empty for a healthy page."""
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"uncaught: {error}"))
    return said


@pytest.fixture
def strangers(context: BrowserContext, base_url: str) -> list[str]:
    """Requests to any other origin."""
    seen: list[str] = []

    def watch(request: Any) -> None:
        if not request.url.startswith((base_url, "data:", "blob:")):
            seen.append(request.url)

    context.on("request", watch)
    return seen


@pytest.fixture
def lab(
    page: Page, base_url: str, messages: list[str], strangers: list[str]
) -> Iterator[Callable[[str], Page]]:
    """Opens /lab at an address; at the end the console must be silent and nobody else asked."""

    def visit(address: str = "/lab") -> Page:
        page.goto(base_url + address)
        wait_until_ready(page)
        return page

    yield visit
    assert messages == []
    assert strangers == []


def wait_until_ready(page: Page) -> None:
    """Wait until the picture of the current trace is drawn and what is loaded later is there."""
    page.wait_for_selector("html[data-ready=true]", timeout=10_000)
    page.wait_for_selector("html:not([data-inspector=loading])", timeout=10_000)
    page.evaluate("document.fonts.ready")
