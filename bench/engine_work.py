"""The engine's rows of the performance table: the same work, by us, by hand and by peers.

A peer that is not installed (`pip install -e '.[bench]'`) is left out. Before anything is timed,
its answers are compared with ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import engine
from bench import attention, peers
from bench import peers_arrays as arrays
from bench.measure import Comparison, compare, seconds_of

__all__ = ["PARTS"]

ATTENTION = (
    "The matrix products and the softmax are those of the way by hand. Left over are the calls of "
    "some fifty steps, most of 2 to 15 µs, and memory: in sequence the steps take about a fifth "
    "longer than each repeated alone, as every value and every P is kept until the sweep ends: "
    "about 2 MB, as much as a core's own cache, where the way by hand holds half of that."
)
BATCH = (
    "Four fifths of the time are three large matrix products, in NumPy's OpenBLAS; a peer with "
    "another BLAS differs by what that differs."
)
VECTOR = (
    "What is left is one matrix product of the two that `jacrev` makes: P of the last statement is "
    "diagonal and only scales the rows of W2. The sweep also keeps P of every node."
)

Work = Callable[[], Any]
Others = dict[str, tuple[Work | None, float | None]]
"""Other ways by name, where they are there, and the target for the ratio to each."""

NETWORK = """
z1 = W1 @ x + b1
a1 = sigmoid(z1)
z2 = W2 @ a1 + b2
y = sigmoid(z2)
"""
LEAVES = "W1 = [[0]]\nb1 = [0]\nx = [0]\nW2 = [[0]]\nb2 = [0]\nt = [0]\n"


def scalars() -> Iterator[Comparison]:
    """Graphs of mere numbers, however many."""
    for nodes in (100, 1_000, 10_000, 100_000):
        yield from scalar_graph(nodes)
        yield from scalar_tensors(nodes)


def against(
    name: str,
    ours: Work,
    others: Others,
    rounds: int,
    missed: str = "",
) -> Iterator[Comparison]:
    """One row for each other way that is there; the number is the target for the ratio.
    missed: why a target is missed."""
    for other, (work, target) in others.items():
        if work is not None:
            yield compare(
                name,
                lambda: seconds_of(ours),
                other,
                lambda work=work: seconds_of(work),  # type: ignore[misc]
                rounds=rounds,
                target=target,
                missed=missed,
            )


def agree(ours: Any, theirs: Any, rtol: float = 1e-9) -> None:
    """Refuse to time two ways of which one is wrong."""
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=rtol, atol=1e-12)


def checked(ours: Any, *others: Work | None) -> None:
    """Compare the answers of those that are there with ours."""
    for other in others:
        if other is not None:
            agree(ours, other())


def array_peers(model: arrays.Model, given: arrays.Arrays, answer: str) -> Others:
    """JAX, autograd and mygrad; ratios without a target."""
    return {
        "JAX, jit": (arrays.jax(model, given, answer), None),
        "autograd": (arrays.autograd(model, given, answer), None),
        "mygrad": (arrays.mygrad(model, given, answer), None),
    }


def chain(nodes: int) -> str:
    """A scalar program of sums and products in which every node reaches the end."""
    lines = ["x0 = 0.9", "x1 = 0.8"]
    for i in range(2, nodes):
        forms = (f"x{i - 1} * 0.5", f"x{i - 1} + x{i - 2}", f"x{i - 1} * x0")
        lines.append(f"x{i} = {forms[i % 3]}")
    return "\n".join(lines)


def scalar_graph(nodes: int) -> Iterator[Comparison]:
    """Values and all P of a scalar graph that is there already."""
    program = engine.prepare(chain(nodes), limits=engine.Limits(nodes=10**7))
    by_hand = peers.scalar_by_hand(nodes)
    leaf = program.run.fine.id_of["x0"]
    others: Others = {
        "Python lists, by hand": (by_hand, 4.0),
        "PyTorch eager": (peers.scalar_torch(nodes), 1 / 8),
        "micrograd": (peers.scalar_micrograd(nodes), 1 / 4),
    }
    if nodes <= 1_000:  # deeper graphs end their recursion, or take minutes
        model, given = arrays.scalar_chain_of(nodes), {"x0": np.array(0.9), "x1": np.array(0.8)}
        others["autograd"] = (arrays.autograd(model, given, "x0"), None)
        others["mygrad"] = (arrays.mygrad(model, given, "x0"), None)
    checked(program.sweep()[1][leaf], *(work for work, _ in others.values()))
    name = f"scalar graph of {nodes:,} nodes, value and all P"
    yield from against(name, program.sweep, others, max(5, 20_000 // nodes))


def scalar_tensors(nodes: int) -> Iterator[Comparison]:
    """The same built as it goes, with `Tensor`, and walked back."""
    ours, torch = peers.scalar_eager(nodes), peers.scalar_torch(nodes)
    agree(ours(), peers.scalar_by_hand(nodes)())
    name = f"Tensor, {nodes:,} scalar nodes, built and walked back"
    yield from against(name, ours, {"PyTorch eager": (torch, 1 / 2)}, max(5, 20_000 // nodes))


def network_gradients() -> Iterator[Comparison]:
    """The tutorial's network, 64-64-10, every gradient."""
    given = peers.weights(64, 64, 10)
    program = engine.prepare(
        LEAVES + NETWORK + "E = 1/2 * (y - t).T @ (y - t)",
        inputs={name: value.tolist() for name, value in given.items()},
    )
    gradient = np.reshape(program.sweep()[1][program.run.fine.id_of["W1"]], (64, 64))
    others: Others = {
        "NumPy, by hand": (peers.network_by_hand(given), 50 / 16),
        "PyTorch eager": (peers.network_torch(given), 50 / 67),
        **array_peers(arrays.network, given, "W1"),
    }
    checked(gradient, *(work for work, _ in others.values()))
    yield from against("network 64-64-10, all gradients", program.sweep, others, 2_000)


def network_traced() -> Iterator[Comparison]:
    """The same with every local Jacobian and every P, as events."""
    given = peers.weights(64, 64, 10)
    program = engine.prepare(
        LEAVES + NETWORK + "E = 1/2 * (y - t).T @ (y - t)",
        inputs={name: value.tolist() for name, value in given.items()},
    )
    assert program.graph_event
    yield compare(
        "network 64-64-10, every local Jacobian and every P",
        lambda: seconds_of(lambda: sum(1 for _ in program.events())),
        "NumPy, gradients alone",
        lambda: seconds_of(peers.network_by_hand(given)),
        rounds=500,
        target=150 / 16,
    )


def batch() -> Iterator[Comparison]:
    """A batch of 128 through 784-256-10, forward and backward."""
    given = peers.batch_weights()
    program = engine.prepare(
        "X = [[0]]\nW1 = [[0]]\nb1 = [0]\nW2 = [[0]]\nb2 = [0]\nT = [[0]]\n"
        "A = sigmoid(X @ W1 + b1)\nD = sigmoid(A @ W2 + b2) - T\nE = 1/2 * sum(D * D)",
        inputs={name: value.tolist() for name, value in given.items()},
    )
    gradient = np.reshape(program.sweep()[1][program.run.fine.id_of["W1"]], (784, 256))
    others: Others = {
        "NumPy, by hand": (peers.batch_by_hand(given), 1.1),
        "PyTorch eager": (peers.batch_torch(given), None),
        **array_peers(arrays.batch, given, "W1"),
    }
    checked(gradient, *(work for work, _ in others.values()))
    yield from against("MLP 784-256-10, batch 128, both passes", program.sweep, others, 60, BATCH)


def attention_block() -> Iterator[Comparison]:
    """Attention with 4 heads over 64 × 64, forward and backward."""
    given = attention.given()
    program = attention.ours(given)
    gradient = np.reshape(program.sweep()[1][program.run.fine.id_of["x"]], (64, 64))
    others: Others = {
        "NumPy, by hand": (attention.by_hand(given), 1.4),
        "PyTorch eager": (attention.torch(given), 1.0),
        **array_peers(arrays.attention, given, "x"),
    }
    checked(gradient, *(work for work, _ in others.values()))
    name = "attention 64 × 64, 4 heads, both passes"
    yield from against(name, program.sweep, others, 300, ATTENTION)


def vector_output() -> Iterator[Comparison]:
    """P of every node of the network at n = 1024 with a vector output."""
    given = peers.weights(1024, 1024, 1024)
    del given["t"]
    leaves = LEAVES.replace("t = [0]\n", "")
    program = engine.prepare(
        leaves + NETWORK,
        inputs={name: value.tolist() for name, value in given.items()},
        limits=engine.Limits(entries=2**40, flops=2**60, bytes=2**60),
    )
    by_hand, torch = peers.vector_by_hand(given), peers.vector_torch(given)
    agree(np.reshape(program.sweep()[1][program.run.fine.id_of["x"]], (1024, 1024)), by_hand())
    others = {"NumPy, structured, by hand": (by_hand, 1.25), "torch.func.jacrev": (torch, 1 / 1.7)}
    name = "network at n = 1024, all P of a vector output"
    yield from against(name, program.sweep, others, 5, VECTOR)


PARTS = (scalars, network_gradients, network_traced, batch, attention_block, vector_output)
"""What is measured, in order."""
