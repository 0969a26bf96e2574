"""Where an op has no derivative: PyTorch's convention, and a mark on the edge.

The expected numbers were read off PyTorch 2.13; none is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import engine
from engine import eager
from engine.backend import backend
from engine.events import JacobianEvent
from engine.language.parse import parse
from engine.sweeps.differentiate import derivative_name, differentiate
from engine.sweeps.evaluate import evaluate

INF, NAN = float("inf"), float("nan")


@dataclass(frozen=True)
class Row:
    """One line of the table. gradient: of the last statement's sum, by x. kink: whether an edge is
    marked."""

    name: str
    x: Any
    statement: str
    gradient: Any
    kink: bool = True

    @property
    def source(self) -> str:
        return f"x = {self.x}\ny = {self.statement}\nz = sum(y)"


TABLE = [
    Row("relu at 0", [-1, 0, 2], "relu(x)", [0, 0, 1]),
    Row("abs at 0", [-1, 0, 2], "abs(x)", [-1, 0, 1]),
    Row("sqrt at 0", [0, 4], "sqrt(x)", [INF, 0.25]),
    Row("x ** 0.5 at 0", [0, 4], "x ** 0.5", [INF, 0.25]),
    Row("sqrt of a sum of squares at 0", [0, 0], "sqrt(sum(x ** 2))", [NAN, NAN]),
    Row("maximum at a tie", [1, 2, 3], "maximum(x, 2)", [0, 0.5, 1]),
    Row("clip at the bounds", [-2, -1, 0, 1, 2], "clip(x, -1, 1)", [0, 1, 1, 1, 0]),
    Row("x ** 0 at 0", [0, 2], "x ** 0", [0, 0]),
    Row("x ** 2 at 0", [0, 2], "x ** 2", [0, 4], kink=False),
    Row("x ** x at 0", [0], "x ** x", [0]),
    Row("where next to log at 0", [0], "where(x > 0, log(x), 0)", [NAN]),
    Row("sigmoid far out", [-800], "sigmoid(x)", [0], kink=False),
    # Rows of the table about reductions, indexing and shapes: below.
]

GATES = [
    Row("relu before sqrt", [-1, 0, 4], "sqrt(relu(x))", [0, 0, 0.25]),
    Row("clip before sqrt", [-1, 1, 4], "sqrt(clip(x, 0, 3))", [0, 0.5, 0]),
    Row("maximum before sqrt", [-1, 1], "sqrt(maximum(x, 0))", [0, 0.5]),
    Row("minimum before sqrt", [1], "sqrt(minimum(x, 0))", [0]),
    Row("where before sqrt", [4, 9], "sqrt(where([1, 0], x, 0))", [0.25, 0]),
    Row("masked_fill before sqrt", [4, 9], "sqrt(masked_fill(x, [0, 1], 0))", [0.25, 0]),
    Row("relu6 before log", [-1, 2], "log(relu6(x))", [0, 0.5]),
    Row("hardtanh before log", [-1, 0.5], "log(hardtanh(x, 0, 1))", [0, 2]),
    Row("hardsigmoid before log", [-4, 0], "log(hardsigmoid(x))", [0, 1 / 3]),
    Row("hardswish before log", [-4, 4], "log(hardswish(x))", [0, 0.25]),
    Row("hardshrink before log", [0.2, 2], "log(hardshrink(x))", [0, 0.5]),
    Row("softshrink before log", [0.2, 2.5], "log(softshrink(x))", [0, 0.5]),
]
"""What was cut off stays cut off, however steep the next op is: 0 times infinity is 0 there."""

BEYOND = [
    Row("minimum at a tie", [1, 2, 3], "minimum(x, 2)", [1, 0.5, 0]),
    Row("clip below", [-1, 0, 1], "clip(x, min=0)", [0, 1, 1]),
    Row("clip with bounds crossed", [0, 1, 2, 3], "clip(x, 2, 1)", [0, 0, 0, 0]),
    Row("leaky_relu at 0", [0], "leaky_relu(x)", [0.01]),
    Row("elu at 0", [0], "elu(x, alpha=2)", [2]),
    Row("celu at 0", [0], "celu(x, alpha=2)", [1], kink=False),
    Row("selu at 0", [0], "selu(x)", [1.7580993408473766]),
    Row("hardtanh at the bounds", [-1, 1], "hardtanh(x)", [0, 0]),
    Row("relu6 at the bounds", [0, 6], "relu6(x)", [0, 0]),
    Row("hardsigmoid at the bounds", [-3, 3], "hardsigmoid(x)", [0, 0]),
    Row("hardswish at the bounds", [-3, 3], "hardswish(x)", [0, 1]),
    Row("hardshrink at the edge", [-0.5, 0.5], "hardshrink(x)", [0, 0]),
    Row("softshrink at the edge", [-0.5, 0.5], "softshrink(x)", [0, 0]),
    Row("softsign at 0", [0], "softsign(x)", [1], kink=False),
    Row("softplus at the threshold", [2], "softplus(x, 2, 4)", [0.9820137900379085], kink=False),
    Row("asin at 1", [1], "asin(x)", [INF]),
    Row("acos at 1", [1], "acos(x)", [-INF]),
    Row("acosh at 1", [1], "acosh(x)", [INF]),
    Row("rsqrt at 0", [0], "rsqrt(x)", [-INF], kink=False),
    Row("reciprocal at 0", [0], "reciprocal(x)", [-INF], kink=False),
    Row("sign at 0", [0], "sign(x)", [0]),
    Row("floor at 1", [1], "floor(x)", [0]),
    Row("round half way", [0.5], "round(x)", [0]),
    Row("round at 1", [1], "round(x)", [0], kink=False),
    Row("a comparison at a tie", [2], "x * (x > 2)", [0]),
    Row("0 ** x", [0, 1, -1], "0 ** x", [0, 0, -INF]),
    Row("2 ** x at 0", [0], "2 ** x", [0.6931471805599453], kink=False),
    Row("x ** -1 at 0", [0], "x ** -1", [-INF]),
    Row("x ** 1 at 0", [0], "x ** 1", [1], kink=False),
    Row("pow of a negative number", [-2], "x ** 3", [12], kink=False),
    Row("fmod at a multiple", [4, 5], "fmod(x, 2)", [1, 1]),
    Row("remainder by x", [2, -3], "remainder(-5, x)", [3, -1], kink=False),
    Row("fmod by x", [2, -3], "fmod(-5, x)", [2, -1], kink=False),
    Row("atan2 at the origin", [0], "atan2(x, 0)", [0]),
    Row("atan2 behind", [0], "atan2(x, -1)", [-1]),
    Row("hypot at the origin", [0], "hypot(x, 0)", [NAN]),
    Row("copysign at 0", [0], "copysign(x, -1)", [0]),
    Row("xlogy at 0", [0, 1], "xlogy(x, [0, 2])", [0, 0.6931471805599453]),
    Row("logaddexp far out", [1000], "logaddexp(x, 1000)", [0.5], kink=False),
    Row("logsigmoid far out", [-800, 800], "logsigmoid(x)", [1, 0], kink=False),
    Row("dropout of everything", [1, 2], "dropout(x, [1, 0], p=1)", [0, 0], kink=False),
]

MERGED = [
    Row("max over all, a tie", [2, 2, 1], "max(x)", [0.5, 0.5, 0]),
    Row("amax, a tie", [2, 2, 1], "amax(x, dim=0)", [0.5, 0.5, 0]),
    Row("max over an axis, a tie", [2, 2, 1], "max(x, dim=0)", [1, 0, 0]),
    Row("min over all, a tie", [2, 1, 1], "min(x)", [0, 0.5, 0.5]),
    Row("amin, a tie", [2, 1, 1], "amin(x, dim=0)", [0, 0.5, 0.5]),
    Row("min over an axis, a tie", [2, 1, 1], "min(x, dim=0)", [0, 1, 0]),
    Row("2-norm at 0", [0, 0], "norm(x)", [0, 0]),
    Row("1-norm at 0", [0, 3], "norm(x, p=1)", [0, 1]),
    Row("3-norm at 0", [0, 0], "norm(x, p=3)", [0, 0]),
    Row("largest size, a tie", [-3, 3, 1], "norm(x, p=inf)", [-0.5, 0.5, 0]),
    Row("largest size at 0", [0, 0], "norm(x, p=inf)", [0, 0]),
    Row("std of constants", [4, 4, 4], "std(x)", [0, 0, 0]),
    Row("var of constants", [4, 4, 4], "var(x)", [0, 0, 0], kink=False),
    Row("prod with a zero", [0, 2, 3], "prod(x)", [6, 0, 0], kink=False),
    Row("prod with two zeros", [0, 0, 3], "prod(x)", [0, 0, 0], kink=False),
    Row("logsumexp far out", [1000, 1000], "logsumexp(x, 0)", [0.5, 0.5], kink=False),
    Row("normalize at 0", [0, 0], "normalize(x)", [1e12, 1e12]),
    Row("l1_loss at equality", [1, 2], "l1_loss(x, [1, 5], reduction='sum')", [0, -1]),
    Row("smooth_l1_loss with no bend", [1], "smooth_l1_loss(x, [1], beta=0)", [0]),
    Row("hinge_loss at the corner", [1, 0.5], "hinge_loss(x, 1, reduction='sum')", [0, -1]),
    Row("hinge_embedding_loss", [0.5, 2], "hinge_embedding_loss(x, -1, 'sum', 0.5)", [-1, 0]),
    Row("huber_loss at the bend", [1, -1], "huber_loss(x, 0, 'sum')", [1, -1], kink=False),
    Row("cross_entropy far out", [1000, 0], "cross_entropy(x, 1)", [1, -1], kink=False),
    Row(
        "logits far out",
        [-800, 800],
        "binary_cross_entropy_with_logits(x, [1, 0], 'sum')",
        [-1, 1],
        kink=False,
    ),
    Row(
        "probabilities at the ends",
        [0, 1],
        "binary_cross_entropy(x, [1, 0], reduction='sum')",
        [-1e12, 1e12],
        kink=False,
    ),
]
"""Of ops that merge entries; hinge_loss, which PyTorch lacks, is as its relu."""


@pytest.mark.parametrize("row", [*TABLE, *BEYOND, *MERGED], ids=lambda row: row.name)
def test_the_derivative_at_a_kink_is_that_of_pytorch(row: Row) -> None:
    gradients = engine.prepare(row.source).evaluate().gradients
    assert gradients is not None
    np.testing.assert_allclose(gradients["x"], row.gradient, rtol=1e-14)


@pytest.mark.parametrize("row", [*TABLE, *BEYOND, *MERGED], ids=lambda row: row.name)
def test_an_edge_is_marked_where_a_convention_is_used(row: Row) -> None:
    events = engine.prepare(row.source, granularity="op").events()
    assert any(e.kink for e in events if isinstance(e, JacobianEvent)) == row.kink


@pytest.mark.parametrize("row", [*TABLE, *BEYOND], ids=lambda row: row.name)
def test_beside_the_kink_no_edge_is_marked(row: Row) -> None:
    moved = (np.asarray(row.x, dtype=float) + 0.0123).tolist()
    source = row.source.replace(f"x = {row.x}", f"x = {moved}")
    events = engine.prepare(source, granularity="op").events()
    if row.name not in ("x ** x at 0", "0 ** x"):
        assert not any(e.kink for e in events if isinstance(e, JacobianEvent))


@pytest.mark.parametrize("row", MERGED, ids=lambda row: row.name)
def test_away_from_a_tie_no_edge_is_marked(row: Row) -> None:
    moved = [value + 0.0123 * place for place, value in enumerate(row.x, start=1)]
    source = row.source.replace(f"x = {row.x}", f"x = {moved}")
    events = engine.prepare(source, granularity="op").events()
    assert not any(e.kink for e in events if isinstance(e, JacobianEvent))


@pytest.mark.parametrize(
    ("statement", "second"), [("x ** 0", 0), ("x ** 1", 0), ("x ** 2", 2), ("x ** 3", 0)]
)
def test_a_power_at_0_has_its_second_derivative_too(statement: str, second: float) -> None:
    from engine.language.parse import parse
    from engine.sweeps.differentiate import derivative_name, differentiate
    from engine.sweeps.evaluate import evaluate

    once = differentiate(parse(f"x = 0\ny = {statement}"), "y", ["x"])
    first = derivative_name("y", "x")
    twice = differentiate(once, first, ["x"])
    value_of = evaluate(twice.graph, twice.literal_of, engine.backend.backend("cpu"))
    assert float(value_of[twice.graph.id_of[derivative_name(first, "x")]]) == second


def test_a_detached_node_is_not_reached() -> None:
    gradients = engine.prepare("x = 2\ny = detach(x) * x").evaluate().gradients
    assert gradients == {"x": 2.0, "y": 1.0}
    assert engine.prepare("x = 2\ny = detach(x)\nz = 3 * y").evaluate().gradients["x"] is None


@pytest.mark.parametrize("granularity", ["op", "statement"])
@pytest.mark.parametrize(
    "source",
    [
        "x = [1, 2]\ny = x > 2\nz = sum(sqrt(y)) + sum(x)",
        "x = [1, 2]\nz = sum(sqrt(x > 2)) + sum(x)",
        "x = [1, 2]\nc = [0, 0]\nd = 2 * c\nz = sum(sqrt(d)) + sum(x)",
    ],
)
def test_what_does_not_move_brings_no_nan_into_forward_mode(source: str, granularity: str) -> None:
    program = engine.prepare(
        source, mode="forward", tangents={"x": [1, 1]}, granularity=granularity
    )
    tangents = {e.node: e.value for e in program.events() if e.kind == "tangent"}
    assert float(tangents["z"]) == 2
    gradients = engine.prepare(source, granularity=granularity).evaluate().gradients
    assert gradients is not None and gradients["x"].tolist() == [1, 1]


@pytest.mark.parametrize("granularity", ["op", "statement"])
@pytest.mark.parametrize("row", GATES, ids=lambda row: row.name)
def test_a_gate_stops_infinity(row: Row, granularity: str) -> None:
    program = engine.prepare(row.source, granularity=granularity)
    gradients = program.evaluate().gradients
    assert gradients is not None
    np.testing.assert_allclose(gradients["x"], row.gradient, rtol=1e-12)
    adjoints = {e.node: e.value for e in program.events() if e.kind == "adjoint"}
    np.testing.assert_allclose(adjoints["x"][0], row.gradient, rtol=1e-12)


@pytest.mark.parametrize("row", GATES, ids=lambda row: row.name)
def test_a_gate_stops_infinity_in_a_recorded_backward_pass(row: Row) -> None:
    recorded = differentiate(parse(row.source), "z", ["x"])
    given = dict(recorded.literal_of)
    with backend("cpu").quiet():
        found = evaluate(recorded.graph, given, backend("cpu"))
    by_name = {node.name: found[node.id] for node in recorded.graph}
    np.testing.assert_allclose(by_name[derivative_name("z", "x")], row.gradient, rtol=1e-12)


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_gate_stops_infinity_between_tensors(create_graph: bool) -> None:
    x = eager.tensor([-1.0, 0.0, 4.0], requires_grad=True)
    (found,) = eager.grad(x.relu().sqrt().sum(), x, create_graph=create_graph)
    np.testing.assert_array_equal(found.detach().numpy(), [0, 0, 0.25])


def test_a_gate_behind_an_infinite_entry_lets_nothing_through_in_forward_mode() -> None:
    source, options = "x = [0, 4]\ny = -sqrt(x)\nz = relu(y)", {"mode": "forward"}
    program = engine.prepare(source, tangents={"x": [1, 1]}, **options)
    tangents = {e.node: e.value for e in program.events() if e.kind == "tangent"}
    np.testing.assert_array_equal(tangents["z"], [0, 0])
