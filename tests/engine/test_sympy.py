"""Derivatives of random scalar graphs against exact ones, taken by sympy and read to 30 digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import pytest
import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import engine
from engine.backend import backend
from engine.events import JacobianEvent
from engine.language.parse import parse
from engine.sweeps.differentiate import derivative_name, differentiate
from engine.sweeps.evaluate import evaluate

X, Y = sp.symbols("x y", real=True)


def _pieces(above: Any, below: Any, x: Any, at: Any = 0) -> Any:
    return sp.Piecewise((above, x > at), (below, True))


def _clip(x: Any, low: Any, high: Any) -> Any:
    return sp.Piecewise((low, x < low), (high, x > high), (x, True))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + sp.exp(-x))


def _softplus(x: Any) -> Any:
    return sp.log(1 + sp.exp(x))


_SCALE, _ALPHA = sp.Float("1.0507009873554804934", 20), sp.Float("1.6732632423543772848", 20)

UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": lambda x: -x,
    "exp": sp.exp,
    "exp2": lambda x: 2**x,
    "expm1": lambda x: sp.exp(x) - 1,
    "log": sp.log,
    "log2": lambda x: sp.log(x) / sp.log(2),
    "log10": lambda x: sp.log(x) / sp.log(10),
    "log1p": lambda x: sp.log(1 + x),
    "sqrt": sp.sqrt,
    "rsqrt": lambda x: 1 / sp.sqrt(x),
    "cbrt": lambda x: sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3),
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "abs": sp.Abs,
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "asin": sp.asin,
    "acos": sp.acos,
    "atan": sp.atan,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "asinh": sp.asinh,
    "acosh": sp.acosh,
    "atanh": sp.atanh,
    "erf": sp.erf,
    "erfc": sp.erfc,
    "sigmoid": _sigmoid,
    "logsigmoid": lambda x: -_softplus(-x),
    "logit": lambda x: sp.log(x / (1 - x)),
    "softplus": _softplus,
    "silu": lambda x: x * _sigmoid(x),
    "mish": lambda x: x * sp.tanh(_softplus(x)),
    "gelu": lambda x: x * (1 + sp.erf(x / sp.sqrt(2))) / 2,
    "softsign": lambda x: x / (1 + sp.Abs(x)),
    "tanhshrink": lambda x: x - sp.tanh(x),
    "relu": lambda x: _pieces(x, 0, x),
    "leaky_relu": lambda x: _pieces(x, sp.Float("0.01", 30) * x, x),
    "elu": lambda x: _pieces(x, sp.exp(x) - 1, x),
    "celu": lambda x: _pieces(x, sp.exp(x) - 1, x),
    "selu": lambda x: _SCALE * _pieces(x, _ALPHA * (sp.exp(x) - 1), x),
    "hardtanh": lambda x: _clip(x, -1, 1),
    "relu6": lambda x: _clip(x, 0, 6),
    "hardsigmoid": lambda x: _clip(x + 3, 0, 6) / 6,
    "hardswish": lambda x: x * _clip(x + 3, 0, 6) / 6,
    "hardshrink": lambda x: _pieces(x, 0, sp.Abs(x), sp.Rational(1, 2)),
    "softshrink": lambda x: x - _clip(x, -sp.Rational(1, 2), sp.Rational(1, 2)),
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "maximum": lambda a, b: sp.Piecewise((a, a > b), (b, True)),
    "minimum": lambda a, b: sp.Piecewise((a, a < b), (b, True)),
    "atan2": sp.atan2,
    "hypot": lambda a, b: sp.sqrt(a**2 + b**2),
    "logaddexp": lambda a, b: sp.log(sp.exp(a) + sp.exp(b)),
    "xlogy": lambda a, b: a * sp.log(b),
}
GELU_TANH = "gelu(x, approximate='tanh')"
_POINT = {X: sp.Rational(11, 16), Y: sp.Rational(-13, 32)}
"""Binary fractions, so that both sides compute at the very same point."""

_ELSEWHERE = {"acosh": {X: sp.Rational(27, 16), Y: sp.Rational(-13, 32)}}
_POSITIVE = {X: sp.Rational(11, 16), Y: sp.Rational(29, 32)}


def _exact(expression: Any, point: dict[Any, Any]) -> float:
    """Return the value, NaN where it is not a real number: such sympy refuses to compare."""
    try:
        value = complex(expression.subs(point).evalf(30))
    except TypeError:
        return nan
    return value.real if value.imag == 0 else nan


def _derivatives(source: str, names: str) -> float:
    """Return the derivative of r by each of the names in turn, recorded sweep upon sweep."""
    parsed, target = parse(source), "r"
    for name in names:
        parsed, target = differentiate(parsed, target, [name]), derivative_name(target, name)
    where = backend("cpu")
    return float(evaluate(parsed.graph, parsed.literal_of, where)[parsed.graph.id_of[target]])


def _source(point: dict[Any, Any], *statements: str) -> str:
    leaves = [f"{symbol} = {float(value)!r}" for symbol, value in point.items()]
    return "\n".join([*leaves, *statements])


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", [*UNARY, GELU_TANH])
def test_three_derivatives_of_each_function(name: str, order: int) -> None:
    point = _ELSEWHERE.get(name, _POINT)
    if name == GELU_TANH:
        inner = sp.sqrt(2 / sp.pi) * (X + sp.Rational(44715, 10**6) * X**3)
        expression, call = X * (1 + sp.tanh(inner)) / 2, name
    else:
        expression, call = UNARY[name](X), f"{name}(x)"
    found = _derivatives(_source(point, f"r = {call}"), "x" * order)
    expected = _exact(sp.diff(expression, X, order), point)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("names", ["x", "y", "xx", "xy", "yx", "yy", "xyx", "yxy"])
@pytest.mark.parametrize("name", BINARY)
def test_three_derivatives_of_each_function_of_two(name: str, names: str) -> None:
    point = _POSITIVE if name in ("pow", "xlogy") else _POINT
    found = _derivatives(_source(point, f"r = {name}(x, y)"), names)
    symbols = [{"x": X, "y": Y}[each] for each in names]
    expected = _exact(sp.diff(BINARY[name](X, Y), *symbols), point)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-13)


@dataclass(frozen=True)
class Dag:
    """A random graph: its source, and the exact expression of every node."""

    source: str
    point: dict[Any, Any]
    expressions: list[Any]


@st.composite
def dags(draw: st.DrawFn) -> Dag:
    """Two leaves and up to five ops over any nodes before, all in their domains."""
    grid = st.integers(-63, 63).filter(bool)
    point = {symbol: sp.Rational(draw(grid), 32) for symbol in (X, Y)}
    names, expressions, statements = ["x", "y"], [X, Y], []
    for i in range(draw(st.integers(1, 5))):
        op = draw(st.sampled_from([*UNARY, *BINARY]))
        rule: Callable[..., Any] = UNARY.get(op) or BINARY[op]
        chosen = [draw(st.sampled_from(range(len(names)))) for _ in range(1 + (op in BINARY))]
        expression = rule(*(expressions[j] for j in chosen))
        value = _exact(expression, point)
        assume(isfinite(value) and 1e-3 < abs(value) < 1e2)
        names.append(f"u{i}")
        expressions.append(expression)
        statements.append(f"u{i} = {op}({', '.join(names[j] for j in chosen)})")
    return Dag(_source(point, *statements), point, expressions)


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(dags())
def test_gradients_of_random_graphs_are_exact_unless_a_kink_is_marked(dag: Dag) -> None:
    program, last = engine.prepare(dag.source, granularity="op"), dag.expressions[-1]
    assume(not any(e.kink for e in program.events() if isinstance(e, JacobianEvent)))
    result = program.evaluate()
    assert result.gradients is not None
    assert float(result.values[result.output]) == pytest.approx(_exact(last, dag.point), rel=1e-10)
    for symbol in (X, Y):
        expected = _exact(sp.diff(last, symbol), dag.point)
        assume(abs(expected) < 1e4)
        found = result.gradients[str(symbol)]
        assert float(0 if found is None else found) == pytest.approx(expected, rel=1e-8, abs=1e-9)


def test_the_third_derivative_of_sin_times_exp_by_three_recorded_sweeps() -> None:
    expected = _exact(sp.diff(sp.sin(X) * sp.exp(X), X, 3), _POINT)
    found = _derivatives(_source(_POINT, "r = sin(x) * exp(x)"), "xxx")
    assert found == pytest.approx(expected, rel=1e-12)
