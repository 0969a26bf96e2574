"""Find a Chromium for the browser tests, install one where there is none, and tell its path.

    python scripts/ensure_browser.py              print the path
    python scripts/ensure_browser.py COMMAND …    run it with BACKPROP_LAB_BROWSER set to the path

The order: $BACKPROP_LAB_BROWSER, then PATH, then Playwright's own. Where none is found: Debian's
package when we are root there, else Playwright's download. The browser tests are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import bootstrap

VARIABLE = "BACKPROP_LAB_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HELP = (
    f"No Chromium was found and none could be installed. Install Chromium or Chrome, "
    f"or name one so: {VARIABLE}=/path/to/chromium make test"
)


class BrowserMissing(Exception):
    """No browser, and no way to get one; the text says what to do."""


def find_browser() -> str | None:
    """The path of a browser that is here already."""
    named = os.environ.get(VARIABLE)
    if named:
        if shutil.which(named) is None:
            raise BrowserMissing(f"{VARIABLE} is {named!r}, which is no program.")
        return named
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or playwright_browser()


def playwright_browser() -> str | None:
    """The path of the browser that Playwright downloaded, if it did."""
    from playwright.sync_api import sync_playwright  # dev dependency, not there during set-up

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def ensure_browser() -> str:
    """The path of a browser, installed now if need be."""
    found = find_browser()
    if found is None:
        install_browser()
        found = find_browser()
    if found is None:
        raise BrowserMissing(HELP)
    return found


def install_browser() -> None:
    """Debian's Chromium and a Chinese font where we may, else Playwright's download."""
    if bootstrap.may_use_apt():
        bootstrap.apt_install("chromium", "fonts-noto-cjk")
        return
    print("Installing Chromium by Playwright …", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, check=False).returncode:
        raise BrowserMissing(HELP)


def main(command: list[str]) -> int:
    """Print the path, or run the command with the path in its environment."""
    try:
        path = ensure_browser()
    except (BrowserMissing, bootstrap.SetupError) as error:
        print(f"browser: {error}", file=sys.stderr)
        return 1
    print(f"Browser: {path}" if command else path, flush=True)
    if not command:
        return 0
    return subprocess.run(command, env={**os.environ, VARIABLE: path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
