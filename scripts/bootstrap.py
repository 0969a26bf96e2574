"""Make .venv and everything in it, and say what is being installed. Quick when nothing changed.

    python3 scripts/bootstrap.py          what `make serve` needs
    python3 scripts/bootstrap.py --dev    and what the tests need

Standard library only: it runs on a machine that has Python 3.11 and nothing else of ours.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import frontend

ROOT = frontend.ROOT
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST_PYTHON = (3, 11)


class SetupError(Exception):
    """Set-up cannot go on; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Bring .venv and the bundle up to date; quiet where they are."""
    try:
        check_python()
        make_venv()
        install("dev" if "--dev" in arguments else "runtime")
        if frontend.node_on_path() is None:
            install("node")
        build_pages()
        install_project()
    except SetupError as error:
        print(f"\nset-up: {error}", file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    """Refuse an old interpreter in a sentence rather than by a syntax error."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise SetupError(
            f"this is Python {sys.version.split()[0]}, and 3.11 or newer is needed. "
            "Name one so: make serve PYTHON=python3.12"
        )


def make_venv() -> None:
    """Create .venv; Debian ships Python without the module for it, so install that when we may."""
    if PYTHON.exists():
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not may_use_apt():
            raise SetupError(
                f"this Python has no venv module. On Debian or Ubuntu: apt-get install {package}"
            )
        apt_install(package)
    run("Creating .venv", [sys.executable, "-m", "venv", VENV])


def install(group: str) -> None:
    """Install requirements/GROUP.txt, exactly as locked, unless that was done before."""
    locks = [ROOT / "requirements" / f"{name}.txt" for name in with_build(group)]
    if is_stamped(group, locks):
        return
    names = [line.split("==")[0] for path in locks for line in path.open() if "==" in line]
    listed = ", ".join(dict.fromkeys(names))
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes"]
    for path in locks:
        command += ["-r", path]
    run(f"Installing into .venv, as locked in requirements/{group}.txt: {listed}", command)
    stamp(group, locks)


def with_build(group: str) -> list[str]:
    """The runtime alone lacks the build back end; the dev group includes it."""
    return ["runtime", "build"] if group == "runtime" else [group]


def build_pages() -> None:
    """Bundle the browser code, if it changed, and let npm say what it installs."""
    if not frontend.is_current():
        run("Building the pages", [PYTHON, "scripts/frontend.py", "build"])


def install_project() -> None:
    """Install this checkout as an editable package, so that `backprop-lab` runs it."""
    sources = [ROOT / "pyproject.toml", ROOT / "hatch_build.py"]
    if is_stamped("project", sources) and (BIN / "backprop-lab").exists():
        return
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    run("Installing this checkout as an editable package", [*command, "-e", ROOT])
    stamp("project", sources)


def is_stamped(name: str, files: list[Path]) -> bool:
    """Whether step NAME was finished with these very files."""
    path = VENV / f".stamp-{name}"
    return path.exists() and path.read_text() == digest(files)


def stamp(name: str, files: list[Path]) -> None:
    """Remember that step NAME was finished with these very files."""
    (VENV / f".stamp-{name}").write_text(digest(files))


def digest(files: list[Path]) -> str:
    """One hash over the contents of some files."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def may_use_apt() -> bool:
    """A Debian machine on which we are root: the only place where we install system packages."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def apt_install(*packages: str) -> None:
    """Install Debian packages; the list of packages is fetched first, as a new machine has none."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("Fetching Debian's package list", ["apt-get", "update", "-qq"], environment)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    run(f"Installing Debian packages: {', '.join(packages)}", command, environment)


def run(what: str, command: list[str | Path], environment: dict[str, str] | None = None) -> None:
    """Announce one step, run it, and stop with a sentence where it fails."""
    print(f"{what} …", flush=True)
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if status:
        shown = " ".join(str(part) for part in command)
        raise SetupError(f"this failed with status {status}: {shown}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
