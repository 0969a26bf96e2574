"""What the examples compute, written anew in plain NumPy: the output from the leaves by name."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

Recipe = Callable[[Any], Any]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def softmax(x: Any) -> Any:
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


def cross_entropy(logits: Any, target: Any) -> Any:
    """The mean over rows of less the log of the probability of the right class."""
    rows = np.arange(len(logits))
    return -np.log(softmax(logits)[rows, np.asarray(target, int)]).mean()


def normal(x: Any, weight: Any, bias: Any) -> Any:
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * weight + bias


def convolutional_network(n: Any) -> Any:
    maps = np.empty((2, 6, 6))
    for k in range(2):
        for row in range(6):
            for column in range(6):
                patch = n.image[0, 0, row : row + 3, column : column + 3]
                maps[k, row, column] = max(0, (patch * n.K[k, 0]).sum() + n.b[k])
    pooled = maps.reshape(2, 3, 2, 3, 2).max(axis=(2, 4))
    return cross_entropy(pooled.reshape(1, 18) @ n.W.T, n.label)


def recurrent_network(n: Any) -> Any:
    h = n.h
    for x in n.x:
        h = np.tanh(n.W @ x + n.U @ h + n.b)
    return (n.v @ h - 1) ** 2


def lstm(n: Any) -> Any:
    h, c = n.h, n.c
    for x in n.x:
        given, forget, fresh, shown = np.split(n.W @ x + n.U @ h + n.b, 4)
        c = sigmoid(forget) * c + sigmoid(given) * np.tanh(fresh)
        h = sigmoid(shown) * np.tanh(c)
    return ((h - [0.5, -0.5]) ** 2).mean()


def gru_cell(n: Any) -> Any:
    reset, update = (sigmoid(n.W[s] @ n.x + n.U[s] @ n.h) for s in (slice(0, 2), slice(2, 4)))
    fresh = np.tanh(n.W[4:] @ n.x + reset * (n.U[4:] @ n.h))
    return ((fresh + update * (n.h - fresh)) ** 2).sum()


def attention(q: Any, k: Any, v: Any) -> Any:
    return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v


def attention_head(n: Any) -> Any:
    q, k, v = n.X @ n.Wq, n.X @ n.Wk, n.X @ n.Wv
    seen = [attention(q[t : t + 1], k[: t + 1], v[: t + 1])[0] for t in range(3)]
    return ((np.array(seen) - n.target) ** 2).mean()


def multi_head_attention(n: Any) -> Any:
    q, k, v = n.X @ n.Wq, n.X @ n.Wk, n.X @ n.Wv
    heads = [attention(q[:, s], k[:, s], v[:, s]) for s in (slice(0, 2), slice(2, 4))]
    return ((np.hstack(heads) @ n.Wo) ** 2).mean()


def transformer_block(n: Any) -> Any:
    from math import erf

    first = normal(n.X, n.γ1, n.β1)
    x = n.X + attention(first @ n.Wq, first @ n.Wk, first @ n.Wv)
    hidden = normal(x, n.γ2, n.β2) @ n.W1 + n.b1
    hidden = hidden * (1 + np.vectorize(erf)(hidden / np.sqrt(2))) / 2
    return ((x + hidden @ n.W2 + n.b2 - n.target) ** 2).mean()


def variational_autoencoder(n: Any) -> Any:
    mean, spread = n.W_mu @ n.x, np.exp(n.W_logvar @ n.x)
    shown = sigmoid(n.W_dec @ (mean + np.sqrt(spread) * n.ε))
    likelihood = np.log(np.where(n.x > -1, shown**n.x * (1 - shown) ** (1 - n.x), 0)).sum()
    return -likelihood + (spread + mean**2 - 1 - np.log(spread)).sum() / 2


def batch_norm(n: Any) -> Any:
    return ((normal(n.X.T, 1, 0).T * n.γ + n.β - n.target) ** 2).mean()


def gaussian_likelihood(n: Any) -> Any:
    d = n.x - n.μ
    density = np.exp(-d @ np.linalg.inv(n.Σ) @ d / 2) / (2 * np.pi * np.sqrt(np.linalg.det(n.Σ)))
    return -np.log(density)


def policy_gradient(n: Any) -> Any:
    chances = softmax(n.states @ n.W)
    picked = [row[int(a)] for row, a in zip(chances, n.actions.ravel(), strict=True)]
    return -(np.log(picked) * n.returns).mean()


def principal_components(n: Any) -> Any:
    basis, _ = np.linalg.qr(n.W)
    return np.trace(basis.T @ n.C @ basis)


def ridge_regression(n: Any) -> Any:
    rows = np.vstack([n.X, np.sqrt(n.λ) * np.eye(2)])
    w = np.linalg.lstsq(rows, np.append(n.y, [0, 0]), rcond=None)[0]
    return (n.x_new @ w - n.y_new) ** 2


def residual_blocks(n: Any) -> Any:
    x = n.x0
    for w, v in ((n.W1, n.V1), (n.W2, n.V2)):
        x = x + v @ np.maximum(w @ x, 0)
    return ((x - n.target) ** 2).mean()


def contrastive_loss(n: Any) -> Any:
    lengths = np.outer(np.linalg.norm(n.A, axis=1), np.linalg.norm(n.B, axis=1))
    return cross_entropy(n.A @ n.B.T / lengths / n.τ, n.pairs)


def learning_rate(n: Any) -> Any:
    return (n.w - 3) ** 2 * (1 - 2 * n.η) ** 6


def pendulum(n: Any) -> Any:
    angle, speed = n.θ, n.ω
    for _ in range(3):
        speed = speed - n.dt * n.g / n.L * np.sin(angle)
        angle = angle + n.dt * speed
    return angle


def newton(n: Any) -> Any:
    """Newton's step for a square root is the mean of x and 2 / x."""
    x = n.x
    for _ in range(3):
        x = (x + 2 / x) / 2
    return x


def support_vectors(n: Any) -> Any:
    short = [max(0, 1 - y * (x @ n.w + n.b)) for x, y in zip(n.X, n.y, strict=True)]
    return np.mean(short) + n.λ * np.linalg.norm(n.w) ** 2 / 2


def two_layers(x: Any, *layers: Any) -> Any:
    for w, b in layers:
        x = sigmoid(w @ x + b)
    return x


def dropout(n: Any) -> Any:
    kept = n.mask.astype(bool)
    return (n.W2[kept] @ np.tanh(n.W1[kept] @ n.x) / (1 - n.p) - 1) ** 2


def layer_norm(n: Any) -> Any:
    return sum((normal(row, n.γ, n.β) @ n.w) ** 2 for row in n.X)


RECIPES: dict[str, Recipe] = {
    "two-layer-network": lambda n: (
        ((two_layers(n.x, (n.W1, n.b1), (n.W2, n.b2)) - n.ỹ) ** 2).sum() / 2
    ),
    "penalised-line": lambda n: (n.y - n.w * n.x - n.b) ** 2 + n.w**2,
    "sinc": lambda n: np.sinc(n.x / np.pi),
    "neuron": lambda n: np.tanh(np.dot([n.x1, n.x2], [n.w1, n.w2]) + n.b),
    "polar-coordinates": lambda n: np.array([n.r * np.cos(n.θ), n.r * np.sin(n.θ)]),
    "weight-vector": lambda n: n.x * n.x,
    "rosenbrock": lambda n: (1 - n.x) ** 2 + 100 * (n.y - n.x * n.x) ** 2,
    "newton": newton,
    "learning-rate": learning_rate,
    "gradient-clipping": lambda n: n.g / np.hypot(*n.g) * min(np.hypot(*n.g), n.max_norm),
    "pendulum": pendulum,
    "linear-regression": lambda n: np.linalg.norm(n.X @ n.w - n.y) ** 2 / 4,
    "logistic-regression": lambda n: np.log(1 + np.exp((1 - 2 * n.y) * (n.X @ n.w + n.b))).mean(),
    "softmax-cross-entropy": lambda n: cross_entropy(n.X @ n.W + n.b, n.Y.argmax(1)),
    "support-vectors": support_vectors,
    "ridge-regression": ridge_regression,
    "linear-solve": lambda n: n.b @ np.linalg.inv(n.A) @ n.b / 2,
    "principal-components": principal_components,
    "network-by-hand": lambda n: (
        ((two_layers(n.i, (n.W1, n.b1), (n.W2, n.b2)) - n.target) ** 2).sum() / 2
    ),
    "multilayer-perceptron": lambda n: cross_entropy(
        np.maximum(n.X @ n.W1.T + n.b1, 0) @ n.W2.T + n.b2, n.y
    ),
    "convolutional-network": convolutional_network,
    "residual-blocks": residual_blocks,
    "bag-of-words": lambda n: np.log1p(np.exp(-n.E[n.words.astype(int)].mean(axis=0) @ n.w - n.b)),
    "contrastive-loss": contrastive_loss,
    "triplet-loss": lambda n: (
        np.hypot(*(n.anchor - n.positive)) - np.hypot(*(n.anchor - n.negative)) + n.margin
    ),
    "batch-norm": batch_norm,
    "layer-norm": layer_norm,
    "dropout": dropout,
    "recurrent-network": recurrent_network,
    "lstm": lstm,
    "gru-cell": gru_cell,
    "attention-head": attention_head,
    "multi-head-attention": multi_head_attention,
    "transformer-block": transformer_block,
    "variational-autoencoder": variational_autoencoder,
    "gaussian-likelihood": gaussian_likelihood,
    "policy-gradient": policy_gradient,
}


def expected(name: str, leaves: dict[str, Any]) -> Any:
    """The output of an example at the given values of its leaves."""
    return RECIPES[name](SimpleNamespace(**leaves))
