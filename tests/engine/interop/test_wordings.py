"""Calls of PyTorch in our words, without PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.interop.phrases import Call, Named, Untold, short
from engine.interop.trial import agrees, close
from engine.interop.wordings import is_known, statements

A, B = Named("a", (2, 3)), Named("b", (3,))


def said(name: str, *args: Any, shape: tuple[int, ...] = (2, 3), **kwargs: Any) -> str:
    """The statement of a call with one result."""
    (line,) = statements(Call(name, args, kwargs, ("y",), (shape,)))
    return line


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("y = a + b", ("torch.Tensor.add_", A, B)),
        ("y = a - 0.5 * b", ("torch.sub", A, B, {"alpha": 0.5})),
        ("y = 1 - a", ("torch.Tensor.__rsub__", A, 1)),
        ("y = a ** (-2)", ("torch.Tensor.__pow__", A, -2)),
        ("y = 2 / a", ("torch.Tensor.__rtruediv__", A, 2)),
        ("y = b + a @ a", ("torch.addmm", B, A, A)),
        ("y = torch.softmax(a, -1)", ("torch.softmax", A, -1, None)),
        ("y = F.leaky_relu(a, negative_slope=0.2)", ("torch.nn.functional.leaky_relu", A, 0.2)),
        ("y = torch.max_pool2d(a, kernel_size=2, stride=2)", ("torch.max_pool2d", A, 2, 2, 0, 1)),
        ("y = torch.reshape(a, (2, 3))", ("torch.Tensor.view", A, 6)),
        ("y = a[:, 1]", ("torch.select", A, 1, 1)),
        ("y = a[:, 1:3]", ("torch.narrow", A, -1, 1, 2)),
        (
            "y = a[..., None, ::2, 0:1]",
            ("torch.Tensor.__getitem__", A, (..., None, slice(None, None, 2), slice(0, 1))),
        ),
        ("y = a.T", ("torch.Tensor.T.__get__", A)),
        ("y = torch.cat([a, a], dim=0)", ("torch.cat", [A, A], {"dim": 0})),
        ("y = torch.clamp(a, min=0)", ("torch.clamp", A, {"min": 0, "max": None})),
        ("y = masked_attention(a, a, a, b)", ("torch.scaled_dot_product_attention", A, A, A, B)),
    ],
)
def test_a_call_is_a_statement(line: str, call: tuple[Any, ...]) -> None:
    kwargs = call[-1] if isinstance(call[-1], dict) else {}
    assert said(*call[: len(call) - bool(kwargs)], **kwargs) == line


def test_several_results_have_names_or_places() -> None:
    both = Call("torch.max", (A, 1), {}, ("y", None), ((2,), (2,)))
    assert statements(both) == ["y = torch.max(a, 1)[0]"]
    parts = Call("torch.chunk", (A, 2), {"dim": 0}, ("y", "z"), ((1, 3), (1, 3)))
    assert statements(parts) == ["y, z = torch.chunk(a, 2, dim=0)"]


@pytest.mark.parametrize(
    "call",
    [
        ("torch.special.zeta", A, B),
        ("torch.softmax", A, object()),
        ("torch.nn.functional.scaled_dot_product_attention", A, A, A, None, 0.5),
        ("torch.lstm", A, [A, A], [A, A], True, 2, 0.5, True, False, False),
    ],
)
def test_what_has_no_words_is_told(call: tuple[Any, ...]) -> None:
    with pytest.raises(Untold):
        said(*call)


def test_names_are_told_without_their_modules() -> None:
    assert short("torch.Tensor.__iadd__") == "add"
    assert short("torch.Tensor.mul_") == "mul"
    assert short("torch.Tensor.__getitem__") == "__getitem__"
    assert is_known("torch.nn.functional.layer_norm")
    assert not is_known("torch.nn.functional.multi_head_attention_forward")


def test_an_lstm_is_written_out_step_by_step() -> None:
    x, state = Named("x", (2, 1, 3)), Named("h", (1, 1, 4))
    weights = [Named(name, ()) for name in ("w", "u", "v", "c")]
    args = (x, (state, state), weights, True, 1, 0.0, True, False, False)
    lines = statements(Call("torch.lstm", args, {}, ("t1_", "t2_", "t3_"), ((), (), ())))
    assert lines[0] == "t1_0_0_gates = x[0] @ w.T + h[0] @ u.T + v + c"
    assert lines[-3:] == [
        "t1_ = torch.stack([t1_0_0_, t1_0_1_], dim=0)",
        "t2_ = torch.stack([t1_0_1_], dim=0)",
        "t3_ = torch.stack([t1_0_1_cell], dim=0)",
    ]


def test_a_trial_compares_values_and_gradients() -> None:
    x = {"x": np.array([1.0, 2.0])}
    value, weights = {"y": np.array([1.0, 4.0])}, np.array([1.0, 10.0])
    right = {"y": (weights, {"x": np.array([2.0, 40.0])})}
    wrong = {"y": (weights, {"x": np.array([2.0, 41.0])})}
    assert agrees(["y = x * x"], x, value, right, "float64")
    assert not agrees(["y = x * x"], x, value, wrong, "float64")
    assert not agrees(["y = x * 3"], x, value, {}, "float64")
    assert not agrees(["y = width(x)"], x, value, {}, "float64")


def test_closeness_is_beside_the_largest_entry() -> None:
    big = np.array([1e9, 1.0])
    assert close(big, big + 0.1)
    assert not close(big, big + 10)
    assert not close(np.array([np.nan]), np.array([0.0]))
    assert close(np.array([-np.inf, 1.0]), np.array([-np.inf, 1.0]))


def test_statements_are_read_by_the_language() -> None:
    assert engine.parse(f"a = [[1, 2, 3], [4, 5, 6]]\n{said('torch.softmax', A, -1)}").graph
