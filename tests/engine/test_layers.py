"""Objects of `torch.nn` are their ops, with weights that are leaves."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.language.parse import parse_partial

X = "x = torch.tensor([[1.0, -2.0], [0.5, 3.0]])\n"


def test_a_linear_layer_has_its_weights_as_leaves() -> None:
    found = engine.prepare(X + "fc = nn.Linear(2, 3)\ny = fc(x).sum()").evaluate()
    weight, bias, x = (found.values[name] for name in ("fc_weight", "fc_bias", "x"))
    assert weight.shape == (3, 2)
    assert bias.shape == (3,)
    assert np.abs(weight).max() <= 1 / np.sqrt(2)
    np.testing.assert_allclose(found.values["y"], (x @ weight.T + bias).sum())
    assert found.gradients is not None
    np.testing.assert_allclose(found.gradients["fc_bias"], [2, 2, 2])


def test_a_sequence_calls_one_part_after_another() -> None:
    text = "net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1, bias=False))\n"
    found = engine.prepare(f"{X}{text}y = net(x) + 0 * net[0].weight.sum()").evaluate().values
    hidden = np.tanh(found["x"] @ found["net_0_weight"].T + found["net_0_bias"])
    np.testing.assert_allclose(found["y"], hidden @ found["net_2_weight"].T)


@pytest.mark.parametrize(
    ("call", "same"),
    [
        ("nn.ReLU()(x)", "relu(x)"),
        ("nn.LeakyReLU(0.2)(x)", "leaky_relu(x, 0.2)"),
        ("nn.Softmax(dim=0)(x)", "softmax(x, axis=0)"),
        ("nn.Flatten()(stack([x, x]))", "flatten(stack([x, x]), 1)"),
        ("nn.CrossEntropyLoss(reduction='sum')(x, [0, 1])", "cross_entropy(x, [0, 1], 'sum')"),
        ("nn.MaxPool2d(2)(x[None, None])", "max_pool2d(x[None, None], 2)"),
        ("nn.BCEWithLogitsLoss()(x, x > 0)", "F.binary_cross_entropy_with_logits(x, x > 0)"),
    ],
)
def test_an_object_without_weights_is_its_op(call: str, same: str) -> None:
    found = engine.prepare(f"{X}y = {call}\nz = {same}").evaluate().values
    np.testing.assert_array_equal(found["y"], found["z"])


def test_layers_in_a_list_are_called_in_a_loop() -> None:
    layers = "layers = [nn.Linear(2, 2) for _ in range(2)]\n"
    found = engine.prepare(f"{X}{layers}for f in layers:\n    x = torch.relu(f(x))")
    assert {"layers_0_weight", "layers_1_bias"} <= set(found.evaluate().values)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("f = nn.Linear(2, 2)\ny = f + x", "flow.uncalled"),
        ("f = nn.Linear(x, 2)", "create.arguments"),
        ("f = nn.Linear(2, 2)\ny = f(x, 2)", "create.arguments"),
        ("f = nn.Linear(10**6, 10**6)", "limit.exceeded"),
        ("f = nn.Sequential(x)", "create.arguments"),
        ("f = nn.LeakyReLU(slope=2)", "op.keyword"),
    ],
)
def test_what_cannot_be_made_says_what_to_write(lines: str, code: str) -> None:
    assert [each.code for each in parse_partial(X + lines, 20_000)[1]] == [code]


@pytest.mark.parametrize(
    ("made", "called", "expected"),
    [
        ("c = nn.CrossEntropyLoss(weight=w)", "c(x, t)", 1.2141677658297518),
        (
            "c = nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 0.5]), label_smoothing=0.1)",
            "c(x, t)",
            1.4877846903225629,
        ),
        (
            "",
            "nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 0.5]), reduction='sum')(x, t)",
            1.8212516487446277,
        ),
        (
            "c = nn.NLLLoss(weight=w, ignore_index=1)",
            "c(F.log_softmax(x, 1), t)",
            1.2141677658297518,
        ),
    ],
)
def test_a_loss_takes_weights_of_the_classes_as_in_pytorch(
    made: str, called: str, expected: float
) -> None:
    head = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n"
    data = "x = torch.tensor([[1.0, 2.5, 0.5], [0.3, -1.2, 4.0]], requires_grad=True)\n"
    data += "t = torch.tensor([0, 2])\nw = torch.tensor([1.0, 2.0, 0.5])\n"
    program = engine.prepare(f"{head}{data}{made}\ny = {called}", output="y")
    np.testing.assert_allclose(program.evaluate().values["y"], expected, rtol=1e-14)


def test_weights_of_the_classes_that_are_computed_need_a_name() -> None:
    source = "from torch import nn\nx = [[1.0, 2.0]]\nc = nn.CrossEntropyLoss(weight=x * 2)\ny = x"
    with pytest.raises(engine.EngineError) as error:
        engine.prepare(source)
    assert error.value.code == "create.arguments"
