"""Ops that merge entries, from source text: names, defaults, precision, and errors with a place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.events import GraphEvent

X = [[1.0, 2.0, 4.0], [3.0, 4.0, 7.0]]


def value(statement: str, **leaves: Any) -> Any:
    lines = [f"{name} = {given}" for name, given in {"x": X, **leaves}.items()]
    return engine.prepare("\n".join([*lines, f"y = {statement}"])).evaluate().values["y"]


@pytest.mark.parametrize(
    ("statement", "same"),
    [
        ("torch.var(x, 1, False)", "np.var(x, axis=1, ddof=0)"),
        ("x.var(dim=1, unbiased=False)", "var(x, axis=1, correction=0)"),
        ("np.linalg.norm(x[0], ord=np.inf)", "torch.norm(x[0], p=float('inf'))"),
        ("np.std(x)", "x.std(ddof=0)"),
        ("np.var(x, ddof=1)", "torch.var(x)"),
        ("norm(x, 'fro')", "norm(x)"),
        ("x.sum(dim=0, keepdim=True)", "np.sum(x, axis=0, keepdims=True)"),
        ("F.softmax(x, dim=-1)", "softmax(x)"),
        ("np.average(x)", "x.mean()"),
        ("F.layer_norm(x, (3,))", "layer_norm(x, 3, weight=1, bias=0)"),
        ("F.layer_norm(x, [3], None, w)", "layer_norm(x, bias=w)"),
        ("F.rms_norm(x, (3,), w, 0.5)", "rms_norm(x, weight=w, eps=0.5)"),
        ("F.batch_norm(x, None, None, w, None, True)", "batch_norm(x, weight=w, training=True)"),
        ("F.group_norm(x, 3, w)", "group_norm(x, num_groups=3, weight=w)"),
        ("F.cross_entropy(x, [0, 2])", "cross_entropy(x, [[1, 0, 0], [0, 0, 1]])"),
        ("F.cross_entropy(x, [0, 2])", "F.nll_loss(log_softmax(x, dim=1), [0, 2])"),
    ],
)
def test_numpy_and_pytorch_names_mean_the_same(statement: str, same: str) -> None:
    leaves = {"w": [1.5, -0.5, 2.0]}
    np.testing.assert_allclose(value(statement, **leaves), value(same, **leaves), rtol=1e-15)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("logsumexp([1000 * x, 1000 * x])", None),
        ("norm(x * 1e200)", 1e200 * np.linalg.norm(X)),
        ("softmax(x * 1000)", [[0, 0, 1], [0, 0, 1]]),
        ("log_softmax(x * 1000)", [[-3000, -2000, 0], [-4000, -3000, 0]]),
        ("var(x + 1e9, axis=1, ddof=0)", np.var(X, axis=1)),
        ("binary_cross_entropy_with_logits(x * 1000, 0)", 3500),
        ("soft_margin_loss(x * 1000, -1)", 3500),
    ],
)
def test_large_entries_cost_no_digits(statement: str, expected: Any) -> None:
    if expected is None:
        statement, expected = "logsumexp(x * 1000)", 7000
    np.testing.assert_allclose(value(statement), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("cross_entropy(x, [0, 3])", "value.class"),
        ("nll_loss(x, [0, 0.5])", "value.class"),
        ("nll_loss(x, [-1, 0])", "value.class"),
        ("cross_entropy(x, [0, 1, 2])", "shape.target"),
        ("nll_loss(x, x)", "shape.target"),
        ("max([])", "shape.empty"),
        ("softmax(x, dim=2)", "shape.axis"),
        ("argmax(x, axis=(0, 1))", "op.attribute"),
        ("cumsum(x, axis=(0, 1))", "op.attribute"),
        ("norm(x, 0.5)", "op.attribute"),
        ("huber_loss(x, x, delta=0)", "op.attribute"),
        ("mse_loss(x, x, reduction='batchmean')", "op.attribute"),
        ("cross_entropy(x, [0, 1], label_smoothing=2)", "op.attribute"),
        ("layer_norm(x, 2)", "op.attribute"),
        ("layer_norm(x, 3, [1, 2])", "shape.parameter"),
        ("group_norm(x, 2)", "op.attribute"),
        ("group_norm(x)", "op.arguments"),
        ("rms_norm(x, 3, [1, 2, 3], 0.1, 5)", "op.arguments"),
        ("instance_norm(x)", "shape.axis"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(statement: str, code: str) -> None:
    with pytest.raises(engine.EngineError) as caught:
        value(statement)
    assert caught.value.code == code
    assert caught.value.span is not None


def test_a_graph_of_records_may_leave_out_weight_and_bias() -> None:
    records = [
        {"name": "x", "value": X},
        {"name": "y", "op": "layer_norm", "inputs": ["x"], "attrs": {"normalized_shape": [3]}},
    ]
    found = engine.prepare(graph=records).evaluate().values["y"]
    np.testing.assert_array_equal(found, value("layer_norm(x, 3)"))


def test_a_class_that_is_none_is_told_by_the_trace_too() -> None:
    program = engine.prepare("x = [[1, 2]]\nt = [2]\ny = cross_entropy(x, t)")
    with pytest.raises(engine.EngineError, match="not one of the classes 0 to 1"):
        list(program.events())


@pytest.mark.parametrize(
    "statement",
    [
        "mean(x, 1)",
        "std(x)",
        "norm(x, 3)",
        "logsumexp(x)",
        "prod(x, 0)",
        "normalize(x)",
        "layer_norm(x)",
        "batch_norm(x, training=True)",
        "cross_entropy(x, [0, 2], label_smoothing=0.1)",
        "huber_loss(x, 0.5, delta=0.3)",
    ],
)
def test_single_precision_stays_single(statement: str) -> None:
    found = engine.prepare(f"x = {X}\ny = {statement}\nz = sum(y)", dtype="float32").evaluate()
    assert found.gradients is not None
    assert {found.values["y"].dtype, found.gradients["x"].dtype} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("statement", "formula"),
    [
        ("half_squared_error(x, 2)", r"{\left(\node{x} - 2\right)}^T"),
        ("logsumexp(x)", r"{\operatorname{softmax}\left(\node{x}\right)}^T"),
        ("mean(x)", r"0.5 \cdot \mathbf{1}^T"),
        ("mse_loss(x, 0, 'none')", r"2 \cdot \operatorname{diag}\left(\node{x}\right)"),
        ("softmax(x)", r"\operatorname{diag}\left(\node{y}\right) - \node{y} \, {\node{y}}^T"),
    ],
)
def test_the_local_jacobian_in_symbols(statement: str, formula: str) -> None:
    event = next(iter(engine.prepare(f"x = [1, 2]\ny = {statement}").events()))
    assert isinstance(event, GraphEvent)
    assert event.edges[0].formula.startswith(formula)
