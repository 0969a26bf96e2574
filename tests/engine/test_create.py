"""Tensors that a program makes: the numbers of NumPy, the same every time."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.errors import EngineError
from engine.language.parse import parse


def made(expression: str, before: str = "") -> np.ndarray:
    parsed = parse(f"{before}\nx = {expression}")
    return parsed.literal_of[parsed.graph.id_of["x"]]


def draws(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize(
    "call",
    [
        "np.zeros((2, 3))",
        "np.ones(4)",
        "np.full((2, 2), 7.5)",
        "np.eye(3)",
        "np.eye(2, 3)",
        "np.linspace(0, 1, 5)",
        "np.linspace(0, 1, num=3)",
        "np.arange(5)",
        "np.arange(1, 2, 0.25)",
        "np.arange(5, 0, -2)",
        "np.full((2, 2), -np.inf)",
    ],
)
def test_a_grid_is_numpys(call: str) -> None:
    np.testing.assert_array_equal(made(call), eval(call, {"np": np}))


def test_random_numbers_are_those_of_the_generator_and_draw_on() -> None:
    source = "a = randn(2, 3)\nb = np.random.rand(4)\nc = torch.randn((2,))\nd = uniform(-1, 1, 3)"
    parsed, rng = parse(source), draws()
    expected = (
        rng.standard_normal((2, 3)),
        rng.random(4),
        rng.standard_normal(2),
        rng.uniform(-1, 1, 3),
    )
    for name, value in zip("abcd", expected, strict=True):
        np.testing.assert_array_equal(parsed.literal_of[parsed.graph.id_of[name]], value)


@pytest.mark.parametrize("seed", ["np.random.seed(5)", "torch.manual_seed(5)"])
def test_a_seed_begins_anew(seed: str) -> None:
    np.testing.assert_array_equal(
        made("randn(3)", f"y = randn(2)\n{seed}"), draws(5).normal(size=3)
    )


def test_a_generator_has_a_row_of_its_own() -> None:
    before = "rng = np.random.default_rng(7)\ny = randn(2)"
    expected = np.random.default_rng(7).normal(0, 0.5, (2, 2))
    np.testing.assert_array_equal(made("rng.normal(0, 0.5, size=(2, 2))", before), expected)


@pytest.mark.parametrize(
    "before",
    [
        "g = torch.Generator().manual_seed(7)",
        "g = torch.Generator(device='cpu')\ng.manual_seed(7)",
        "from torch import Generator\ng = Generator().manual_seed(7)",
    ],
)
def test_a_generator_of_torch_has_a_row_of_its_own(before: str) -> None:
    expected = draws(7).normal(size=3)
    before += "\ny = torch.randn(2)"
    np.testing.assert_array_equal(made("torch.randn(3, generator=g)", before), expected)
    np.testing.assert_array_equal(made("torch.randn(3)", before), draws(0).normal(size=5)[2:])


def test_the_shape_may_be_that_of_a_tensor() -> None:
    before = "y = [[1.0, 2.0, 3.0]]\nz = y * 2\nn = 2"
    assert made("np.zeros_like(z)", before).shape == (1, 3)
    assert made("torch.full_like(y, 4)", before).tolist() == [[4, 4, 4]]
    assert made("ones(n, z.shape[1] - 1)", before).shape == (2, 2)
    assert made("zeros(*z.shape)", before).shape == (1, 3)


def test_what_is_made_inside_an_expression_is_a_constant() -> None:
    graph = parse("x = 2.0\ny = x * torch.ones(2) + randn(2, requires_grad=True)").graph
    assert [(n.name, n.op) for n in graph][:3] == [("x", "leaf"), ("y.3", "leaf"), ("y.1", "const")]


@pytest.mark.parametrize(
    "call",
    ["zeros(-1)", "zeros(2.5)", "zeros(x)", "arange(0, 1, 0)", "full((2,))", "randn(2, colour=1)"],
)
def test_arguments_that_do_not_fit_are_told(call: str) -> None:
    with pytest.raises(EngineError) as caught:
        engine.prepare(f"y = [1.5]\nx = y * 2\nz = {call}")
    assert caught.value.code == "create.arguments"


def test_numpy_s_identity_is_a_matrix() -> None:
    assert (
        engine.prepare("import numpy as np\nI = np.identity(2)").evaluate().values["I"][0, 0] == 1
    )
    assert engine.prepare("x = 3.0\ny = identity(x)").evaluate().values["y"] == 3
