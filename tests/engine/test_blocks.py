"""Named blocks are read as their parts, and agree with their textbook definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import EngineError
from engine.ops.block import BLOCKS, define_block


def run(source: str, **inputs: Any) -> np.ndarray:
    leaves = "".join(f"{name} = 0\n" for name in inputs)
    values = {name: value.tolist() for name, value in inputs.items()}
    return engine.prepare(leaves + source, inputs=values).evaluate().values["out"]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("lead", [(), (2,)])
def test_attention(rng: np.random.Generator, lead: tuple[int, ...]) -> None:
    q, k, v = (rng.normal(size=(*lead, n, d)) for n, d in ((3, 4), (5, 4), (5, 2)))
    expected = softmax(q @ np.swapaxes(k, -1, -2) / 2) @ v
    np.testing.assert_allclose(run("out = attention(q, k, v)", q=q, k=k, v=v), expected)
    mask = np.where(rng.random((3, 5)) < 0.5, 0.0, -1e9)
    masked = softmax(q @ np.swapaxes(k, -1, -2) / 2 + mask) @ v
    found = run("out = masked_attention(q, k, v, m)", q=q, k=k, v=v, m=mask)
    np.testing.assert_allclose(found, masked)


@pytest.mark.parametrize("lead", [(), (3,)])
def test_recurrent_cells(rng: np.random.Generator, lead: tuple[int, ...]) -> None:
    n, d = 2, 4
    x, h, c = rng.normal(size=(*lead, d)), rng.normal(size=(*lead, n)), rng.normal(size=(*lead, n))

    def weights(gates: int) -> dict[str, np.ndarray]:
        shapes = {"W": (gates * n, d), "U": (gates * n, n), "b": (gates * n,), "c2": (gates * n,)}
        return {name: rng.normal(size=shape) for name, shape in shapes.items()}

    w = weights(1)
    plain = np.tanh(x @ w["W"].T + h @ w["U"].T + w["b"])
    np.testing.assert_allclose(run("out = rnn_cell(x, h, W, U, b)", x=x, h=h, **w), plain)

    w = weights(4)
    i, f, g, o = np.split(x @ w["W"].T + h @ w["U"].T + w["b"], 4, axis=-1)
    cell = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    long = np.concatenate([sigmoid(o) * np.tanh(cell), cell], axis=-1)
    found = run("out = lstm_cell(x, h, c, W, U, b)", x=x, h=h, c=c, **w)
    np.testing.assert_allclose(found, long)

    w = weights(3)
    given, held = x @ w["W"].T + w["b"], h @ w["U"].T + w["c2"]
    (r, z, new), (hr, hz, hn) = np.split(given, 3, axis=-1), np.split(held, 3, axis=-1)
    fresh = np.tanh(new + sigmoid(r + hr) * hn)
    gated = (1 - sigmoid(z + hz)) * fresh + sigmoid(z + hz) * h
    np.testing.assert_allclose(run("out = gru_cell(x, h, W, U, b, c2)", x=x, h=h, **w), gated)


def test_a_block_is_one_node_that_opens_into_its_parts() -> None:
    source = "x = [[1, 2], [3, 4]]\nout = attention(x, x, x)"
    assert [n.op for n in engine.prepare(source).graph_event.nodes] == ["leaf", "group"]
    parts = engine.prepare(source, granularity="op").graph_event.nodes
    assert {"softmax", "matmul", "sqrt"} <= {node.op for node in parts}


def test_names_inside_a_block_stay_inside() -> None:
    source = "scores = [[1, 2]]\nout = attention(scores, scores, scores)\ny = sum(scores)"
    assert float(engine.prepare(source).evaluate().values["y"]) == 3


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("attention(x, x)", "op.arguments"),
        ("atention(x, x, x)", "op.misspelled"),
        ("attention(x, x, [[1, 2], [3, 4], [5, 6]])", "shape.inner"),
        ("rnn_cell(x, x, x, x, [1, 2, 3])", "shape.broadcast"),
    ],
)
def test_a_mistake_is_shown_where_the_block_is_called(call: str, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        engine.prepare(f"x = [[1, 2], [3, 4]]\ny = {call}")
    assert caught.value.code == code
    assert caught.value.span is not None and caught.value.span.line == 2


def test_a_name_belongs_to_one_op_or_block() -> None:
    known = dict(BLOCKS)
    with pytest.raises(ValueError, match="defined twice"):
        define_block("tanh", "x", "out = x", doc="A faulty one.", example="tanh(x)")
    assert known == BLOCKS
