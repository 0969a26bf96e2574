"""The same work by hand and by peers. A peer that is not installed gives None."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial as bind
from typing import Any

import numpy as np

from engine import eager

__all__ = [
    "Arrays",
    "Work",
    "batch_by_hand",
    "batch_torch",
    "batch_weights",
    "network_by_hand",
    "network_torch",
    "peer",
    "scalar_by_hand",
    "scalar_chain",
    "scalar_eager",
    "scalar_micrograd",
    "scalar_torch",
    "vector_by_hand",
    "vector_torch",
    "weights",
]

Work = Callable[[], Any]
Arrays = dict[str, np.ndarray]


def peer(name: str) -> Any:
    """Return a module, or None where it is not installed."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None
    if name == "torch":
        module.set_num_threads(1)
    return module


def weights(n0: int, n1: int, n2: int) -> Arrays:
    """Leaves of the two-layer network."""
    rng = np.random.default_rng(1)
    return {
        "W1": rng.normal(size=(n1, n0)) / np.sqrt(n0),
        "b1": rng.normal(size=n1),
        "x": rng.normal(size=n0),
        "W2": rng.normal(size=(n2, n1)) / np.sqrt(n1),
        "b2": rng.normal(size=n2),
        "t": rng.normal(size=n2),
    }


def batch_weights() -> Arrays:
    """Leaves of the batched network 784-256-10."""
    rng = np.random.default_rng(2)
    return {
        "X": rng.normal(size=(128, 784)),
        "W1": rng.normal(size=(784, 256)) / 28,
        "b1": rng.normal(size=256),
        "W2": rng.normal(size=(256, 10)) / 16,
        "b2": rng.normal(size=10),
        "T": rng.normal(size=(128, 10)),
    }


def scalar_by_hand(nodes: int) -> Work:
    """Two loops over lists; the answer is the adjoint of x0."""
    steps = [(i % 3, i) for i in range(2, nodes)]

    def run() -> float:
        x = [0.0] * nodes
        x[0], x[1] = 0.9, 0.8
        for kind, i in steps:
            if kind == 0:
                x[i] = x[i - 1] * 0.5
            elif kind == 1:
                x[i] = x[i - 1] + x[i - 2]
            else:
                x[i] = x[i - 1] * x[0]
        bar = [0.0] * nodes
        bar[-1] = 1.0
        for kind, i in reversed(steps):
            seed = bar[i]
            if kind == 0:
                bar[i - 1] += seed * 0.5
            elif kind == 1:
                bar[i - 1] += seed
                bar[i - 2] += seed
            else:
                bar[i - 1] += seed * x[0]
                bar[0] += seed * x[i - 1]
        return bar[0]

    return run


def scalar_chain(nodes: int, x0: Any, x1: Any) -> Any:
    """The last node of the scalar graph, by the operators of what is given."""
    x = [x0, x1]
    for i in range(2, nodes):
        kind = i % 3
        before = x[i - 1]
        x.append(before * 0.5 if kind == 0 else before + x[i - 2] if kind == 1 else before * x0)
    return x[-1]


def scalar_eager(nodes: int) -> Work:
    """Our own define-by-run tensors."""

    def run() -> float:
        x0, x1 = (eager.tensor(value, requires_grad=True) for value in (0.9, 0.8))
        scalar_chain(nodes, x0, x1).backward()
        return float(x0.grad)

    return run


def scalar_torch(nodes: int) -> Work | None:
    """PyTorch, building the graph as it goes: it has no other way."""
    torch = peer("torch")
    if torch is None:
        return None

    def run() -> float:
        leaf = bind(torch.tensor, dtype=torch.float64, requires_grad=True)
        x0, x1 = leaf(0.9), leaf(0.8)
        scalar_chain(nodes, x0, x1).backward()
        return float(x0.grad)

    return run


def scalar_micrograd(nodes: int) -> Work | None:
    """micrograd; its recursion ends it near a thousand nodes."""
    found = peer("micrograd.engine")
    if found is None or nodes > 500:
        return None

    def run() -> float:
        x0, x1 = found.Value(0.9), found.Value(0.8)
        scalar_chain(nodes, x0, x1).backward()
        return float(x0.grad)

    return run


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def network_by_hand(given: Arrays) -> Work:
    """The gradients a person would write; the answer is that of W1."""
    W1, b1, x, W2, b2, t = (given[name] for name in ("W1", "b1", "x", "W2", "b2", "t"))

    def run() -> np.ndarray:
        a = _sigmoid(W1 @ x + b1)
        y = _sigmoid(W2 @ a + b2)
        error = y - t
        _ = 0.5 * error @ error
        z2_bar = error * y * (1 - y)
        _ = np.outer(z2_bar, a)
        z1_bar = (z2_bar @ W2) * a * (1 - a)
        _ = z1_bar @ W1
        return np.outer(z1_bar, x)

    return run


def network_torch(given: Arrays) -> Work | None:
    """PyTorch eager."""
    torch = peer("torch")
    if torch is None:
        return None
    leaf = {name: torch.tensor(value, requires_grad=True) for name, value in given.items()}

    def run() -> Any:
        for each in leaf.values():
            each.grad = None
        a = torch.sigmoid(leaf["W1"] @ leaf["x"] + leaf["b1"])
        y = torch.sigmoid(leaf["W2"] @ a + leaf["b2"])
        (0.5 * (y - leaf["t"]) @ (y - leaf["t"])).backward()
        return leaf["W1"].grad.numpy()

    return run


def batch_by_hand(given: Arrays) -> Work:
    """NumPy; the answer is the gradient of W1."""
    X, W1, b1, W2, b2, T = (given[name] for name in ("X", "W1", "b1", "W2", "b2", "T"))

    def run() -> np.ndarray:
        A = _sigmoid(X @ W1 + b1)
        Y = _sigmoid(A @ W2 + b2)
        error = Y - T
        _ = 0.5 * np.sum(error * error)
        Z2_bar = error * Y * (1 - Y)
        _ = A.T @ Z2_bar, Z2_bar.sum(axis=0)
        Z1_bar = (Z2_bar @ W2.T) * A * (1 - A)
        _ = Z1_bar.sum(axis=0), Z1_bar @ W1.T
        return X.T @ Z1_bar

    return run


def batch_torch(given: Arrays) -> Work | None:
    """PyTorch eager."""
    torch = peer("torch")
    if torch is None:
        return None
    leaf = {name: torch.tensor(value, requires_grad=True) for name, value in given.items()}

    def run() -> Any:
        for each in leaf.values():
            each.grad = None
        A = torch.sigmoid(leaf["X"] @ leaf["W1"] + leaf["b1"])
        Y = torch.sigmoid(A @ leaf["W2"] + leaf["b2"])
        (0.5 * ((Y - leaf["T"]) ** 2).sum()).backward()
        return leaf["W1"].grad.numpy()

    return run


def vector_by_hand(given: Arrays) -> Work:
    """P of every node, structure used: diagonals as vectors, P of W left factored. Answer: P_x."""
    W1, b1, x, W2, b2 = (given[name] for name in ("W1", "b1", "x", "W2", "b2"))

    def run() -> np.ndarray:
        a = _sigmoid(W1 @ x + b1)
        y = _sigmoid(W2 @ a + b2)
        z2 = np.eye(len(y)) * (y * (1 - y))
        a_bar = z2 @ W2
        z1 = a_bar * (a * (1 - a))
        return z1 @ W1

    return run


def vector_torch(given: Arrays) -> Work | None:
    """torch.func, P of x alone: it cannot hold that of W1."""
    torch = peer("torch")
    if torch is None:
        return None
    leaf = {name: torch.tensor(value) for name, value in given.items()}

    def network(x: Any) -> Any:
        a = torch.sigmoid(leaf["W1"] @ x + leaf["b1"])
        return torch.sigmoid(leaf["W2"] @ a + leaf["b2"])

    jacobian = torch.func.jacrev(network)
    return lambda: jacobian(leaf["x"]).numpy()
