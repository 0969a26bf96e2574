"""Commands write tables for people and lines for programs, here or through a server alike."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.commands.local import Local
from app.commands.terminal import clean, followed, numbers
from app.main import create_app
from app.settings import Settings
from engine import EXAMPLES, OPS

from .serving import serving

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server's address."""
    with serving(create_app(Settings(evaluator="threads"))) as address:
        yield address


@pytest.fixture(params=["here", "server"])
def run(
    request: pytest.FixtureRequest, address: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Runs a command: its exit status, what it wrote and what it complained of."""

    def once(*arguments: str) -> tuple[int, str, str]:
        where = ["--server", address] if request.param == "server" else []
        status = cli.main([*arguments, *where])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return once


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """Writes a program: the name of its file."""

    def write(source: str) -> str:
        path = tmp_path / "program.py"
        path.write_text(source, "utf-8")
        return str(path)

    return write


def test_a_trace_that_goes_to_a_program_is_one_event_a_line(run: Run, program: Any) -> None:
    status, out, _ = run("trace", program(WORKED), "--output", "u4")
    events = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert (events[0]["kind"], events[-1]["kind"]) == ("graph", "finished")


def test_a_trace_as_a_table_has_values_jacobians_and_gradients(run: Run, program: Any) -> None:
    status, out, _ = run("trace", program(WORKED), "--format", "table")
    assert status == 0
    row = next(line for line in out.splitlines() if line.startswith("u4"))
    assert re.split(r"\s{2,}", row.strip()) == ["u4", "u4 = u2 * u3", "15", "u2: diagonal 1×1", "1"]
    assert "4 nodes, 4 edges, 22 events" in out


def test_one_edge_is_no_edges(run: Run, program: Any) -> None:
    _, out, _ = run("trace", program("x = 2.0\ny = exp(x)"), "--format", "table")
    assert "2 nodes, 1 edge, " in out


def test_a_file_that_cannot_be_read_is_told_in_words(run: Run, tmp_path: Any) -> None:
    missing, picture = tmp_path / "missing.py", tmp_path / "picture.py"
    picture.write_bytes(b"\x89PNG\xff")
    _, _, told = run("trace", str(missing))
    assert f"{missing} cannot be read: No such file or directory" in told.replace("\n", "")
    _, _, told = run("trace", str(picture))
    assert "cannot be read: it is not UTF-8 text" in told.replace("\n", " ")


def test_square_brackets_are_no_markup(run: Run, program: Any) -> None:
    _, out, _ = run("trace", program("x = [[1, 2]]\ny = x[0]  # [bold]\n"), "--format", "table")
    assert "y = x[0]" in out


def test_a_mistake_is_shown_under_its_line(run: Run, program: Any) -> None:
    name = program("x = 3\ny = x + width\n")
    status, out, err = run("trace", name)
    assert (status, out) == (1, "")
    lines = err.splitlines()
    assert lines[0].startswith(f"{name}:2:9: ")
    assert lines[1] == "  2 | y = x + width"
    assert lines[2] == "    |         ^^^^^"
    assert "width" in lines[3]


def test_carets_stand_under_wide_letters(run: Run, program: Any) -> None:
    _, _, err = run("check", program('文字 = "one"\n'))
    assert err.splitlines()[2] == "    |        ^^^^^"


def test_a_check_is_well_or_ends_with_three(
    run: Run, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, _ = run("check", program(WORKED), "--wrt", "u1")
    assert status == 0
    assert [node["node"] for node in json.loads(out)["nodes"]] == ["u1"]
    status, out, _ = run("check", program(WORKED), "--format", "table")
    assert status == 0
    assert out.rstrip().endswith("u4: ok")
    found = {"output": "u4", "verdict": "off", "nodes": []}
    monkeypatch.setattr(Local, "check", lambda *_, **__: found)
    monkeypatch.setattr("app.client.Client.check", lambda *_, **__: found)
    assert run("check", program(WORKED), "--format", "table")[0] == 3


def test_ops_are_listed_and_told_one_by_one(run: Run) -> None:
    status, out, _ = run("ops")
    assert status == 0
    assert len(out.splitlines()) == len(json.loads(run("ops", "--format", "json")[1])) >= len(OPS)
    assert len(run("ops", "--format", "table")[1].splitlines()) > len(OPS)
    status, out, _ = run("ops", "tanh")
    assert out.startswith("tanh(x)")
    assert "∂/∂x = " in out
    status, _, err = run("ops", "nothing")
    assert (status, "nothing" in err) == (2, True)
    assert "did you mean relu?" in run("ops", "rleu")[2]


def test_an_example_is_a_program_to_trace(run: Run, program: Any) -> None:
    assert [line.split()[0] for line in run("examples")[1].splitlines()] == [
        example.name for example in EXAMPLES
    ]
    assert "worked-example" in run("examples", "--format", "table")[1]
    _, source, _ = run("examples", "worked-example")
    assert run("trace", program(source))[0] == 0


def test_a_server_and_the_engine_here_write_the_same(
    program: Any, address: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for command in ("trace", "check", "ops", "examples"):
        arguments = [program(WORKED)] if command in ("trace", "check") else []
        written = []
        for where in ([], ["--server", address]):
            assert cli.main([command, *arguments, *where]) == 0
            sys.stdout.flush()
            written.append(capfdbinary.readouterr().out)
        assert written[0] == written[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_in_a_terminal_there_are_tables_and_colours(program: Any) -> None:
    import pty

    read, write = pty.openpty()
    for command in (["trace", program(WORKED)], ["check", program(WORKED)]):
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
        environment.pop("NO_COLOR", None)
        subprocess.run(
            [sys.executable, "-m", "app.cli", *command],
            cwd=Path(cli.__file__).parent.parent,
            env=environment,
            stdout=write,
            stderr=write,
            check=True,
        )
        seen = os.read(read, 65_536).decode()
        assert "node" in seen
        assert "\x1b[" in seen
        assert '{"' not in seen
    for end in (read, write):
        os.close(end)


def test_a_program_may_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(WORKED))
    assert run("trace", "-")[0] == 0


def test_a_server_that_is_not_there_is_four(
    program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["trace", program(WORKED)], ["check", program(WORKED)], ["ops"], ["examples"]):
        assert cli.main([*command, "--server", "http://127.0.0.1:9"]) == 4
    assert "127.0.0.1" in capsys.readouterr().err
    assert cli.main(["ops", "--server", "lab.example"]) == 2


def test_a_bad_setting_is_told_before_any_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKPROP_LAB_NODES", "many")
    assert cli.main(["ops"]) == 2
    assert "BACKPROP_LAB_NODES" in capsys.readouterr().err


def test_a_terminal_is_given_nothing_to_obey() -> None:
    assert clean("a\x1b[31mb\x07\u202e\n") == "a\ufffd[31mb\ufffd\ufffd\n"


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ({"shape": [], "dtype": "float64", "data": 1 / 3}, "0.333333"),
        ({"shape": [2], "dtype": "float64", "data": [1.0, "NaN"]}, "[1, nan]"),
        ({"shape": [3, 3], "dtype": "float64", "data": [[1.0, 2.0, 3.0]] * 3}, "3×3 from 1 to 3"),
        ({"shape": [0], "dtype": "float64", "data": []}, "[]"),
    ],
)
def test_a_tensor_is_told_in_a_few_words(wire: dict[str, Any], text: str) -> None:
    assert numbers(wire) == text


def test_long_work_moves_a_bar_in_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [{"kind": "graph", "steps": 5_000}, *({"kind": "value"} for _ in range(5_000))]
    assert len(list(followed(iter(events)))) == len(events)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert len(list(followed(iter(events)))) == len(events)
    assert list(followed(iter([]))) == []


def test_export_writes_a_script_of_pytorch(run: Run, program: Callable[[str], str]) -> None:
    status, out, _ = run("export", program(WORKED))
    assert status == 0
    assert "\nu4 = u2 * u3\n" in out
    assert "torch.autograd.grad(output" in out


def test_export_writes_other_forms(run: Run, program: Callable[[str], str]) -> None:
    _, out, _ = run("export", program(WORKED), "--to", "json")
    assert [node["name"] for node in json.loads(out)["nodes"]] == ["u1", "u2", "u3", "u4"]
    assert run("export", program(WORKED), "--to", "source")[1] == WORKED


def test_export_of_a_mistake_shows_its_place(run: Run, program: Callable[[str], str]) -> None:
    status, _, err = run("export", program("x = 2\ny = x * width"))
    assert status == 1
    assert ":2:9:" in err
