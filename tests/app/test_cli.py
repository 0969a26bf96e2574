"""The command line serves, and its exit status tells how a command ended."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app import cli


def test_trace_prints_one_event_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "program.txt"
    program.write_text("x = 3\ny = x * x\n")
    assert cli.main(["trace", str(program), "--output", "y"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (events[0]["kind"], events[-1]["kind"]) == ("graph", "finished")


def test_trace_points_at_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "program.txt"
    program.write_text("x = 3\ny = x +\n")
    assert cli.main(["trace", str(program)]) == 1
    assert "program.txt:2:" in capsys.readouterr().err


def test_trace_says_when_a_file_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["trace", "nowhere.txt"]) == 2
    assert "nowhere.txt" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["sing"], ["trace"], ["trace", "x", "--format", "xml"]])
def test_a_wrong_command_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.commands.trace.read", interrupt)
    assert cli.main(["trace", "-"]) == 130


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    root = Path(cli.__file__).resolve().parent.parent
    command = f"{sys.executable} -m app.cli examples two-layer-network | head -c 1; "
    command += f"{sys.executable} -m app.cli ops --format json | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1].endswith("0")
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["serve", "--port", str(port)]) == 1
    assert str(port) in capsys.readouterr().err


def test_a_bad_setting_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKPROP_LAB_ROWS", "many")
    assert cli.main(["serve", "--port", "0"]) == 1
    assert "BACKPROP_LAB_ROWS" in capsys.readouterr().err


@pytest.mark.slow
def test_serve_prints_its_real_address_and_stops_when_told() -> None:
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    root = Path(cli.__file__).resolve().parent.parent
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        with urllib.request.urlopen(f"{found[0]}/healthz", timeout=10) as response:
            assert json.load(response) == {"status": "ok"}
        server.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
        server.wait(timeout=10)
