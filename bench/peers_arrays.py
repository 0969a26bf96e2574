"""Peers that differentiate functions over a NumPy-like namespace: JAX (jit), autograd and mygrad.

Each model is written once over such a namespace, so that all of them compute the same. A function
returns None where its peer is not installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial as bind
from typing import Any

import numpy as np

from bench.peers import Arrays, Work, peer, scalar_chain

__all__ = ["Model", "attention", "autograd", "batch", "jax", "mygrad", "network", "scalar_chain_of"]

Model = Callable[[Any, Mapping[str, Any]], Any]
"""(namespace, leaves by name) → a number. The namespace has NumPy's functions, and `softmax`."""

HEADS, WIDTH = 4, 16


def network(xp: Any, leaf: Mapping[str, Any]) -> Any:
    """The two-layer network and half its squared error."""
    a = _sigmoid(xp, xp.matmul(leaf["W1"], leaf["x"]) + leaf["b1"])
    error = _sigmoid(xp, xp.matmul(leaf["W2"], a) + leaf["b2"]) - leaf["t"]
    return 0.5 * xp.sum(error * error)


def batch(xp: Any, leaf: Mapping[str, Any]) -> Any:
    """The same for a batch."""
    A = _sigmoid(xp, xp.matmul(leaf["X"], leaf["W1"]) + leaf["b1"])
    error = _sigmoid(xp, xp.matmul(A, leaf["W2"]) + leaf["b2"]) - leaf["T"]
    return 0.5 * xp.sum(error * error)


def attention(xp: Any, leaf: Mapping[str, Any]) -> Any:
    """The attention block with its residual."""
    x = leaf["x"]
    n = x.shape[0]

    def split(name: str) -> Any:
        return xp.swapaxes(xp.reshape(xp.matmul(x, leaf[name]), (n, HEADS, WIDTH)), 0, 1)

    q, k, v = split("Wq"), split("Wk"), split("Wv")
    scores = xp.matmul(q, xp.swapaxes(k, 1, 2)) / np.sqrt(WIDTH)
    joined = xp.reshape(xp.swapaxes(xp.matmul(xp.softmax(scores), v), 0, 1), (n, HEADS * WIDTH))
    y = x + xp.matmul(joined, leaf["Wo"])
    return 0.5 * xp.sum(y * y)


def scalar_chain_of(nodes: int) -> Model:
    """The scalar graph; leaves x0 and x1."""
    return lambda xp, leaf: scalar_chain(nodes, leaf["x0"], leaf["x1"])


def _sigmoid(xp: Any, x: Any) -> Any:
    return 1 / (1 + xp.exp(-x))


class _Namespace:
    """A peer's functions, and a softmax over the last axis."""

    def __init__(self, module: Any, softmax: Callable[[Any], Any] | None = None) -> None:
        for name in ("exp", "matmul", "reshape", "sum", "swapaxes"):
            setattr(self, name, getattr(module, name))
        self.softmax = softmax or bind(_softmax, module)


def _softmax(xp: Any, x: Any) -> Any:
    """Without a shift: the scores here are small, and the peer gets the shorter way."""
    powers = xp.exp(x)
    return powers / xp.sum(powers, axis=-1, keepdims=True)


def jax(model: Model, leaves: Arrays, answer: str) -> Work | None:
    """One compiled function of value and gradients, in float64; compiling is not timed."""
    library = peer("jax")
    if library is None:
        return None
    library.config.update("jax_enable_x64", True)
    xp = _Namespace(library.numpy, library.nn.softmax)
    both = library.jit(library.value_and_grad(lambda leaf: model(xp, leaf)))
    given = {name: library.numpy.asarray(value) for name, value in leaves.items()}
    return lambda: np.asarray(library.block_until_ready(both(given))[1][answer])


def autograd(model: Model, leaves: Arrays, answer: str) -> Work | None:
    """A tape over NumPy, recorded at every call."""
    library, numpy = peer("autograd"), peer("autograd.numpy")
    if library is None:
        return None
    xp = _Namespace(numpy)
    both = library.value_and_grad(lambda leaf: model(xp, leaf))
    return lambda: both(leaves)[1][answer]


def mygrad(model: Model, leaves: Arrays, answer: str) -> Work | None:
    """Tensors that build as they go; its guard against writing to arrays in use stays off."""
    library = peer("mygrad")
    if library is None:
        return None
    library.turn_memory_guarding_off()
    xp = _Namespace(library)

    def run() -> Any:
        leaf = {name: library.tensor(value, copy=False) for name, value in leaves.items()}
        model(xp, leaf).backward()
        return leaf[answer].grad

    return run
