"""The local Jacobians that ops state in symbols, put together from their symbols in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.backend import backend
from engine.ops import OPS
from engine.sweeps.local import local_rule

RNG = np.random.default_rng(0)
A, B, M, X = (RNG.normal(size=shape) for shape in ((3, 3), (3, 3), (2, 3), (4, 3)))
SPD = A @ A.T + 3 * np.eye(3)
V, W, W23 = RNG.normal(size=3), RNG.normal(size=3), RNG.normal(size=(2, 3))
INVERSE, LOWER = np.linalg.inv(A), np.linalg.cholesky(SPD)
HALVED = np.diag((np.tril(np.ones((3, 3))) - np.eye(3) / 2).ravel())
CLASSES = np.asarray([0.0, 2.0])


def eye(n: int) -> Any:
    return np.eye(n)


def commutation(rows: int, columns: int) -> Any:
    """K, which takes vec of a matrix to vec of its transpose."""
    order = np.arange(rows * columns).reshape(rows, columns).T.ravel()
    return np.eye(rows * columns)[order]


def softmax(x: Any) -> Any:
    grown = np.exp(x)
    return grown / grown.sum(-1, keepdims=True)


def normalised(x: Any, centred: bool, eps: float) -> tuple[Any, Any]:
    """x with a hat, and (I - 1 1ᵀ/n - x̂ x̂ᵀ/n) over the spread."""
    n, shifted = x.size, x - x.mean() * centred
    spread = np.sqrt((shifted**2).mean() + eps)
    hat = shifted / spread
    return hat, (eye(n) - centred * np.ones((n, n)) / n - np.outer(hat, hat) / n) / spread


CASES: list[tuple[str, int, list[Any], dict[str, Any], Any]] = [
    ("linear", 0, [X, W23], {}, np.kron(eye(4), W23)),
    ("linear", 1, [X, W23], {}, np.kron(X, eye(2)) @ commutation(2, 3)),
    ("linear", 1, [V, W23], {}, np.kron(eye(2), V[None])),
    ("matmul", 1, [V, A], {}, np.kron(V[None], eye(3))),
    ("solve", 0, [A, V], {}, -np.kron(INVERSE, (INVERSE @ V)[None])),
    ("solve", 1, [A, B], {}, np.kron(INVERSE, eye(3))),
    ("inv", 0, [A], {}, -np.kron(INVERSE, INVERSE.T)),
    ("det", 0, [A], {}, np.linalg.det(A) * INVERSE.T.reshape(1, -1)),
    ("logdet", 0, [SPD], {}, np.linalg.inv(SPD).T.reshape(1, -1)),
    (
        "cholesky",
        0,
        [SPD],
        {},
        np.kron(LOWER, eye(3))
        @ HALVED
        @ np.kron(np.linalg.inv(LOWER), np.linalg.inv(LOWER))
        @ (eye(9) + commutation(3, 3))
        / 2,
    ),
    ("layer_norm", 0, [V, W, V], {}, np.diag(W) @ normalised(V, True, 1e-5)[1]),
    ("rms_norm", 0, [V, W], {}, np.diag(W) @ normalised(V, False, 2.0**-52)[1]),
    ("layer_norm", 1, [V, W, V], {}, np.diag(normalised(V, True, 1e-5)[0])),
    ("softmax", 0, [V], {}, np.diag(softmax(V)) - np.outer(softmax(V), softmax(V))),
    ("log_softmax", 0, [V], {}, eye(3) - np.outer(np.ones(3), softmax(V))),
    ("normalize", 0, [V], {}, (eye(3) - np.outer(V, V) / (V @ V)) / np.linalg.norm(V)),
    (
        "logsumexp",
        0,
        [M],
        {"axis": 1},
        np.kron(eye(2), np.ones((1, 3))) @ np.diag(softmax(M).ravel()),
    ),
    ("cross_entropy", 0, [M, CLASSES], {}, (softmax(M) - eye(3)[[0, 2]]).reshape(1, -1) / 2),
    ("nll_loss", 0, [M, CLASSES], {}, -eye(3)[[0, 2]].reshape(1, -1) / 2),
    ("cumsum", 0, [M], {"axis": 0}, np.kron(np.tril(np.ones((2, 2))), eye(3))),
    ("cumsum", 0, [V], {"reverse": True}, np.tril(np.ones((3, 3))).T),
    ("repeat", 0, [M], {"repeats": 2, "axis": 0}, np.kron(np.kron(eye(2), [[1], [1]]), eye(3))),
    ("tile", 0, [M], {"reps": (2, 1)}, np.kron([[1], [1]], eye(6))),
    ("trace", 0, [RNG.normal(size=(3, 3, 4))], {}, np.kron(eye(3).reshape(1, -1), eye(4))),
]


@pytest.mark.parametrize(("op", "slot", "inputs", "attrs", "matrix"), CASES)
def test_the_matrix_in_symbols_is_the_matrix_that_runs(
    op: str, slot: int, inputs: list[Any], attrs: dict[str, Any], matrix: Any
) -> None:
    out = np.asarray(OPS[op].forward(np, *inputs, **attrs))
    rule = local_rule(OPS[op], slot, [each.shape for each in inputs], out.shape, attrs)
    found = rule.jacobian(backend("cpu"), np.dtype("float64"), inputs, out).dense()
    np.testing.assert_allclose(found, matrix, rtol=1e-9, atol=1e-12)
