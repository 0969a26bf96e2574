"""More rows: what modifying a tensor in place does to a graph that kept it."""

from __future__ import annotations

from typing import Any

from tests.engine.parity.contract import ROWS, row, three, two

__all__ = ["ROWS"]


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
