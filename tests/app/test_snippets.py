"""Every call that the documentation shows is run, as it stands, against a live server."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import shutil
import subprocess
import urllib.request
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.main import create_app
from app.settings import Settings
from app.snippets import BYTES, CASES, EVENTS, HOST, JSON, LANGUAGES, LINES, Case, label, snippet
from scripts.api_docs import TARGET, masked, render
from scripts.frontend import find_node

NAMES = [label(case, "curl").replace("curl", case.operation) for case in CASES]
MARK = "-- next --"


@pytest.fixture(scope="module")
def printed(address: str) -> list[str]:
    """What the JavaScript calls print, all run by one node."""
    parts = [snippet(case, "javascript").replace(HOST, address) for case in CASES]
    script = f"\nconsole.log({json.dumps(MARK)});\n".join(f"{{\n{part}\n}}" for part in parts)
    node = str(find_node()[0])
    command = [node, "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(MARK)


@cache
def paths() -> Any:
    """Those of the OpenAPI document, whose examples take a while to compute."""
    return create_app(Settings.model_validate({})).openapi()["paths"]


def documented(case: Case) -> Any:
    """The answer that the OpenAPI document gives for a call."""
    for operations in paths().values():
        for operation in operations.values():
            if operation["operationId"] == case.operation:
                return operation["responses"]["200"]["content"][case.accept].get("example")
    raise AssertionError(case.operation)


def check(case: Case, answer: str) -> None:
    """Compare what was printed with the document."""
    if case.accept == JSON:
        found, told = json.loads(answer), documented(case)
        found = found[: len(told)] if isinstance(told, list) else found
        assert rounded(found) == rounded(told)
    elif case.accept == LINES:
        lines = answer.strip().splitlines()
        assert [json.loads(line)["seq"] for line in lines] == list(range(len(lines)))
        last = "finished" if case.operation == "trace" else "ended"
        assert json.loads(lines[-1])["kind"] == last
    elif case.accept == EVENTS:
        assert case.after is not None
        assert documented(case).strip().endswith(answer.strip())
        assert f"id: {case.after + 1}\n" in answer


def rounded(value: Any) -> Any:
    """Without the last digits, which differ between processors."""
    return json.loads(json.dumps(value), parse_float=lambda text: float(f"{float(text):.6g}"))


def as_json(text: str) -> str:
    """What Python printed, in JSON."""
    return json.dumps(eval(text, {"__builtins__": {}}))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_python_call_runs(case: Case, address: str) -> None:
    text = snippet(case, "python").replace(HOST, address)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "snippet", "exec"), {})
    answer = printed.getvalue()
    if case.accept == BYTES:
        assert answer.split() == ["[-0.96402758", "-0.96402758]", "2"]
    elif case.accept == EVENTS:
        check(case, answer)
    else:
        check(case, "\n".join(as_json(line) for line in answer.splitlines()))


@pytest.mark.parametrize("place", range(len(CASES)), ids=NAMES)
def test_the_javascript_call_runs(place: int, printed: list[str]) -> None:
    case, answer = CASES[place], printed[place]
    if case.accept == BYTES:
        assert "-0.96402758" in answer
    else:
        check(case, answer)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_curl_call_runs(case: Case, address: str, tmp_path: Path) -> None:
    words = shlex.split(snippet(case, "curl").replace(HOST, address).replace("\\\n", " "))
    if shutil.which("curl"):
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=60, check=True)
        body = done.stdout
        saved = tmp_path / "entries.bin"
        body = saved.read_bytes() if saved.exists() else body
    else:
        body = send(words)
    if case.accept == BYTES:
        np.testing.assert_allclose(np.frombuffer(body, "<f8"), [-0.96402758, -0.96402758])
    else:
        check(case, body.decode())


def send(words: list[str]) -> bytes:
    """What curl would send, where there is no curl."""
    options = list(pairwise(words))
    headers = dict(value.split(": ", 1) for key, value in options if key == "-H")
    data = next((value.encode() for key, value in options if key == "-d"), None)
    request = urllib.request.Request(words[2], data, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


def test_the_page_is_what_the_document_says() -> None:
    assert masked(TARGET.read_text("utf-8")) == masked(render())


def test_every_endpoint_has_a_call_in_every_language() -> None:
    document = create_app(Settings.model_validate({})).openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            samples = {sample["lang"] for sample in operation["x-codeSamples"]}
            assert samples == set(LANGUAGES.values())
