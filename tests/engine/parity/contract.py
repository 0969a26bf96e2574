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
def no_grad_anywhere(T: Any) -> Any:
    T.tensor(1.0).backward()


@row
def integers_that_require_grad(T: Any) -> Any:
    T.tensor([1], requires_grad=True)


@row
def integers_made_to_require_grad(T: Any) -> Any:
    T.tensor([1]).requires_grad_()


@row
def in_place_on_a_leaf(T: Any) -> Any:
    two(T).add_(1)


@row
def in_place_on_a_leaf_in_no_grad(T: Any) -> Any:
    x = two(T)
    with T.no_grad():
        x.mul_(2).sub_(1)
    return x, x._version


@row
def in_place_on_a_kept_input(T: Any) -> Any:
    a = two(T) * 1
    y = a * a
    a.add_(1)
    y.sum().backward()


@row
def in_place_on_a_kept_number(T: Any) -> Any:
    a = three(T) * 1
    y = a * a
    a.add_(1)
    y.backward()


@row
def in_place_on_a_kept_output(T: Any) -> Any:
    y = two(T).exp()
    y.add_(1)
    y.sum().backward()


@row
def in_place_on_a_kept_leaf(T: Any) -> Any:
    x, w = two(T), two(T)
    y = x * w
    with T.no_grad():
        w.add_(1)
    y.sum().backward()


@row
def in_place_on_a_detached_view(T: Any) -> Any:
    x = two(T)
    y = x * x
    x.detach().add_(1)
    y.sum().backward()


@row
def in_place_where_nothing_was_kept(T: Any) -> Any:
    x = two(T)
    y = x * 3
    y.add_(1)
    y.mul_(2)
    y.sum().backward()
    return x.grad, y, y._version


@row
def in_place_on_a_quotient(T: Any) -> Any:
    a, b = two(T), two(T)
    y = a / b
    y.add_(1)
    y.sum().backward()
    return a.grad, b.grad


@row
def in_place_makes_a_leaf_computed(T: Any) -> Any:
    a = T.tensor([1.0, 2.0])
    w = two(T)
    a.mul_(w)
    a.sum().backward()
    return a, w.grad


@row
def in_place_product_keeps_what_was(T: Any) -> Any:
    x, w = two(T), two(T)
    a = x * 1
    a.mul_(w)
    a.sum().backward()
    return x.grad, w.grad


@row
def zero_in_place(T: Any) -> Any:
    x = two(T)
    a = x * 1
    a.zero_()
    b = a * 2
    b.sum().backward()
    return a, x.grad, a._version, [step for step, _ in a.grad_fn.next_functions]


@row
def copy_in_place(T: Any) -> Any:
    x, s = two(T), two(T)
    a = x * 1
    a.copy_(s * 3)
    a.sum().backward()
    return a, x.grad, s.grad


@row
def in_place_of_the_wrong_shape(T: Any) -> Any:
    T.tensor([1.0, 2.0]).add_(T.ones(3, 2))


@row
def in_place_of_the_wrong_kind(T: Any) -> Any:
    T.tensor([1, 2]).add_(1.5)


@row
def in_place_on_an_expanded_tensor(T: Any) -> Any:
    T.tensor([1.0]).expand(3).add_(1)


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


@row
def float32_with_float64(T: Any) -> Any:
    a = T.tensor([1.0, 2.0], dtype=T.float32, requires_grad=True)
    b = two(T)
    y = a * b
    y.sum().backward()
    return y, a.grad, b.grad


@row
def float32_with_numbers(T: Any) -> Any:
    a = T.tensor([1.0, 2.0], dtype=T.float32, requires_grad=True)
    y = a * T.tensor(2.0) + 1
    y.sum().backward()
    return y, a.grad


@row
def float32_number_with_float64_number(T: Any) -> Any:
    a = T.tensor(1.5, dtype=T.float32, requires_grad=True)
    y = a * T.tensor(2.0)
    y.backward()
    return y, a.grad


@row
def integers_with_floats(T: Any) -> Any:
    i = T.tensor([1, 2])
    return i * 2, i * 2.5, i + T.tensor([1.0, 2.0], dtype=T.float32), i / 2, i + T.tensor(1.5)


@row
def comparisons_leave_the_tape(T: Any) -> Any:
    x = two(T)
    return x > 1, x == 2, x <= T.tensor([0.0, 5.0])


@row
def steps_by_name(T: Any) -> Any:
    a, b = three(T), three(T)
    z = (a + b) * b
    return z.grad_fn, [step for step, _ in z.grad_fn.next_functions]


@row
def names_of_steps(T: Any) -> Any:
    x = two(T)
    m = T.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    made = [x + 1, x - 1, 1 - x, x * 2, x / 2, -x, x.sum(), x.sum(0), x.mean(), x.exp(), x.log()]
    made += [x.tanh(), x.sigmoid(), T.relu(x), m @ m, m @ x, x @ x, x.reshape(2, 1), m.T, x.clone()]
    made += [x[0], x[:1], x**x, x.sqrt(), T.softmax(x, dim=0), x.max(), x.abs(), T.maximum(x, x)]
    return [each.grad_fn for each in made]


@row
def hooks_see_and_replace(T: Any) -> Any:
    x, seen = three(T), []
    y = x * 2
    y.retain_grad()
    handle = y.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: seen.append(g.item()))
    z = y * 3
    z.backward(retain_graph=True)
    handle.remove()
    z.backward()
    return y.grad, x.grad, seen


@row
def hook_that_changes_the_shape(T: Any) -> Any:
    x = three(T)
    x.register_hook(lambda g: T.tensor([1.0, 2.0]))
    (x * 2).backward()


@row
def hook_that_returns_a_number(T: Any) -> Any:
    x = three(T)
    x.register_hook(lambda g: 3)
    (x * 2).backward()


@row
def hook_on_what_needs_no_grad(T: Any) -> Any:
    T.tensor(1.0).register_hook(lambda g: g)
