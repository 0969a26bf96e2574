r"""Names, formulas and local Jacobians in TeX."""

from __future__ import annotations

import pytest

import engine
from engine import tex as tex_module
from engine.tex import number, symbol


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("x", "x"),
        ("u1", "u_{1}"),
        ("W12", "W_{12}"),
        ("x_hat", r"x_{\mathrm{hat}}"),
        ("w_1_2", "w_{1,2}"),
        ("ỹ", r"\tilde{y}"),
        ("ŷ2", r"\hat{y}_{2}"),
        ("alpha", r"\alpha"),
        ("σ", "σ"),
        ("loss", r"\mathrm{loss}"),
        ("dW1", r"\mathrm{dW}_{1}"),
        ("h@2", "h^{(2)}"),
        ("h3@2", "h_{3}^{(2)}"),
        ("z1.2", r"z_{1}{\scriptstyle .2}"),
        ("损失", r"\text{损失}"),
    ],
)
def test_a_name_is_typeset_as_it_would_be_written(name: str, tex: str) -> None:
    assert symbol(name) == tex


@pytest.mark.parametrize(
    ("value", "tex"),
    [(2.0, "2"), (-0.5, "-0.5"), (1e-7, "10^{-7}"), (2.5e20, r"2.5 \cdot 10^{20}")],
)
def test_a_number_is_written_as_by_hand(value: float, tex: str) -> None:
    assert number(value) == tex


def formula(expression: str, scalar: bool = True) -> str:
    leaves = "a = 1\nb = 2\nc = 3\n" if scalar else "a = [1, 2]\nb = [3, 4]\nc = [5, 6]\n"
    nodes = engine.prepare(f"{leaves}r = {expression}").graph_event.nodes
    tex = nodes[-1].formula
    for name in "abc":
        tex = tex.replace(f"\\node{{{name}}}", name)
    return tex


@pytest.mark.parametrize(
    ("expression", "tex"),
    [
        ("a + b * c", r"a + b \cdot c"),
        ("(a + b) * c", r"\left(a + b\right) \cdot c"),
        ("a - (b - c)", r"a - \left(b - c\right)"),
        ("a - b - c", "a - b - c"),
        ("a * -b", r"a \cdot \left(-b\right)"),
        ("-(a + b)", r"-\left(a + b\right)"),
        ("-a ** 2", "-{a}^{2}"),
        ("(-a) ** 2", r"{\left(-a\right)}^{2}"),
        ("a ** b ** c", "{a}^{{b}^{c}}"),
        ("(a + 1) / (b * c)", r"\frac{a + 1}{b \cdot c}"),
        ("(a / b) ** 2", r"{\left(\frac{a}{b}\right)}^{2}"),
        ("exp(-a)", "e^{-a}"),
        ("sigmoid(a * b + c)", r"\sigma\left(a \cdot b + c\right)"),
        ("a + (-2)", r"a + \left(-2\right)"),
    ],
)
def test_parentheses_stand_where_they_are_needed_and_nowhere_else(
    expression: str, tex: str
) -> None:
    assert formula(expression) == tex


def test_products_of_tensors_entry_by_entry_have_their_own_sign() -> None:
    assert formula("a * b", scalar=False) == r"a \odot b"
    assert formula("a.T @ b", scalar=False) == r"{a}^T \, b"


def edges(source: str) -> dict[tuple[str, str], str]:
    return {(e.source, e.to): e.formula for e in engine.prepare(source).graph_event.edges}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("r = A @ x", {"A": r"I \otimes {x}^T", "x": "A"}),
        ("r = A @ B", {"A": r"I \otimes {B}^T", "B": r"A \otimes I"}),
        ("r = x @ A", {"x": "{A}^T", "A": r"{x}^T \otimes I"}),
        ("r = x @ y", {"x": "{y}^T", "y": "{x}^T"}),
        ("r = A @ x + y", {"A": r"I \otimes {x}^T", "x": "A", "y": "I"}),
        ("r = x * y", {"x": r"\operatorname{diag}\left(y\right)"}),
        ("r = s * x", {"s": "x", "x": r"s \cdot I"}),
        ("r = x - y", {"x": "I", "y": "-I"}),
        ("r = 3 * s", {"s": "3"}),
        ("r = s ** 2", {"s": r"2 \cdot s"}),
        ("r = tanh(s)", {"s": r"1 - {r}^{2}"}),
        ("r = A + x", {"A": "I", "x": r"\mathbf{1} \otimes I"}),
        ("r = sum(A)", {"A": r"\mathbf{1}^T"}),
        ("r = sum(A, axis=1)", {"A": r"I \otimes \mathbf{1}^T"}),
        ("r = sum(A, axis=0)", {"A": r"\mathbf{1}^T \otimes I"}),
        ("r = A.T", {"A": "K"}),
        (
            "r = 1/2 * (x - y).T @ (x - y)",
            {"x": r"2 \cdot \frac{1}{2} \cdot {\left(x - y\right)}^T"},
        ),
    ],
)
def test_the_local_jacobian_in_symbols(statement: str, expected: dict[str, str]) -> None:
    leaves = "A = [[1, 2], [3, 4]]\nB = [[5, 6], [7, 8]]\nx = [1, 2]\ny = [3, 4]\ns = 2\n"
    found = edges(leaves + statement)
    for name, tex in expected.items():
        shown = found[name, "r"]
        for each in "ABxysr":
            shown = shown.replace(f"\\node{{{each}}}", each)
        assert shown == tex


def test_a_formula_too_long_to_read_gives_way_to_a_name() -> None:
    nodes = engine.prepare("x = 1\ny = " + " + ".join(["exp(x)"] * 100)).graph_event.nodes
    assert nodes[-1].formula == r"f_{2}(\node{x})"


def test_what_is_kept_of_names_is_bounded() -> None:
    for i in range(6_000):
        assert symbol(f"bounded{i}") == f"\\mathrm{{bounded}}_{{{i}}}"
    kept = tex_module._remembered.cache_info()
    assert kept.currsize <= 4096
    assert symbol("a" * 200) == r"\mathrm{" + "a" * 200 + "}"
    assert tex_module._remembered.cache_info().misses == kept.misses
