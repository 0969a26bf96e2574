"""What PyTorch promises around a backward pass, a row each: run on any face by `observe`."""

from __future__ import annotations

from typing import Any

from tests.engine.parity.observe import Row

__all__ = ["ROWS"]

ROWS: dict[str, Row] = {}
"""By the situation it shows."""


def row(function: Row) -> Row:
    """Add a row under the function's name."""
    ROWS[function.__name__] = function
    return function


def two(T: Any) -> Any:
    """A vector that requires grad."""
    return T.tensor([1.0, 2.0], requires_grad=True)


def three(T: Any) -> Any:
    """A number that requires grad."""
    return T.tensor(3.0, requires_grad=True)


@row
def backward_of_a_vector(T: Any) -> Any:
    (two(T) * 2).backward()


@row
def gradient_of_the_wrong_shape(T: Any) -> Any:
    (two(T) * 2).backward(T.tensor([1.0, 1.0, 1.0]))


@row
def gradient_of_shape_1_for_a_number(T: Any) -> Any:
    (three(T) * 2).backward(T.tensor([1.0]))


@row
def backward_with_a_gradient(T: Any) -> Any:
    x = two(T)
    (x * x).backward(T.tensor([1.0, 10.0]))
    return x.grad


@row
def backward_twice(T: Any) -> Any:
    x = two(T)
    y = (x * x).sum()
    y.backward()
    y.backward()


@row
def backward_twice_with_retain_graph(T: Any) -> Any:
    x = two(T)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    return x.grad


@row
def backward_twice_where_nothing_was_saved(T: Any) -> Any:
    x = two(T)
    y = (x + x + 1).sum()
    y.backward()
    y.backward()
    return x.grad


@row
def backward_twice_on_numbers(T: Any) -> Any:
    x = three(T)
    y = x * x
    y.backward()
    y.backward()


@row
def backward_twice_through_a_product_with_a_number(T: Any) -> Any:
    x = three(T)
    y = x * 2
    y.backward()
    y.backward()


@row
def backward_twice_where_one_factor_was_saved(T: Any) -> Any:
    x, w = three(T), T.tensor(2.0)
    y = x * w
    y.backward()
    y.backward()


@row
def backward_twice_where_the_saved_part_comes_first(T: Any) -> Any:
    x = two(T)
    y = (x * x).sum() + x.sum()
    y.backward()
    y.backward()


@row
def no_grad_anywhere(T: Any) -> Any:
    T.tensor(1.0).backward()


@row
def integers_that_require_grad(T: Any) -> Any:
    T.tensor([1], requires_grad=True)


@row
def integers_made_to_require_grad(T: Any) -> Any:
    T.tensor([1]).requires_grad_()


@row
def numpy_of_what_requires_grad(T: Any) -> Any:
    two(T).numpy()


@row
def a_computed_tensor_told_not_to_require_grad(T: Any) -> Any:
    (two(T) * 2).requires_grad_(False)


@row
def grad_of_a_computed_tensor(T: Any) -> Any:
    y = two(T) * 2
    y.sum().backward()
    return y.grad


@row
def retain_grad_fills_and_accumulates(T: Any) -> Any:
    x = three(T)
    y = x * 2
    y.retain_grad()
    z = y * y
    z.backward(retain_graph=True)
    first = y.grad.item()
    z.backward()
    return first, y.grad, x.grad, y.retains_grad


@row
def retain_grad_without_requires_grad(T: Any) -> Any:
    T.tensor(1.0).retain_grad()


@row
def create_graph(T: Any) -> Any:
    x = three(T)
    (first,) = T.autograd.grad(x**3, x, create_graph=True)
    (second,) = T.autograd.grad(first, x, create_graph=True)
    (third,) = T.autograd.grad(second, x)
    return first.item(), first.requires_grad, second.item(), third.item(), third.requires_grad


@row
def backward_with_create_graph(T: Any) -> Any:
    x = three(T)
    (x**3).backward(create_graph=True)
    return x.grad.item(), x.grad.requires_grad


@row
def unused_input(T: Any) -> Any:
    return T.autograd.grad(three(T) * 2, three(T))


@row
def unused_input_allowed(T: Any) -> Any:
    x = three(T)
    return T.autograd.grad(x * 2, [x, three(T)], allow_unused=True)


@row
def unused_input_materialized(T: Any) -> Any:
    x = three(T)
    return T.autograd.grad(x * 2, [x, two(T)], materialize_grads=True)


@row
def grad_by_what_does_not_require_it(T: Any) -> Any:
    T.autograd.grad(three(T) * 2, T.tensor(1.0))


@row
def grad_by_nothing(T: Any) -> Any:
    T.autograd.grad(three(T) * 2, [])


@row
def backward_to_nothing(T: Any) -> Any:
    (three(T) * 2).backward(inputs=[])


@row
def backward_to_some_inputs(T: Any) -> Any:
    x, w = three(T), three(T)
    y = x * w
    (y * 2).backward(inputs=[x, y])
    return x.grad, w.grad, y.grad


@row
def no_grad(T: Any) -> Any:
    x = three(T)
    with T.no_grad():
        y = x * 2
        with T.enable_grad():
            z = x * 2
    return y, z, (x * 2).requires_grad


@row
def no_grad_as_a_decorator(T: Any) -> Any:
    @T.no_grad()
    def double(x: Any) -> Any:
        return x * 2

    return double(three(T)), T.is_grad_enabled()


@row
def set_grad_enabled(T: Any) -> Any:
    x = three(T)
    with T.set_grad_enabled(False):
        y = x * 2
    T.set_grad_enabled(False)
    z = x * 2
    T.set_grad_enabled(True)
    return y.requires_grad, z.requires_grad, (x * 2).requires_grad


@row
def detach(T: Any) -> Any:
    x = two(T)
    y = (x * x).detach()
    z = (y * x).sum()
    z.backward()
    return y, x.grad


@row
def detach_shares_memory(T: Any) -> Any:
    x = two(T)
    x.detach().add_(1)
    return x, x._version


@row
def accumulation_keeps_the_object(T: Any) -> Any:
    x = two(T)
    (x * 2).sum().backward()
    held = x.grad
    (x * 3).sum().backward()
    return held is x.grad, held


@row
def accumulation_keeps_the_object_of_numbers(T: Any) -> Any:
    x = three(T)
    (x * 2).backward()
    held = x.grad
    (x * 3).backward()
    return held is x.grad, held
