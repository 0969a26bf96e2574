"""An attention block of 4 heads over 64 × 64, with residual and ½‖·‖²: by us, hand and peer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import engine
from bench.peers import peer

__all__ = ["by_hand", "given", "ours", "torch"]

N, HEADS, WIDTH = 64, 4, 16
SCALE = 1 / np.sqrt(WIDTH)
Arrays = dict[str, np.ndarray]

SOURCE = """
x = 0
Wq = 0
Wk = 0
Wv = 0
Wo = 0
q = swapaxes(reshape(x @ Wq, (64, 4, 16)), 0, 1)
k = swapaxes(reshape(x @ Wk, (64, 4, 16)), 0, 1)
v = swapaxes(reshape(x @ Wv, (64, 4, 16)), 0, 1)
h = attention(q, k, v)
y = x + reshape(swapaxes(h, 0, 1), (64, 64)) @ Wo
E = 1/2 * sum(y * y)
"""


def given() -> Arrays:
    """The leaves."""
    rng = np.random.default_rng(3)
    names = ("x", "Wq", "Wk", "Wv", "Wo")
    return {name: rng.normal(size=(N, N)) / (1 if name == "x" else 8) for name in names}


def ours(leaves: Arrays) -> engine.Program:
    """The program, ready to run."""
    return engine.prepare(SOURCE, inputs={name: value.tolist() for name, value in leaves.items()})


def _split(x: np.ndarray) -> np.ndarray:
    return x.reshape(N, HEADS, WIDTH).swapaxes(0, 1)


def _join(x: np.ndarray) -> np.ndarray:
    return x.swapaxes(0, 1).reshape(N, N)


def by_hand(leaves: Arrays) -> Callable[[], np.ndarray]:
    """Both passes as a person would write them; the answer is the gradient of x."""
    x, Wq, Wk, Wv, Wo = (leaves[name] for name in ("x", "Wq", "Wk", "Wv", "Wo"))

    def run() -> np.ndarray:
        q, k, v = _split(x @ Wq), _split(x @ Wk), _split(x @ Wv)
        scores = q @ k.swapaxes(1, 2) * SCALE
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        s = powers / powers.sum(axis=-1, keepdims=True)
        joined = _join(s @ v)
        y = x + joined @ Wo
        _ = 0.5 * np.sum(y * y)
        h_bar = _split(y @ Wo.T)
        s_bar = h_bar @ v.swapaxes(1, 2)
        v_bar = _join(s.swapaxes(1, 2) @ h_bar)
        scores_bar = s * (s_bar - (s_bar * s).sum(axis=-1, keepdims=True)) * SCALE
        q_bar, k_bar = _join(scores_bar @ k), _join(scores_bar.swapaxes(1, 2) @ q)
        _ = joined.T @ y, x.T @ q_bar, x.T @ k_bar, x.T @ v_bar
        return y + q_bar @ Wq.T + k_bar @ Wk.T + v_bar @ Wv.T

    return run


def torch(leaves: Arrays) -> Callable[[], Any] | None:
    """PyTorch eager."""
    library = peer("torch")
    if library is None:
        return None
    leaf = {name: library.tensor(value, requires_grad=True) for name, value in leaves.items()}

    def run() -> Any:
        for each in leaf.values():
            each.grad = None
        x = leaf["x"]
        q, k, v = ((x @ leaf[w]).view(N, HEADS, WIDTH).transpose(0, 1) for w in ("Wq", "Wk", "Wv"))
        s = library.softmax(q @ k.transpose(1, 2) * SCALE, dim=-1)
        y = x + (s @ v).transpose(0, 1).reshape(N, N) @ leaf["Wo"]
        (0.5 * (y * y).sum()).backward()
        return x.grad.numpy()

    return run
