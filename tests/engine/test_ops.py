"""Every op of the registry, checked without ever using its own derivative formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import engine
from engine.backend import Backend, backend
from engine.infer import op_shape
from engine.jacobians.jacobian import Labelled
from engine.language.build import Builder
from engine.language.parse import Parsed, parse
from engine.ops import ALIASES, OPS, Op, define
from engine.sweeps.differentiate import derivative_name, differentiate
from engine.sweeps.evaluate import evaluate
from engine.sweeps.local import local_rule
from engine.sweeps.vjp import vjp_of
from tests.engine.cases import CASES, DOMAIN, INPUTS, Shapes
from tests.engine.cases.shapes import BINARY, UNARY, each


@dataclass(frozen=True)
class Case:
    """One op at one set of shapes and attributes."""

    op: Op
    shapes: Shapes
    attrs: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.op.name}-{self.shapes}-{self.attrs}"

    @property
    def slots(self) -> list[int]:
        """The arguments it is differentiated by."""
        inert = {self.op.args.index(name) for name in self.op.inert}
        return [slot for slot in range(len(self.shapes)) if slot not in inert]

    def inputs(self, rng: np.random.Generator) -> list[np.ndarray]:
        """Values where the op is smooth."""
        if self.op.name in INPUTS:
            return INPUTS[self.op.name](rng, self.shapes)
        low, high = DOMAIN.get(self.op.name, (0.5, 2.0))
        return [rng.uniform(low, high, shape) for shape in self.shapes]

    def forward(self, where: Backend, inputs: Sequence[Any]) -> Any:
        return where.xp.asarray(self.op.forward(where.xp, *inputs, **self.attrs))

    def jacobian(self, where: Backend, slot: int, inputs: Sequence[Any]) -> Labelled:
        out = self.forward(where, inputs)
        rule = local_rule(self.op, slot, self.shapes, out.shape, self.attrs)
        return rule.jacobian(where, np.dtype("float64"), inputs, out)


def _cases(op: Op) -> list[Case]:
    usual = each(UNARY if len(op.args) == 1 else BINARY)
    return [Case(op, shapes, attrs) for shapes, attrs in CASES.get(op.name, usual)]


EVERY = [case for op in OPS.values() for case in _cases(op)]
cases = pytest.mark.parametrize("case", EVERY, ids=str)


@pytest.fixture
def where(xp: Any) -> Backend:
    return backend("cpu" if xp is np else "cuda:0")


@cases
def test_the_inferred_shape_is_the_shape_of_the_value(case: Case, where: Backend, rng: Any) -> None:
    out = case.forward(where, [where.xp.asarray(x) for x in case.inputs(rng)])
    assert op_shape(case.op, case.shapes, case.attrs) == out.shape


@cases
def test_the_jacobian_agrees_with_central_differences(case: Case, where: Backend, rng: Any) -> None:
    inputs = case.inputs(rng)
    for slot in case.slots:
        x = inputs[slot]
        arrays = [where.xp.asarray(each) for each in inputs]
        dense = where.to_host(case.jacobian(where, slot, arrays).dense())
        for position in range(x.size):
            step = np.zeros(x.size)
            step[position] = 1e-6
            ends = []
            for sign in (1, -1):
                moved = list(arrays)
                moved[slot] = where.xp.asarray(x + sign * step.reshape(x.shape))
                ends.append(where.to_host(case.forward(where, moved)).ravel())
            measured = (ends[0] - ends[1]) / 2e-6
            np.testing.assert_allclose(dense[:, position], measured, rtol=1e-6, atol=1e-8)


@cases
def test_vjp_is_the_transpose_of_jvp(case: Case, where: Backend, rng: Any) -> None:
    inputs = [where.xp.asarray(x) for x in case.inputs(rng)]
    for slot in case.slots:
        x, jacobian = inputs[slot], case.jacobian(where, slot, inputs)
        cotangents = where.xp.asarray(rng.normal(size=(3, *jacobian.out_shape)))
        tangents = where.xp.asarray(rng.normal(size=(2, *x.shape)))
        pulled = jacobian.left(cotangents).reshape(3, x.size)
        pushed = jacobian.right(tangents).reshape(2, jacobian.shape[0])
        left = pulled @ tangents.reshape(2, x.size).T
        right = cotangents.reshape(3, jacobian.shape[0]) @ pushed.T
        np.testing.assert_allclose(
            where.to_host(left), where.to_host(right), rtol=1e-12, atol=1e-12
        )


@cases
def test_the_vjp_made_once_is_the_product_with_the_jacobian(
    case: Case, where: Backend, rng: Any
) -> None:
    inputs = [where.xp.asarray(x) for x in case.inputs(rng)]
    out = case.forward(where, inputs)
    for slot in case.slots:
        rule = local_rule(case.op, slot, case.shapes, out.shape, case.attrs)
        rows = where.xp.asarray(rng.normal(size=(3, *out.shape)))
        expected = rule.jacobian(where, np.dtype("float64"), inputs, out).left(rows)
        pulled = vjp_of(rule, where, np.dtype("float64"))(rows, inputs, out)
        assert pulled.shape == (3, *case.shapes[slot])
        np.testing.assert_allclose(where.to_host(pulled), where.to_host(expected), rtol=1e-12)


@cases
def test_columns_of_the_jacobian_are_jvps_and_rows_are_vjps(
    case: Case, where: Backend, rng: Any
) -> None:
    inputs = [where.xp.asarray(x) for x in case.inputs(rng)]
    for slot in case.slots:
        x, jacobian = inputs[slot], case.jacobian(where, slot, inputs)
        d_out, d_in = jacobian.shape
        dense = where.to_host(jacobian.dense())
        by_right = jacobian.right(where.xp.eye(d_in).reshape(d_in, *x.shape)).reshape(d_in, d_out)
        by_left = jacobian.left(where.xp.eye(d_out).reshape(d_out, *jacobian.out_shape))
        np.testing.assert_allclose(where.to_host(by_right).T, dense, rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(where.to_host(by_left).reshape(d_out, d_in), dense, rtol=1e-14)
        assert jacobian.nonzero >= np.count_nonzero(dense)
        if dense.size:
            last = where.to_host(jacobian.row(d_out - 1)), where.to_host(jacobian.column(d_in - 1))
            np.testing.assert_allclose(last[0], dense[-1], rtol=1e-14)
            np.testing.assert_allclose(last[1], dense[:, -1], rtol=1e-14)


def _program(case: Case, rng: np.random.Generator) -> tuple[Parsed, list[np.ndarray], np.ndarray]:
    """A graph that ends in `picked`, a weighted sum of the op's result."""
    builder, inputs = Builder(), case.inputs(rng)
    for slot, x in enumerate(inputs):
        builder.begin(f"x{slot}", None, "")
        builder.leaf(x)
    builder.begin("y", None, "")
    leaves = tuple(builder.names.values())
    y = builder.end(builder.op(case.op, leaves, case.attrs, None, ""))
    weights = rng.normal(size=np.shape(case.forward(backend("cpu"), inputs)))
    builder.begin("picked", None, "")
    product = builder.op(OPS["mul"], (y, builder.const(weights, None, "")), {}, None, "")
    builder.end(builder.op(OPS["sum"], (product,), {}, None, ""))
    return Parsed(*builder.finish()), inputs, weights


def _run(parsed: Parsed, moved: dict[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
    given = dict(parsed.literal_of)
    given.update((parsed.graph.id_of[name], value) for name, value in (moved or {}).items())
    found = evaluate(parsed.graph, given, backend("cpu"))
    return {node.name: found[node.id] for node in parsed.graph}


@cases
def test_the_recorded_vjp_is_the_vjp(case: Case, rng: Any) -> None:
    parsed, inputs, weights = _program(case, rng)
    found = _run(differentiate(parsed, "picked", [f"x{slot}" for slot in case.slots]))
    for slot in case.slots:
        pulled = case.jacobian(backend("cpu"), slot, inputs).left(weights[None])[0]
        recorded = found[derivative_name("picked", f"x{slot}")]
        assert recorded.shape == inputs[slot].shape
        np.testing.assert_allclose(recorded, pulled, rtol=1e-11, atol=1e-12)


@cases
def test_the_second_derivative_agrees_with_differences_of_the_first(case: Case, rng: Any) -> None:
    parsed, inputs, _ = _program(case, rng)
    for slot in case.slots:
        once = differentiate(parsed, "picked", [f"x{slot}"])
        first = derivative_name("picked", f"x{slot}")
        builder = Builder.resume(once.graph, dict(once.literal_of))
        direction = rng.normal(size=inputs[slot].shape)
        builder.begin("along", None, "")
        product = (builder.names[first], builder.const(direction, None, ""))
        builder.end(
            builder.op(OPS["sum"], (builder.op(OPS["mul"], product, {}, None, ""),), {}, None, "")
        )
        twice = differentiate(Parsed(*builder.finish()), "along", [f"x{s}" for s in case.slots])
        exact = _run(twice)
        for other in case.slots:
            toward = rng.normal(size=inputs[other].shape)
            ends = [
                _run(once, {f"x{other}": inputs[other] + step * toward})[first]
                for step in (1e-5, -1e-5)
            ]
            measured = np.sum(direction * (ends[0] - ends[1]) / 2e-5)
            pushed = np.sum(exact[derivative_name("along", f"x{other}")] * toward)
            np.testing.assert_allclose(pushed, measured, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("op", OPS.values(), ids=list(OPS))
def test_the_usage_of_every_op_parses_to_that_op(op: Op) -> None:
    names = set(op.args) if not op.example else set(re.findall(r"\b[a-z]\b", op.usage))
    leaves = "".join(f"{name} = [[1, 2], [3, 4]]\n" for name in sorted(names))
    graph = parse(f"{leaves}result = {op.usage}").graph
    assert graph[graph.id_of["result"]].op == op.name
    engine.prepare(f"{leaves}result = {op.usage}").evaluate()


@pytest.mark.parametrize("op", OPS.values(), ids=list(OPS))
def test_every_op_has_a_sentence(op: Op) -> None:
    assert op.doc.endswith(".")


def test_aliases_mean_ops_that_exist() -> None:
    assert set(ALIASES.values()) <= set(OPS)
    assert not set(ALIASES) & set(OPS)


def test_sigmoid_is_right_at_both_ends() -> None:
    with backend("cpu").quiet():
        values = OPS["sigmoid"].forward(np, np.array([-800.0, -40.0, 0.0, 800.0]))
    np.testing.assert_allclose(values, [0.0, np.exp(-40.0), 0.5, 1.0], rtol=1e-15)


@pytest.mark.parametrize(
    ("rest", "complaint"),
    [
        ({"name": "add", "args": "a b", "partials": ("1", "1")}, "defined twice"),
        ({"name": "subtract", "args": "a b", "partials": ("1", "1")}, "defined twice"),
        ({"name": "half_rule", "args": "a b", "partials": ("1",)}, "1 partials"),
        ({"name": "no_rule", "args": "a"}, "its partials, its subscripts or its jacobian"),
    ],
)
def test_a_faulty_entry_fails_when_it_is_defined(rest: dict[str, Any], complaint: str) -> None:
    known = dict(OPS)
    with pytest.raises(ValueError, match=complaint):
        define(**rest, forward=lambda xp, a: a, tex="{a}", doc="A faulty one.")
    assert known == OPS
