"""Graphs captured from real PyTorch: live where it is installed, else as recorded."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import engine
from engine.errors import LimitError, OptionError
from engine.interop import capture, recording

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text("utf-8"))
HERE = importlib.util.find_spec("torch") is not None
live = pytest.mark.skipif(not HERE, reason="torch is not installed; what it did is recorded")
if HERE:
    import torch

    from tests.engine.interop.models import MODELS, SoftClamp


def compare(values: dict[str, Any], gradients: dict[str, Any], found: engine.Evaluation) -> None:
    """PyTorch's values and gradients against ours."""
    for name, value in values.items():
        np.testing.assert_allclose(found.values[name], value, rtol=1e-6, atol=1e-9)
    for name, gradient in gradients.items():
        ours = (found.gradients or {})[name]
        theirs = 0.0 if gradient is None else gradient
        np.testing.assert_allclose(0.0 if ours is None else ours, theirs, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", RECORDED)
def test_values_and_gradients_are_those_pytorch_computed(name: str) -> None:
    known = RECORDED[name]
    program = engine.prepare(**known["request"])
    compare(known["values"], known["gradients"], program.evaluate())


@pytest.mark.parametrize("name", RECORDED)
def test_the_lab_steps_through_what_was_captured(name: str, client: TestClient) -> None:
    answer = client.post(
        "/api/v1/trace", json=RECORDED[name]["request"], headers={"Accept": "application/json"}
    )
    events = answer.json()
    assert answer.status_code == 200
    assert [events[0]["kind"], events[-1]["kind"]] == ["graph", "finished"]
    told = {each["node"]: each["value"] for each in events if each["kind"] == "adjoint"}
    for node, gradient in RECORDED[name]["gradients"].items():
        if gradient is not None and node in told and "data" in told[node]:
            ours = np.asarray(told[node]["data"]).reshape(np.shape(gradient))
            np.testing.assert_allclose(ours, gradient, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", RECORDED)
def test_what_was_captured_is_a_program_too(name: str) -> None:
    request = dict(RECORDED[name]["request"])
    text = engine.prepare(**request).parsed
    assert text is not None
    from engine.forms.source import source

    again = engine.prepare(source(text), output=request["output"]).evaluate()
    compare(RECORDED[name]["values"], {}, again)


def test_only_calls_without_words_are_opaque() -> None:
    known = {name: each["opaque"] for name, each in RECORDED.items()}
    assert known["residual_block"] == known["lstm_cell"] == []
    assert known["transformer_encoder_layer"] == known["both_directions"] == []
    assert len(known["autograd_function"]) == 2


def test_the_engine_imports_no_torch() -> None:
    text = "import sys, engine.interop, engine; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", text], check=False, timeout=60).returncode == 0


@pytest.mark.skipif(HERE, reason="torch is installed")
def test_without_pytorch_the_remedy_is_named() -> None:
    with pytest.raises(OptionError, match="needs PyTorch") as caught:
        capture(lambda x: x, 1.0)
    assert "pip install torch" in caught.value.hint


@live
@pytest.mark.parametrize("name", RECORDED)
def test_a_model_is_captured_as_recorded(name: str) -> None:
    function, inputs = MODELS[name]()
    found = capture(function, *inputs)
    compare(found.values, found.gradients, found.program().evaluate())
    assert list(found.opaque) == RECORDED[name]["opaque"]
    assert found.graph.keys() == RECORDED[name]["request"]["graph"].keys()


@live
def test_a_loss_is_captured_from_a_recording() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with recording():
        squares = x**2
        total = squares.sum()
    found = capture(total)
    assert found.source == "x = [1, 2]\nsquares = x ** 2\ntotal = sum(squares)"
    assert found.gradients["x"].tolist() == [2.0, 4.0]
    assert found.dtype == "float32"


@live
def test_a_loss_that_nobody_watched_is_refused() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    with pytest.raises(OptionError, match="not watched"):
        capture(x * x)


@live
def test_what_needs_no_gradient_is_refused_by_name() -> None:
    def doubled(x: Any) -> Any:
        return x * 2

    with pytest.raises(OptionError, match="`doubled` returns no tensor"):
        capture(doubled, torch.tensor(1.0))


@live
def test_a_complex_result_is_refused_by_its_type() -> None:
    x = torch.ones(3, requires_grad=True)
    with pytest.raises(OptionError, match=r"torch\.complex64"):
        capture(torch.fft.fft, x)


@live
def test_weights_of_another_shape_are_refused_with_both_shapes() -> None:
    x = torch.ones(3, requires_grad=True)
    with pytest.raises(OptionError, match=r"\(4,\).*\(3,\)"):
        capture(lambda x: x * 2, x, gradient=torch.ones(4))


@live
def test_an_opaque_jacobian_that_is_too_large_is_refused_with_its_size() -> None:
    x = torch.zeros(2100, requires_grad=True)
    with pytest.raises(LimitError, match="4410000 entries"):
        capture(lambda x: SoftClamp.apply(x).sum(), x)


@live
def test_a_vector_is_weighted_by_the_gradient_given() -> None:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    found = capture(lambda x: x**3, x, gradient=[1.0, 10.0])
    assert found.program().evaluate().gradients["x"].tolist() == [3.0, 120.0]
    assert found.gradients["x"].tolist() == [3.0, 120.0]


@live
def test_names_are_those_of_the_module_and_of_the_code() -> None:
    function, inputs = MODELS["residual_block"]()
    names = capture(function, *inputs).values
    assert {"x", "out", "scores", "block_conv1_weight", "head_bias", "loss"} <= names.keys()


@live
def test_a_change_behind_pytorchs_back_becomes_an_opaque_node() -> None:
    def tricked(x: Any) -> Any:
        y = x * 2
        y.data.add_(1)
        return y.sum()

    found = capture(tricked, torch.tensor([1.0, 2.0], requires_grad=True))
    assert found.opaque == ("loss",)
    assert found.program().evaluate().values["loss"] == 8.0
    assert found.gradients["x"].tolist() == [2.0, 2.0]


def test_what_is_no_function_is_refused_by_its_type() -> None:
    with pytest.raises(OptionError, match="`int`"):
        capture(3)


@live
def test_tensors_of_inference_mode_are_constants() -> None:
    with torch.inference_mode():
        shift = torch.tensor([1.0, 2.0])
    x = torch.tensor([3.0, 4.0], requires_grad=True)
    found = capture(lambda x: (x + shift).sum(), x)
    assert found.gradients["x"].tolist() == [1.0, 1.0] and float(found.values["loss"]) == 10.0


@live
def test_what_is_computed_in_inference_mode_needs_no_gradient() -> None:
    def silent(x: Any) -> Any:
        with torch.inference_mode():
            return x.sum()

    with pytest.raises(OptionError, match="`silent` returns no tensor that requires grad"):
        capture(silent, torch.ones(2, requires_grad=True))


@live
@pytest.mark.parametrize("kind", ["sparse", "meta", "vmap"])
def test_entries_that_do_not_lie_in_memory_are_refused_with_the_remedy(kind: str) -> None:
    x = torch.ones(2, 2, requires_grad=True)
    calls: dict[str, Any] = {
        "sparse": lambda: capture(lambda x: torch.sparse.mm(torch.eye(2).to_sparse(), x).sum(), x),
        "meta": lambda: capture(lambda x: x.sum(), x.to("meta")),
        "vmap": lambda: capture(lambda x: torch.vmap(lambda row: row.sum())(x).sum(), x),
    }
    with pytest.raises(OptionError, match="entries of a tensor cannot be read") as caught:
        calls[kind]()
    assert "to_dense" in caught.value.hint


@live
def test_a_layer_that_is_too_large_is_refused_with_the_size_of_its_weights() -> None:
    layer = torch.nn.Linear(2100, 2100)
    with pytest.raises(LimitError, match="4410000 entries of a tensor"):
        capture(lambda x: layer(x).sum(), torch.ones(1, 2100))


@live
def test_a_graph_that_was_freed_is_told() -> None:
    def trained(x: Any) -> Any:
        loss = (x * x).sum()
        loss.backward()
        return loss

    with pytest.raises(OptionError, match="`backward\\(\\)` was called before"):
        capture(trained, torch.ones(2, requires_grad=True))


@live
def test_a_constant_that_is_nan_is_kept_and_printed() -> None:
    weights = torch.tensor([1.0, float("nan")])
    found = capture(lambda x: (x * weights).sum(), torch.ones(2, requires_grad=True))
    assert "nan" in found.source.lower()
    events = list(found.program().events())
    assert events[-1].kind == "finished"
