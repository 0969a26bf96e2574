"""The laboratory in a notebook: by itself, as a widget in JupyterLab, and as a picture."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from app.notebook import show

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "x = 2\ny = tanh(x) * x"
CELL = f"from app.notebook import show\nshow({SOURCE!r}, height=600)"
PATIENCE = 60_000


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    subprocess.run([sys.executable, "scripts/frontend.py", "build"], cwd=ROOT, check=True)


def notebook(kernel: str, outputs: list[Any]) -> str:
    cell = {
        "cell_type": "code",
        "id": "a1",
        "metadata": {},
        "execution_count": None,
        "outputs": outputs,
        "source": CELL,
    }
    known = {"name": kernel, "display_name": kernel, "language": "python"}
    whole = {"cells": [cell], "metadata": {"kernelspec": known}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole)


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """A JupyterLab of its own, with nothing of this machine's settings; gives its address."""
    places = {
        f"JUPYTER_{name}_DIR": str(folder / ".jupyter" / name)
        for name in ("CONFIG", "DATA", "RUNTIME")
    }
    places |= {"IPYTHONDIR": str(folder / ".ipython"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += ["--IdentityProvider.token=t", f"--ServerApp.root_dir={folder}"]
    log = folder / "jupyter.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **places}, stdout=out, stderr=out
        )
    try:
        end = time.monotonic() + 60
        while not (found := re.search(r"http://[\w.]+:(\d+)/lab", log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{found[1]}"
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # it waits for kernels that are slow to go
            process.kill()
            process.wait()


def end_kernels(address: str) -> None:
    with urllib.request.urlopen(f"{address}/api/sessions?token=t") as answer:
        sessions = json.load(answer)
    for session in sessions:
        url = f"{address}/api/sessions/{session['id']}?token=t"
        urllib.request.urlopen(urllib.request.Request(url, method="DELETE")).close()


def run_the_cell(page: Page, address: str) -> FrameLocator:
    page.goto(f"{address}/lab/tree/graph.ipynb?token=t")
    page.locator(".jp-StatusBar-TextItem", has_text="| Idle").wait_for(timeout=PATIENCE)
    page.locator(".jp-Notebook .jp-Cell .cm-content").click()
    page.keyboard.press("Shift+Enter")
    frame = page.frame_locator(".jp-OutputArea iframe")
    frame.locator("html[data-ready=true]").wait_for(timeout=PATIENCE)
    return frame


def test_a_saved_page_works_without_a_server(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    show(SOURCE, language="zh-CN").save(path)
    page = browser.new_page()
    errors: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.locator("html[data-ready=true]").wait_for()
    page.keyboard.press("End")
    expect(page.locator("[data-name=x]")).to_have_attribute("data-phase", "final")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.locator("html[data-inspector=ready]").wait_for()
    assert errors == []
    assert [url for url in asked if url.startswith("http")] == []
    page.close()


def test_the_widget_steps_and_asks_the_kernel(browser: Browser, tmp_path: Path) -> None:
    """And the notebook that is saved shows the picture, untrusted and with no kernel at all."""
    (tmp_path / "graph.ipynb").write_text(notebook("python3", []), "utf-8")
    with jupyterlab(tmp_path) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        frame = run_the_cell(page, address)
        assert not page.locator(".jp-OutputArea img").is_visible()
        frame.get_by_role("button", name="Step forward").click()
        expect(frame.locator("html")).to_have_attribute("data-step", "1")
        before = frame.locator("html").get_attribute("data-steps")
        frame.get_by_role("combobox", name="Output").select_option("x")
        expect(frame.locator("html")).not_to_have_attribute("data-steps", str(before))
        page.locator("[data-jp-item-name=save]").click()
        saved = read_saved(tmp_path / "graph.ipynb")
        page.close()
        end_kernels(address)
        path = tmp_path / "again.ipynb"
        path.write_text(notebook("gone", saved), "utf-8")
        check_the_picture_alone(browser, address, trusted=False)
        trust(path)
        check_the_picture_alone(browser, address, trusted=True)
    check_the_picture_in_a_page(browser, tmp_path)


def check_the_picture_alone(browser: Browser, address: str, trusted: bool) -> None:
    """A notebook that is opened without a kernel shows the picture; beside it stands at most our
    name, never that a widget is loading or missing."""
    page = browser.new_page()
    page.goto(f"{address}/lab/tree/again.ipynb?token=t&reset")
    outputs = page.locator(".jp-OutputArea-child")
    image = outputs.first.locator("img")
    image.wait_for(timeout=PATIENCE)
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert page.locator(".jp-OutputArea iframe").count() == 0
    expect(outputs.nth(1)).to_contain_text("widget" if trusted else "Backprop Lab")
    assert outputs.nth(1).is_visible() is not trusted
    page.close()


def trust(path: Path) -> None:
    """Sign a notebook as its reader does who trusts it."""
    places = {"JUPYTER_DATA_DIR": str(path.parent / ".jupyter" / "DATA")}
    command = [sys.executable, "-m", "jupyter", "trust", str(path)]
    subprocess.run(command, check=True, env={**os.environ, **places})


def check_the_picture_in_a_page(browser: Browser, folder: Path) -> None:
    """What nbconvert makes of the notebook shows the picture, too."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "again.ipynb"]
    subprocess.run(command, check=True, cwd=folder)
    page = browser.new_page()
    page.route(re.compile("^https?://"), lambda route: route.abort())
    page.goto((folder / "again.html").as_uri())
    image = page.locator(".jp-OutputArea img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    page.close()


def read_saved(path: Path) -> list[Any]:
    """The outputs of the cell, once they are saved."""
    end = time.monotonic() + 20
    while not (found := json.loads(path.read_text("utf-8"))["cells"][0]["outputs"]):
        assert time.monotonic() < end
        time.sleep(0.2)
    return list(found)
