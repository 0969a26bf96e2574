"""What a cell of a notebook shows: a page of its own, a picture, and answers of the kernel."""

from __future__ import annotations

import json
import re
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import engine
from app.notebook import show
from app.notebook.picture import picture
from app.notebook.widget import replied
from app.settings import Settings
from engine.errors import EngineError, OptionError
from engine.interop.captured import Captured

SOURCE = "W = [[1, 2], [3, 4]]\nx = [1, 2]\ny = tanh(W @ x)\nloss = sum(y ** 2)"


@pytest.fixture(scope="module")
def html() -> str:
    return show(SOURCE, output="y", gradient=[1, 10], dtype="float32").html


def carried(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="lab-carried">(.*?)</script>', html)
    assert found is not None
    return dict(json.loads(found[1]))


def test_the_page_has_everything_inside(html: str) -> None:
    assert re.findall(r'<link|(?:src|href)="/static', html.split("</head>", 1)[0][:2000]) == []
    assert 'data-worker="data:text/javascript;base64,' in html
    assert html.count("</body>") == html.count("</head>") == 1


def test_the_page_carries_the_events_of_its_program(html: str) -> None:
    known = carried(html)
    events = [json.loads(line) for line in known["trace"].splitlines()]
    assert [events[0]["kind"], events[-1]["kind"]] == ["graph", "finished"]
    assert (events[0]["output"], events[0]["dtype"]) == ("y", "float32")
    assert known["source"] == SOURCE
    assert known["address"].startswith("https://notebook.invalid/lab?output=y&dtype=float32")
    assert {"en", "zh-CN"} == known["catalogues"].keys()


def test_text_of_a_program_cannot_end_its_script() -> None:
    page = show("x = 2  # </script><!-- <b>").html
    assert "</script><!--" not in page
    assert carried(page)["source"] == "x = 2  # </script><!-- <b>"


def test_the_picture_shows_each_node_with_value_and_p() -> None:
    drawn = picture(engine.prepare("x = 2\ny = tanh(x) * x\nz = y < 3"))
    root = ElementTree.fromstring(drawn)
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words == [
        "x = 2",
        "2",
        "P 0",
        "y = tanh(x) * x",
        "1.928",
        "P 0",
        "z = y < 3",
        "1",
        "P 1",
    ]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 2


def test_a_picture_of_tensors_tells_their_shape_and_norm() -> None:
    drawn = picture(engine.prepare(SOURCE))
    assert "2 × 2, norm 5.477" in drawn
    assert "[1, 2]" in drawn


def test_a_long_statement_is_cut_to_its_card() -> None:
    drawn = picture(engine.prepare("x = [0.125, 0.25, 0.5, 0.75, 1.5]"))
    assert ">x = [0.125, 0.25, 0.5…<" in drawn


def test_a_cell_gets_the_picture_for_trusted_and_other_notebooks() -> None:
    bundle = show(SOURCE)._repr_mimebundle_()
    assert bundle.keys() == {"text/html", "image/svg+xml", "text/plain"}
    assert bundle["text/plain"] == SOURCE
    data = re.search(r"base64,([^\"]+)", bundle["text/html"])
    assert data is not None and b64decode(data[1]).decode() == bundle["image/svg+xml"]


def test_what_was_captured_is_shown_as_it_was() -> None:
    parsed = engine.parse("x = [1, 2]\ny = x * 3")
    found = Captured(parsed, "y", np.array([1.0, 10.0]), "float32", {}, {})
    assert show(found).request == {
        "source": "x = [1, 2]\ny = x * 3",
        "output": "y",
        "gradient": [1.0, 10.0],
        "dtype": "float32",
    }


def test_a_page_or_a_picture_is_saved(tmp_path: Path) -> None:
    shown = show(SOURCE, height=300)
    shown.save(tmp_path / "graph.svg")
    shown.save(tmp_path / "graph.html")
    assert (tmp_path / "graph.svg").read_text("utf-8").startswith("<svg")
    assert (tmp_path / "graph.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_link_leads_to_the_program_on_a_server() -> None:
    link = show("x = 2", output="x", language="zh-CN").link("https://lab.example/")
    assert link == "https://lab.example/lab?output=x&lang=zh-CN#source=eCA9IDI"


def test_a_long_program_from_elsewhere_is_shown() -> None:
    row = ", ".join(["0.123456789012345"] * 5000)
    assert "lab-carried" in show(f"x = [{row}]\ny = sum(x)").html


def test_a_mistake_is_told_when_it_is_shown() -> None:
    with pytest.raises(EngineError, match="`width` is not defined"):
        show("y = 2 * width")
    with pytest.raises(TypeError, match="no `heigth`"):
        show(SOURCE, heigth=3)
    with pytest.raises(ValueError, match="zh-CN"):
        show(SOURCE, language="fr")


def test_the_kernel_answers_what_the_page_asks() -> None:
    body = json.dumps({"source": "x = 3\ny = x * x"})
    asked = {"id": 7, "path": "/api/v1/trace", "body": body, "accept": "application/jsonl"}
    told, answer = replied(asked, Settings())
    assert (told["id"], told["status"]) == (7, 200)
    assert json.loads(answer.splitlines()[-1])["kind"] == "finished"


def test_entries_come_as_bytes_with_their_shape() -> None:
    body = json.dumps({"source": "x = [1, 2]\ny = x * x", "what": "value", "node": "y"})
    media = "application/octet-stream"
    told, answer = replied({"path": "/api/v1/window", "body": body, "accept": media}, Settings())
    assert told["headers"]["x-tensor-shape"] == "2"
    assert np.frombuffer(answer, "<f8").tolist() == [1.0, 4.0]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/api/v1/trace", "body": '{"source": "y = width"}'}, 422),
        ({"path": "/api/v1/trace", "body": "{"}, 400),
        ({"path": "/api/v1/secrets", "body": "{}"}, 404),
        ({}, 404),
    ],
)
def test_mistakes_are_answered_as_problems(asked: dict[str, Any], status: int) -> None:
    told, answer = replied(asked, Settings())
    assert told["status"] == json.loads(answer)["status"] == status
    assert told["headers"] == {"content-type": "application/problem+json"}


def test_without_anywidget_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(OptionError, match="needs anywidget") as caught:
        show(SOURCE).widget()
    assert "backprop-lab[notebook]" in caught.value.hint
