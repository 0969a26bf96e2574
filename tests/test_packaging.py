"""The sdist alone gives a working app: pages, assets, numbers, without Node or a network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist of this checkout, and a wheel built from that sdist where there is no Node."""
    folder = tmp_path_factory.mktemp("built")
    run(ROOT, sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(folder))
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    bare = {**os.environ, "PATH": str(folder)}
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    run(source, *command, environment=bare)
    return folder


def run(folder: Path, *command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_has_the_pages_and_none_of_their_sources(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "app/static/dist/manifest.json" in names
    assert "app/templates/lab.html" in names
    assert "app/locale/zh-CN.json" in names
    assert not [name for name in names if name.endswith(".ts") or "node_modules" in name]
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "bench/"))]


@pytest.fixture(scope="module")
def address(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that runs from a fresh venv in another folder."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", with_pip=False)
    (wheel,) = built.glob("*.whl")
    python = home / "venv" / "bin" / "python"
    install = (sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet")
    run(home, *install, "--require-hashes", "-r", str(ROOT / "requirements" / "runtime.txt"))
    run(home, *install, "--no-deps", str(wheel))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(home / "venv" / "bin" / "backprop-lab"), "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=home, env=clean, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line
            yield found[0]
        finally:
            server.terminate()
            server.wait(timeout=10)


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as response:
        content: bytes = response.read()
    return content


@pytest.mark.parametrize("path", ["/lab", "/docs"])
def test_an_installed_app_serves_its_pages_with_all_assets(address: str, path: str) -> None:
    text = get(address + path).decode()
    links = re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"]+)"', text)
    assert links
    for link in links:
        assert get(address + link)


def test_an_installed_app_serves_every_built_file(address: str) -> None:
    manifest = json.loads(get(f"{address}/static/dist/manifest.json"))
    for name in manifest.values():
        assert get(f"{address}/static/dist/{name}")


def test_an_installed_app_computes(address: str) -> None:
    body = json.dumps({"source": "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"}).encode()
    request = urllib.request.Request(
        f"{address}/api/v1/trace", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        events = [json.loads(line) for line in response]
    assert events[-1]["kind"] == "finished"
    adjoints = {e["node"]: e["value"]["data"] for e in events if e["kind"] == "adjoint"}
    assert adjoints == {"u1": [[3]], "u2": [[8]], "u3": [[3]], "u4": [[1]]}
