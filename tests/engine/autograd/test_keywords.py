"""An argument by name is used, has no effect in PyTorch either, or is told as an error."""

from __future__ import annotations

import pytest

from engine.autograd import Stopped, run

X = "x = torch.tensor([[2.0, 1.0], [3.0, 5.0]])\n"


def stopped(source: str) -> Stopped | None:
    return next((event for event in run(X + source) if isinstance(event, Stopped)), None)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("torch.ones(2, foo=1)", "ones"),
        ("torch.zeros_like(x, foo=1)", "zeros_like"),
        ("x.sum(dim=0, foo=1)", "sum"),
        ("torch.tensor([1.0], foo=1)", "tensor"),
    ],
)
def test_an_argument_that_a_function_does_not_have_is_a_type_error(call: str, name: str) -> None:
    error = stopped(call)
    assert error is not None and error.type == "TypeError"
    assert error.message == f"{name}() got an unexpected keyword argument 'foo'"


def test_a_snippet_can_catch_it() -> None:
    caught = "try:\n    torch.ones(2, foo=1)\nexcept TypeError as error:\n    print(error)"
    assert stopped(caught) is None


@pytest.mark.parametrize(
    "call",
    [
        "torch.zeros(2, pin_memory=False)",
        "x.sort(dim=1, descending=True, stable=True)",
        "x.sum(dim=0, keepdim=True)",
        "torch.full(size=(2,), fill_value=3.0)",
        "F.softmax(x, dim=1, dtype=torch.float64)",
        "torch.optim.SGD([x.clone().requires_grad_()], lr=0.1, momentum=0.9, foreach=None)",
    ],
)
def test_what_pytorch_takes_is_taken(call: str) -> None:
    assert stopped(f"import torch.nn.functional as F\n{call}") is None


def test_a_place_to_write_results_into_is_refused_with_what_to_write() -> None:
    error = stopped("torch.add(x, x, out=x)")
    assert error is not None and error.type == "SourceError"
    assert "`out=`" in error.message and error.hint is not None and "y = " in error.hint


@pytest.mark.parametrize(
    ("call", "construct"),
    [
        ("F.max_pool2d(torch.ones(1, 1, 4, 4), 2, ceil_mode=True)", "ceil_mode=True"),
        ("F.elu(x, inplace=True)", "inplace=True"),
        ("nn.Conv2d(1, 1, 2, padding_mode='circular')", "padding_mode='circular'"),
    ],
)
def test_a_value_that_is_not_there_is_refused_with_what_to_write(call: str, construct: str) -> None:
    error = stopped(call)
    assert error is not None and error.type == "SourceError" and error.hint
    assert f"`{construct}`" in error.message


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("torch.ones_like()", 'ones_like() missing 1 required positional arguments: "input"'),
        ("torch.full((2,))", 'full() missing 1 required positional arguments: "fill_value"'),
        ("x.split()", 'split() missing 1 required positional arguments: "split_size_or_sections"'),
        ("x.gather(0)", "gather() missing 1 required positional argument: 'index'"),
        ("nn.ReLU()()", "ReLU.forward() missing 1 required positional argument: 'input'"),
        ("nn.Linear(2, 2)(y=x)", "Linear.forward() got an unexpected keyword argument 'y'"),
    ],
)
def test_too_few_arguments_are_told_in_the_words_of_the_function(call: str, message: str) -> None:
    error = stopped(call)
    assert error is not None and (error.type, error.message) == ("TypeError", message)
