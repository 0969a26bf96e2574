"""The reverse sweep on its own: laws that hold on any graph."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.graph import CONST

CHAIN = 100_000


def test_evaluating_without_events_gives_the_adjoints_of_the_trace() -> None:
    source = "x = [1, 2, 3]\ny = exp(x) * x\nz = y / sum(y)"
    result = engine.prepare(source).evaluate()
    traced = {e.node: e.value for e in engine.prepare(source).events() if e.kind == "adjoint"}
    assert result.adjoints is not None
    for name, value in traced.items():
        np.testing.assert_allclose(result.adjoints[name], value, rtol=1e-12, atol=1e-15)


def test_forward_and_reverse_mode_agree_on_the_whole_jacobian() -> None:
    source = "x = [0.1, 0.2]\nW = [[1, -2], [3, 4], [0, 1]]\ny = tanh(W @ x) * sum(x)"
    adjoints = engine.prepare(source).evaluate().adjoints
    assert adjoints is not None
    columns = []
    for position in range(2):
        unit = np.eye(2)[position].tolist()
        events = engine.prepare(source, mode="forward", tangents={"x": unit}).events()
        columns.append(next(e.value for e in events if e.kind == "tangent" and e.node == "y"))
    np.testing.assert_allclose(np.transpose(columns), adjoints["x"], rtol=1e-12)


def test_a_deep_chain_is_swept_without_recursion() -> None:
    source = "x = 1\nh = x * 1\n" + "h = h + x\n" * CHAIN
    limits = engine.Limits(nodes=2 * CHAIN)
    gradients = engine.prepare(source, limits=limits).evaluate().gradients
    assert gradients is not None and float(gradients["x"]) == CHAIN + 1


def test_constants_receive_nothing() -> None:
    events = list(engine.prepare("x = 2\ny = 3 * x + 1", granularity="op").events())
    constants = {node.name for node in events[0].nodes if node.op == CONST}
    assert len(constants) == 2
    assert not constants & {e.node for e in events if e.kind in ("term", "adjoint")}


def test_the_adjoint_of_a_weight_stays_factored_until_it_is_asked_for() -> None:
    n = 150
    inputs = {"W": np.eye(n).tolist(), "x": np.arange(n).tolist(), "b": np.zeros(n).tolist()}
    leaves = "W = 0\nx = 0\nb = 0\n"
    for source, held in (("z = W @ x + b", 2 * n), ("z = cumsum(W @ x) + b", n * n + n)):
        program = engine.prepare(leaves + source, inputs=inputs)
        found = program.sweep()[1][program.run.fine.id_of["W"]]
        assert found is not None
        assert found.shape == (n, n, n)
        assert found.size == held
    dense = engine.prepare(leaves + "z = W @ x + b", inputs=inputs).evaluate().adjoints["W"]
    dense = dense.reshape(n, n, n)
    np.testing.assert_array_equal(dense[7, 7], np.arange(n))
    assert np.count_nonzero(dense[7]) == n - 1


LEAVES = "x = [0.5, -1, 2]\nW = [[1, 2, 0], [0, -1, 3]]\nb = [1, 0, 0]\n"


@pytest.mark.parametrize(
    "source",
    [
        "y = tanh(W @ x) + 1",
        "y = sigmoid(x) * x + b",
        "y = relu(x)\nz = 2 * y - y * b",
        "y = W @ (x * b)\nz = exp(y)",
        "y = b * einsum('i,j->j', x, x)",
        "y = W.T @ (W @ x)",
        "y = x[::-1] / 3",
        "y = sum(x) * b",
        "y = W * x",
        "y = softmax(x * b)",
        "y = W @ (x / 0)",
        "y = sqrt(W @ b - 1)",
        "y = (W @ (b / 0)) * [0, 1]",
    ],
)
def test_a_diagonal_p_gives_what_the_identity_gives_step_by_step(source: str) -> None:
    program = engine.prepare(LEAVES + source, granularity="op")
    told = {e.node: e.value for e in program.events() if e.kind == "adjoint"}
    found = program.evaluate().adjoints
    assert found is not None
    for name, value in told.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-12, atol=1e-300)
