"""Derivatives of functions: against NumPy, differences and each other."""

from __future__ import annotations

import numpy as np
import pytest

from engine import eager
from engine.eager import Tensor, functional, tensor

X = [0.3, -1.2, 0.7]


def loss(x: Tensor) -> Tensor:
    """A function with a full Hessian."""
    return (x.exp() * x).sum() + x.prod() + (x * x.sum()).sigmoid().sum()


def vector(x: Tensor) -> Tensor:
    """A function from three numbers to three."""
    return x.sigmoid() * x.sum() + x * x


def differences(function: object, at: list[float], step: float = 1e-5) -> np.ndarray:
    """The Jacobian by central differences."""
    columns = []
    for i in range(len(at)):
        ends = []
        for sign in (1, -1):
            moved = list(at)
            moved[i] += sign * step
            ends.append(np.asarray(function(tensor(moved)).tolist()))  # type: ignore[operator]
        columns.append((ends[0] - ends[1]) / (2 * step))
    return np.stack(columns, axis=-1)


def test_jacobian_agrees_with_central_differences() -> None:
    found = eager.jacobian(vector, tensor(X))
    np.testing.assert_allclose(found.tolist(), differences(vector, X), rtol=1e-8)


def test_hessian_agrees_with_differences_of_the_gradient() -> None:
    def gradient(x: Tensor) -> Tensor:
        return eager.value_and_grad(loss)(x)[1]

    found = np.asarray(eager.hessian(loss, tensor(X)).tolist())
    np.testing.assert_allclose(found, differences(gradient, X), rtol=1e-6)
    np.testing.assert_allclose(found, found.T, rtol=1e-12)


def test_products_agree_with_the_matrices() -> None:
    x, v = tensor(X), tensor([1.0, -2.0, 0.5])
    jacobian = np.asarray(eager.jacobian(vector, x).tolist())
    hessian = np.asarray(eager.hessian(loss, x).tolist())
    np.testing.assert_allclose(eager.vjp(vector, x, v)[1].tolist(), v.tolist() @ jacobian)
    np.testing.assert_allclose(eager.jvp(vector, x, v)[1].tolist(), jacobian @ v.tolist())
    np.testing.assert_allclose(eager.hvp(loss, x, v)[1].tolist(), hessian @ v.tolist())


def test_value_and_grad_by_several_arguments() -> None:
    value, (by_a, by_b) = eager.value_and_grad(lambda a, b: (a * b).sum(), (0, 1))(
        tensor([1.0, 2.0]), tensor([3.0, 4.0])
    )
    assert (value.item(), by_a.tolist(), by_b.tolist()) == (11.0, [3.0, 4.0], [1.0, 2.0])
    assert not value.requires_grad


def test_the_gradient_of_a_constant_is_zero() -> None:
    _, by_x = eager.value_and_grad(lambda x: tensor(3.0))(tensor(X))
    assert by_x.tolist() == [0.0, 0.0, 0.0]


def test_a_jacobian_can_be_differentiated_again() -> None:
    x = tensor(X, requires_grad=True)
    eager.jacobian(lambda x: x**3, x, create_graph=True).sum().backward()
    np.testing.assert_allclose(x.grad.tolist(), 6 * np.array(X), rtol=1e-13)


def test_the_third_derivative_of_sin_times_exp() -> None:
    x = tensor(0.7, requires_grad=True)
    y = x.sin() * x.exp()
    for _ in range(3):
        (y,) = eager.grad(y, x, create_graph=True)
    expected = 2 * np.exp(0.7) * (np.cos(0.7) - np.sin(0.7))
    np.testing.assert_allclose(y.item(), expected, rtol=1e-12)


def test_a_checkpoint_computes_again_on_the_way_back() -> None:
    calls = []

    def block(x: Tensor, w: Tensor) -> Tensor:
        calls.append(1)
        return (x * w).exp() * w

    x, w = tensor(X, requires_grad=True), tensor(0.5, requires_grad=True)
    y = eager.checkpoint(block, x * 2, w)
    assert (len(calls), y.grad_fn.name()) == (1, "CheckpointFunctionBackward")
    y.sum().backward()
    assert len(calls) == 2
    found = x.grad.tolist(), w.grad.item()
    x.grad = w.grad = None
    block(x * 2, w).sum().backward()
    assert found == (x.grad.tolist(), w.grad.item())


def test_a_checkpoint_may_be_differentiated_twice() -> None:
    x = tensor(X, requires_grad=True)
    (first,) = eager.grad(eager.checkpoint(loss, x), x, create_graph=True)
    (second,) = eager.grad(first.sum(), x)
    expected = np.asarray(eager.hessian(loss, x).tolist()).sum(axis=0)
    np.testing.assert_allclose(second.tolist(), expected, rtol=1e-12)


def test_a_vector_has_no_gradient_without_a_weight() -> None:
    with pytest.raises(RuntimeError, match="only for scalar outputs"):
        eager.value_and_grad(vector)(tensor(X))


def test_the_gradient_of_a_function_is_a_function() -> None:
    gradient = functional.grad_of(loss)(tensor(X))
    np.testing.assert_allclose(gradient.array, differences(loss, X).ravel(), rtol=1e-7)
