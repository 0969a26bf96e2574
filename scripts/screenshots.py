"""Take the pictures of docs/screenshots: both main examples, light and dark, in both languages;
four at projector size; a lesson of the page of snippets.

python scripts/screenshots.py [NAME ...]     all of them, or those whose name contains a NAME
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"

# Steps at which much can be seen: the ledger of u2 half filled; a Kronecker Jacobian's term.
STEPS = {"worked-example": 16, "two-layer-network": 33}
LECTURE = {"worked-example": 14, "two-layer-network": 33, "attention-head": 45, "lstm": 120}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pictures() -> Iterator[tuple[str, dict[str, str | int], tuple[int, int]]]:
    """The name of every picture, the address it shows, and the size of its window."""
    for (example, step), theme, lang in product(STEPS.items(), ("light", "dark"), ("en", "zh-CN")):
        query: dict[str, str | int] = {
            "example": example,
            "step": step,
            "theme": theme,
            "lang": lang,
        }
        yield f"{example}-{theme}-{lang}", query, (1440, 900)
    for example, step in LECTURE.items():
        query = {"example": example, "step": step, "mode": "lecture", "theme": "light"}
        yield f"{example}-lecture", query, (1920, 1080)
    for theme, lang in (("light", "en"), ("dark", "zh-CN")):
        query = {"lesson": "gradient", "step": 7, "theme": theme, "lang": lang}
        yield f"autograd-{theme}-{lang}", query, (1440, 900)


@contextmanager
def server() -> Iterator[str]:
    """A server of our own; gives its address."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"https?://\S+", process.stdout.readline())
            assert address is not None, "the server printed no address"
            yield address[0].rstrip("/")
        finally:
            process.terminate()


def take(browser: Browser, address: str, file: Path, size: tuple[int, int]) -> None:
    """One picture, once nothing moves any more."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(200)
    page.screenshot(path=file)
    context.close()


def main(wanted: list[str]) -> None:
    """Take all pictures, or those whose name contains a word that was given."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("BACKPROP_LAB_BROWSER") or shutil.which("chromium")
    with server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name, query, size in pictures():
            if not wanted or any(word in name for word in wanted):
                file = FOLDER / f"{name}.png"
                page = "autograd" if "lesson" in query else "lab"
                take(browser, f"{base}/{page}?{urlencode(query)}", file, size)
                print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} kB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
