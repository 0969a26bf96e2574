"""More rows: precision, the names of steps, and hooks."""

from __future__ import annotations

from typing import Any

from tests.engine.parity.contract import row, three, two
from tests.engine.parity.in_place import ROWS

__all__ = ["ROWS"]


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
