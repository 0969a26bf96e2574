"""More rows: shapes that do not fit, conversions, and what is left of a leaf."""

from __future__ import annotations

from typing import Any

from tests.engine.parity.attributes import ROWS
from tests.engine.parity.contract import row, three, two

__all__ = ["ROWS"]


PAIRS = {
    "add": [((2,), (3,)), ((2, 3, 4), (2, 5, 4)), ((4, 1), (3, 2, 2))],
    "matmul": [((2, 3), (2, 3)), ((2, 3), (2,)), ((2,), (3, 2)), ((2,), (3,)), ((), (3,))],
}


def _misfit(name: str, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    def run(T: Any) -> Any:
        getattr(T, name)(T.ones(left), T.ones(right))

    run.__name__ = f"{name}_of_{left}_and_{right}"
    row(run)


for _name, _pairs in PAIRS.items():
    for _left, _right in _pairs:
        _misfit(_name, _left, _right)


@row
def axis_that_is_not_there(T: Any) -> Any:
    T.ones(2, 3).sum(dim=5)


@row
def reshape_to_another_size(T: Any) -> Any:
    T.ones(2, 3).reshape(4, 2)


@row
def item_of_a_vector(T: Any) -> Any:
    two(T).item()


@row
def truth_of_a_vector(T: Any) -> Any:
    bool(two(T))


@row
def length_of_a_number(T: Any) -> Any:
    len(three(T))


@row
def iteration_over_a_number(T: Any) -> Any:
    list(three(T))


@row
def gradient_assigned_in_the_wrong_shape(T: Any) -> Any:
    two(T).grad = T.tensor([1.0])


@row
def gradient_assigned_as_a_number(T: Any) -> Any:
    two(T).grad = 3


@row
def into_python(T: Any) -> Any:
    x = two(T)
    return x.tolist(), three(T).item(), len(x), [each.item() for each in x], x.detach().sum() == 3


@row
def attributes_of_leaves(T: Any) -> Any:
    return T.tensor(1.0), two(T), three(T) * 2, T.zeros(2, 3), T.ones_like(two(T)), T.eye(2)


@row
def clone_stays_on_the_tape(T: Any) -> Any:
    x = two(T)
    y = x.clone()
    (y * 2).sum().backward()
    return y, x.grad


@row
def to_float32_and_back(T: Any) -> Any:
    x = two(T)
    y = x.float()
    (y * y).sum().backward()
    return y, x.grad


@row
def requires_grad_switched_on(T: Any) -> Any:
    x = T.tensor([1.0, 2.0])
    y = x * 2
    x.requires_grad_()
    (x * 3).sum().backward()
    return y.requires_grad, x.grad


@row
def gradient_set_to_none_starts_again(T: Any) -> Any:
    x = two(T)
    (x * 2).sum().backward()
    x.grad = None
    (x * 3).sum().backward()
    return x.grad


@row
def a_step_of_descent(T: Any) -> Any:
    w = two(T)
    for _ in range(3):
        loss = ((w - 5) ** 2).sum()
        loss.backward()
        with T.no_grad():
            w -= 0.1 * w.grad
            w.grad.zero_()
    return w, w.grad, w._version


@row
def several_outputs_with_weights(T: Any) -> Any:
    x = two(T)
    return T.autograd.grad([x * 2, (x * x).sum()], x, [T.tensor([1.0, 0.5]), T.tensor(3.0)])


@row
def second_element_without_grad(T: Any) -> Any:
    T.autograd.backward([three(T) * 2, T.tensor(1.0)])
