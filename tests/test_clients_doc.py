"""What docs/clients.md shows is what happens: every command and every snippet is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.client.errors import ClientError
from app.main import create_app
from app.settings import Settings

from .app.serving import serving

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "clients.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server's address."""
    with serving(create_app(Settings(evaluator="threads"))) as address:
        yield address


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def commands() -> list[str]:
    """All commands of the page in one script: each echoes itself, then answers."""
    sessions = [text for kind, text in BLOCKS if kind == "console"]
    return [line for text in sessions for line in text.splitlines()]


def test_the_commands_answer_as_shown(tmp_path: Path) -> None:
    script = [f'backprop-lab() {{ "{sys.executable}" -m app.cli "$@"; }}']
    for line in commands():
        if line.startswith("$ "):
            quoted = line.replace("'", "'\\''")
            # What a command leaves in $? must reach the next one, past the echo.
            script.append(f"status=$?; printf '%s\\n' '{quoted}'; (exit $status)\n{line[2:]}")
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = [line.rstrip() for line in done.stdout.splitlines()]
    assert said == [line.rstrip() for line in commands()]


SNIPPETS = [
    (text, answer)
    for (kind, text), (after, answer) in pairwise(BLOCKS)
    if kind == "python" and after == "text"
]


@pytest.mark.parametrize(("snippet", "answer"), SNIPPETS)
def test_a_snippet_prints_what_is_shown(snippet: str, answer: str, address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", snippet.replace(ADDRESS, address)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == answer


def test_every_snippet_has_its_answer() -> None:
    assert len(SNIPPETS) == sum(kind == "python" for kind, _ in BLOCKS) > 2


def test_every_error_of_the_client_is_named() -> None:
    for error in ClientError.__subclasses__():
        assert f"`{error.__name__}`" in TEXT


def test_every_option_of_a_command_is_named() -> None:
    from app.cli import _parser

    for name in ("--output", "--granularity", "--dtype", "--device", "--wrt", "--server"):
        assert name in TEXT
    actions = next(action for action in _parser()._actions if action.choices)
    assert actions.choices is not None
    for command in actions.choices:
        assert f"`backprop-lab {command}" in TEXT
