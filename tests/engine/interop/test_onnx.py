"""ONNX files as graphs: live where onnx is installed, else as recorded."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import engine
from app import cli
from engine.errors import OptionError
from engine.interop import load_onnx
from engine.interop.onnx_words import WORDS

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "onnx.json").read_text("utf-8"))
HERE = importlib.util.find_spec("onnx") is not None
live = pytest.mark.skipif(not HERE, reason="onnx is not installed; what it did is recorded")
if HERE:
    from tests.engine.interop.onnx_models import MODELS, OPERATORS, model, node, one


def compare(values: dict[str, Any], found: engine.Evaluation) -> None:
    for name, value in values.items():
        np.testing.assert_allclose(found.values[name], value, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", RECORDED)
def test_values_are_those_that_onnx_computed(name: str) -> None:
    known = RECORDED[name]
    compare(known["values"], engine.prepare(**known["request"]).evaluate())


def test_every_operator_with_words_is_recorded() -> None:
    assert WORDS.keys() <= RECORDED.keys()


def test_the_lab_steps_through_a_model(client: TestClient) -> None:
    answer = client.post("/api/v1/trace", json=RECORDED["network"]["request"])
    events = [json.loads(line) for line in answer.text.splitlines()]
    assert events[-1]["kind"] == "finished"
    adjoints = {each["node"] for each in events if each["kind"] == "adjoint"}
    assert {"fc1_weight", "fc1_bias", "fc2_weight", "loss"} <= adjoints


def test_without_onnx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(OptionError, match="needs onnx") as caught:
        load_onnx(b"")
    assert "backprop-lab[onnx]" in caught.value.hint


def test_a_file_that_cannot_be_read_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import", "/no/such/file.onnx"]) == 2
    assert "cannot be read" in capsys.readouterr().err


@live
@pytest.mark.parametrize("name", RECORDED)
def test_a_model_is_read_as_recorded(name: str) -> None:
    found = load_onnx(MODELS[name])
    compare(found.values, found.program().evaluate())
    assert found.values.keys() == RECORDED[name]["values"].keys()


@live
def test_inputs_are_given_by_name() -> None:
    found = load_onnx(OPERATORS["Relu"], {"x0": [[-1, 2, 3], [4, 5, -6]]})
    assert found.values["y"].tolist() == [[0, 2, 3], [4, 5, 0]]
    with pytest.raises(OptionError, match="no input called `x7`"):
        load_onnx(OPERATORS["Relu"], {"x7": [1.0]})


@live
def test_an_operator_without_words_is_named() -> None:
    with pytest.raises(OptionError, match="`Hardmax`"):
        load_onnx(one("Hardmax", (2, 3)))
    with pytest.raises(OptionError, match="`MaxPool`"):
        load_onnx(one("MaxPool", (1, 1, 4, 4), kernel_shape=[2, 2], pads=[0, 0, 1, 1]))


@live
def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(OptionError, match="no ONNX model"):
        load_onnx(b"not a model")
    with pytest.raises(OptionError, match="no ONNX model"):
        load_onnx(model([node("Tanh", "nowhere")], {"x": [2]}, {}))


@live
@pytest.mark.parametrize(
    ("form", "first"), [("source", "x = "), ("json", "{"), ("html", "<!doctype"), ("svg", "<svg")]
)
def test_the_command_writes_a_model(
    form: str, first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, values = tmp_path / "model.onnx", tmp_path / "inputs.npz"
    path.write_bytes(MODELS["network"])
    np.savez(values, x=np.ones((1, 3)))
    assert cli.main(["import", str(path), "--to", form, "--inputs", str(values)]) == 0
    assert capsys.readouterr().out.startswith(first)


@live
def test_the_command_tells_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"no model")
    assert cli.main(["import", str(path)]) == 2
    assert "no ONNX model" in capsys.readouterr().err
    path.write_bytes(MODELS["network"])
    assert cli.main(["import", str(path), "--inputs", str(path)]) == 2
    assert "no .npz file" in capsys.readouterr().err
