"""Programs as scripts of PyTorch: run by it where it is installed, else as it once ran them."""

from __future__ import annotations

import importlib.util
import io
import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine import EXAMPLES, OPS
from engine.forms.torch_ops import _WRITERS
from engine.forms.torch_script import torch_script
from tests.engine.cases import CASES, DOMAIN, INPUTS
from tests.engine.cases.shapes import BINARY, UNARY, each

RECORDED: dict[str, str] = json.loads(
    (Path(__file__).parent / "interop" / "exported.json").read_text("utf-8")
)
BY_NAME = {example.name: example for example in EXAMPLES}
live = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="torch is not installed; the scripts that it ran are compared instead",
)


def program_of(name: str) -> engine.Program:
    example = BY_NAME[name]
    return engine.prepare(example.source, output=example.output, gradient=example.gradient)


def digest(script: str) -> str:
    return sha256(script.encode()).hexdigest()[:16]


def ran(program: engine.Program) -> dict[str, Any]:
    """What a script binds when PyTorch runs it."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        exec(compile(torch_script(program), "exported", "exec"), names)
    return names


def compare(program: engine.Program) -> None:
    """The numbers of a script against ours."""
    names, ours = ran(program), program.evaluate()
    for name, value in ours.values.items():
        theirs = names["nodes"][name].detach().numpy()
        np.testing.assert_allclose(theirs, np.asarray(value), rtol=1e-6, atol=1e-8, err_msg=name)
    known: Mapping[str, Any] = ours.adjoints if ours.gradients is None else ours.gradients
    for name, gradient in known.items() if names["gradients"] else ():
        theirs = names["gradients"].get(name)
        mine = np.zeros(1) if gradient is None else np.asarray(gradient)
        found = np.zeros(mine.shape) if theirs is None else theirs.numpy()
        wanted = mine if gradient is not None else np.zeros(found.shape)
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8, err_msg=name)


def op_programs() -> Iterator[tuple[str, engine.Program]]:
    """One op at every shape and with all attributes that it is tested at."""
    for op in OPS.values():
        for shapes, attrs in CASES.get(op.name, each(UNARY if len(op.args) == 1 else BINARY)):
            rng = np.random.default_rng(5)
            low, high = DOMAIN.get(op.name, (0.5, 2.0))
            drawn = [rng.uniform(low, high, shape) for shape in shapes]
            inputs = INPUTS[op.name](rng, shapes) if op.name in INPUTS else drawn
            inert = {op.args.index(name) for name in op.inert}
            nodes: list[dict[str, Any]] = [
                {
                    "name": f"x{place}",
                    "value": {"shape": list(np.shape(value)), "data": np.asarray(value).tolist()},
                    "requires_grad": place not in inert,
                }
                for place, value in enumerate(np.asarray(x, float) for x in inputs)
            ]
            names = [node["name"] for node in nodes]
            nodes.append({"name": "out", "op": op.name, "inputs": names, "attrs": attrs})
            shape = engine.prepare(graph=nodes).run.output_shape
            weights = np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape).tolist()
            yield op.name, engine.prepare(graph=nodes, gradient=None if 0 in shape else weights)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_script_of_an_example_is_the_one_that_pytorch_ran(name: str) -> None:
    """`scripts/record_interop.py` runs them and compares the numbers before it keeps this."""
    assert digest(torch_script(program_of(name))) == RECORDED[name]


def test_every_op_has_words_in_pytorch() -> None:
    assert OPS.keys() == _WRITERS.keys() & OPS.keys()


def test_a_statement_is_a_line() -> None:
    script = torch_script(engine.prepare("W = [[1, 2], [3, 4]]\nx = [1, 2]\ny = tanh(W @ x * 2)"))
    assert "\ny = torch.tanh(W @ x * 2)\n" in script
    assert "W = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)" in script


def test_names_that_the_script_needs_are_not_taken() -> None:
    script = torch_script(engine.prepare("F = 2\nnodes = F * 3\nh = nodes * F\nh = h + 1"))
    assert "F_ = torch.tensor(2.0, requires_grad=True)" in script
    assert "h_2 = h + 1" in script
    assert "'h@2': h_2," in script


def test_comments_stay_with_their_statement() -> None:
    script = torch_script(engine.prepare("x = 2  # the input\ny = x * x"))
    assert "# the input\nx = torch.tensor(2.0" in script


def test_infinite_constants_have_words() -> None:
    script = torch_script(engine.prepare("x = [1, 2]\ny = x + [0, -inf]\nz = softmax(y)"))
    assert "torch.tensor([0.0, -torch.inf])" in script


@live
@pytest.mark.parametrize("name", BY_NAME)
def test_pytorch_computes_the_numbers_of_an_example(name: str) -> None:
    compare(program_of(name))


@live
def test_pytorch_computes_the_numbers_of_every_op() -> None:
    for name, program in op_programs():
        try:
            compare(program)
        except Exception as error:
            raise AssertionError(f"{name}: {torch_script(program)}") from error


@live
@pytest.mark.parametrize("wrt", [["x"], ["x", "x"]])
def test_pytorch_computes_a_recorded_derivative(wrt: list[str]) -> None:
    compare(engine.prepare("x = [0.5, 1, 2]\ny = sum(tanh(x) ** 3)", differentiate=wrt[:1]))
    compare(engine.prepare("x = 0.5\ny = tanh(x) ** 3", differentiate=wrt))


@live
def test_pytorch_computes_the_rows_of_p() -> None:
    compare(
        engine.prepare("W = [[1, 2], [3, 4]]\nx = [1, -1]\ny = sigmoid(W @ x)", dtype="float32")
    )
